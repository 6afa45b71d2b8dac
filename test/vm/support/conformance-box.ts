/** The box as the conformance suite sees it from this machine: its driver runs in the virtual box, in the sandbox of the agent's unit. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Platform, PlatformError, type PlatformErrorCode } from '../../../platform/contract.ts';
import type { After } from '../../support/undo.ts';
import { until } from '../../support/until.ts';
import { hostFromBox } from './bench.ts';
import { bundleConformance } from './conformance-program.ts';
import type { Answer, Opening, Request } from './conformance-wire.ts';
import type { Guest } from './guest-agent.ts';

export type ConformanceBox = {
  /** Starts the program, after each start of the box; resolves when it has called. */
  start(): Promise<void>;
  /** Opens the driver, or closes it and opens it again. Resolves with what provides each capability. */
  open(opening: Opening): Promise<Record<string, string>>;
  /** Runs a case in the box; resolves with why it was skipped, or null. */
  run(title: string): Promise<string | null>;
  /** Identity, telemetry, power and firmware of the box, called over the wire. */
  platform: Platform;
};

/** Where the program is: on the data partition, as its firmware changes in the middle of some cases. */
export const programFolder = '/var/lib/stb-agent/conformance';
const patienceMs = 300_000;
/** What becomes of a call that is not answered any more. */
const gone = new Error('the program in the box has ended');
const unitFile = fileURLToPath(new URL('../../../packaging/systemd/stb-agent.service', import.meta.url));

/** Puts the program into the running box, where the agent is installed and does not run. */
export async function installConformance(guest: Guest, after: After): Promise<ConformanceBox> {
  await guest.writeFile(`${programFolder}/conformance.mjs`, await bundleConformance());
  // Only one program may have the driver, also after a restart.
  await guest.read(
    `cp -r /usr/lib/stb-agent/node_modules ${programFolder}/ && systemctl disable --quiet stb-agent && sync`,
  );

  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const functions = new Map<number, (...args: unknown[]) => void>();
  let lastId = 0;
  let socket: Socket | undefined;

  const server = createServer((connection) => {
    socket = connection;
    connection.on('error', () => {});
    createInterface({ input: connection }).on('line', (line) => hear(JSON.parse(line) as Answer));
    connection.on('close', () => {
      if (socket !== connection) return;
      socket = undefined;
      for (const { reject } of calls.values()) reject(gone);
      calls.clear();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  after(() => {
    socket?.destroy();
    server.close();
  });

  function hear(answer: Answer): void {
    if ('function' in answer) {
      functions.get(answer.function)?.(...answer.args);
      return;
    }
    const asked = calls.get(answer.id);
    calls.delete(answer.id);
    if ('error' in answer) asked?.reject(errorOf(answer.error));
    else asked?.resolve(answer.result);
  }

  const send = (request: Request) => void socket?.write(`${JSON.stringify(request)}\n`);
  function ask(request: { open: Opening } | { run: string } | { call: string; args: unknown[] }): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      calls.set(id, { resolve, reject });
      send({ id, ...request });
    });
  }

  /** Arguments as they go over the wire; what becomes of a signal follows. */
  function flatten(argument: unknown): unknown {
    const id = ++lastId;
    if (typeof argument === 'function') {
      functions.set(id, argument as (...args: unknown[]) => void);
      return { $function: id };
    }
    if (!(argument instanceof AbortSignal)) return argument;
    argument.addEventListener('abort', () => send({ abort: id }));
    return { $signal: id };
  }

  /** A part of the platform whose every method is called in the box. */
  function remote<T extends object>(name: string): T {
    const method =
      (_: T, key: string | symbol) =>
      (...args: unknown[]) =>
        ask({ call: `${name}.${String(key)}`, args: args.map(flatten) });
    return new Proxy({} as T, { get: method });
  }

  const power = remote<NonNullable<Platform['power']>>('power');

  return {
    async start() {
      const before = socket;
      await guest.writeFile('/run/systemd/system/conformance.service', unitFor(port));
      await guest.read('systemctl daemon-reload && systemctl restart conformance');
      await until(() => socket !== undefined && socket !== before, 'the program in the box', patienceMs, 50);
    },
    open: async (opening) => (await ask({ open: opening })) as Record<string, string>,
    run: async (title) => (await ask({ run: title })) as string | null,
    platform: {
      driver: 'linux',
      identity: remote<Platform['identity']>('identity'),
      telemetry: remote<Platform['telemetry']>('telemetry'),
      power: {
        reboot: () => taken(power.reboot()),
        powerOff: () => taken(power.powerOff()),
        standby: () => power.standby(),
        wake: () => power.wake(),
        state: () => power.state(),
      },
      firmware: remote<NonNullable<Platform['firmware']>>('firmware'),
      missing: {},
      close: async () => {},
    },
  };
}

/** A box that goes down may end the program before that has answered. */
function taken(call: Promise<void>): Promise<void> {
  return call.catch((error) => {
    if (error !== gone) throw error;
  });
}

/** The agent's unit with another program: the same sandbox. Patience is for a machine that emulates every instruction. */
function unitFor(port: number): string {
  const unit = readFileSync(unitFile, 'utf8').replace(/^(Type|NotifyAccess|WatchdogSec|Exec\w+|Restart\w*)=.*\n/gm, '');
  const command = `/usr/lib/stb-agent/bin/node ${programFolder}/conformance.mjs ${hostFromBox} ${port}`;
  const service = ['[Service]', 'Type=exec', 'Environment=STB_CONFORMANCE_SOON_MS=30000', `ExecStart=${command}`];
  return unit.replace('[Service]', service.join('\n'));
}

function errorOf({ name, message, code }: { name: string; message: string; code?: string }): Error {
  if (code !== undefined) return new PlatformError(code as PlatformErrorCode, message);
  return Object.assign(new Error(message), { name });
}
