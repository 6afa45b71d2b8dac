/**
 * What systemd is told: READY once the agent serves, STATUS in words, WATCHDOG while it is proven alive.
 *
 * Node has no Unix datagram sockets, so `systemd-notify` sends the words; it is there wherever systemd is.
 *
 * INVARIANTS
 * - One process at a time sends, so that systemd hears the words in the order of their meaning: an old STATUS never replaces a
 *   newer one.
 */
import type { Logger } from 'pino';
import { readCommand } from '../platform/command.ts';

export interface Supervisor {
  ready(): void;
  /** What `summary` says may have changed. */
  changed(): void;
  stopping(): void;
  close(): void;
}

/** What is asked of the agent: the state in a line, and whether it is alive. */
export type Supervised = { summary(): string; isAlive(): boolean };

/** The longest a word to systemd may take. */
const notifyTimeoutMs = 5_000;

/**
 * `isAlive` is asked before each watchdog sign; without a yes systemd restarts the agent. The sign carries the summary as it is
 * then. Outside systemd this does nothing.
 */
export function createSupervisor(log: Logger, agent: Supervised, environment = process.env): Supervisor {
  const socket = environment.NOTIFY_SOCKET;
  if (!socket) return { ready() {}, changed() {}, stopping() {}, close() {} };
  /** By variable, the newest value that systemd has not been told. */
  const untold = new Map<string, string>();
  let sending = false;

  function tell(words: Record<string, string>): void {
    for (const [variable, value] of Object.entries(words)) untold.set(variable, value);
    if (!sending) void send();
  }

  async function send(): Promise<void> {
    sending = true;
    while (untold.size > 0) {
      const words = [...untold].map(([variable, value]) => `${variable}=${value}`);
      untold.clear();
      const options = { timeoutMs: notifyTimeoutMs, env: { PATH: '/usr/bin:/bin', NOTIFY_SOCKET: socket ?? '' } };
      await readCommand('systemd-notify', [`--pid=${process.pid}`, ...words], options).catch((error) =>
        log.warn({ words, error: String(error) }, 'systemd was not told'),
      );
    }
    sending = false;
  }

  const periodMs = Number(environment.WATCHDOG_USEC ?? 0) / 2_000;
  const watchdog =
    periodMs > 0
      ? setInterval(() => {
          if (!agent.isAlive()) return log.error('the pipeline stands still, the watchdog is not fed');
          tell({ WATCHDOG: '1', STATUS: agent.summary() });
        }, periodMs)
      : undefined;

  return {
    ready: () => tell({ READY: '1', STATUS: agent.summary() }),
    changed: () => tell({ STATUS: agent.summary() }),
    stopping: () => tell({ STOPPING: '1' }),
    close: () => clearInterval(watchdog),
  };
}
