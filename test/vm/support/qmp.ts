/** QEMU's own control channel: the witness of resets, and the hand on the power, the keys and the screen. */
import { until } from '../../support/until.ts';
import { openJsonSocket } from './json-socket.ts';

export type QmpEvent = { event: string; data: Record<string, unknown> };

export type Qmp = {
  execute(command: string, args?: object): Promise<unknown>;
  /** A line for the human monitor, `savevm ready`; rejects with what it answers, as these commands answer only to complain. */
  monitor(line: string): Promise<void>;
  /** Everything that happened, the oldest first. */
  readonly events: readonly QmpEvent[];
  /** Resolves with the first event of this name after the first `since` events. */
  event(name: string, since?: number): Promise<QmpEvent>;
  close(): void;
};

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };
type Line = {
  id?: number;
  event?: string;
  data?: Record<string, unknown>;
  return?: unknown;
  error?: { class: string; desc: string };
};

/** What a test waits for an event of the machine. */
const eventTimeoutMs = 240_000;

export async function openQmp(path: string): Promise<Qmp> {
  const events: QmpEvent[] = [];
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  const socket = await openJsonSocket(
    path,
    (bytes) => {
      const line = JSON.parse(bytes.toString()) as Line;
      if (line.event !== undefined) events.push({ event: line.event, data: line.data ?? {} });
      if (line.id === undefined) return;
      const asked = waiting.get(line.id);
      waiting.delete(line.id);
      if (line.error) asked?.reject(new Error(`QEMU refused: ${line.error.desc}`));
      else asked?.resolve(line.return);
    },
    () => {
      for (const { reject } of waiting.values()) reject(new Error('QEMU ended'));
      waiting.clear();
    },
  );

  function execute(command: string, args: object = {}): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket.send({ execute: command, arguments: args, id });
    });
  }

  await execute('qmp_capabilities');
  return {
    execute,
    async monitor(line) {
      const answer = String(await execute('human-monitor-command', { 'command-line': line })).trim();
      if (answer !== '') throw new Error(`${line}: ${answer}`);
    },
    events,
    event: (name, since = 0) =>
      until(() => events.slice(since).find(({ event }) => event === name), `the machine's ${name}`, eventTimeoutMs, 50),
    close: () => socket.close(),
  };
}
