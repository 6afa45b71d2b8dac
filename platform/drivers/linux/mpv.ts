/** The mpv that plays: one that the box runs, or one of the driver's own that lives from the first play to the stop. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandOutcome, describeEnd, type RunningCommand, startCommand } from '../../command.ts';
import { PlatformError } from '../../contract.ts';
import { connectMpv, type MpvIpc } from './mpv-ipc.ts';

export type Mpv = {
  /** The connection, made or made anew where there is none. Rejects DEVICE_FAILED. */
  get(): Promise<MpvIpc>;
  /** The connection there is. */
  current(): MpvIpc | undefined;
  /** Nothing is to be on: an mpv of the driver's own ends, one that belongs to the box only stops. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

/**
 * No configuration and no scripts: what an operator sends is played and nothing else. mpv tells when a peer is silent, and looks at a live
 * stream for no longer than it takes to know it: by default it wants 5 MB, which is 18 s of a radio service.
 */
const options = [
  '--no-config',
  '--load-scripts=no',
  '--ytdl=no',
  '--osc=no',
  '--input-terminal=no',
  '--msg-level=all=error',
  '--no-input-default-bindings',
  '--idle=yes',
  '--fullscreen',
  '--network-timeout=15',
  '--demuxer-lavf-probesize=1000000',
  '--demuxer-lavf-analyzeduration=2',
];
const startMs = 15_000;
const lookMs = 25;

/** The mpv behind a socket that somebody else made. */
export function createForeignMpv(socket: string): Mpv {
  const kept = keepConnection(async () => {
    return connectMpv(socket).catch((cause: Error) => {
      throw new PlatformError('DEVICE_FAILED', `connecting to mpv at ${socket}: ${cause.message}; does it run?`, {
        cause,
      });
    });
  });
  return {
    get: kept.get,
    current: kept.current,
    stop: async () => void (await kept.current()?.command('stop')),
    close: async () => kept.current()?.close(),
  };
}

/** An mpv that is started when it is first needed, with `extra` options after the usual ones. */
export function createOwnMpv(program: string, extra: readonly string[]): Mpv {
  let starting: Promise<RunningCommand> | undefined;
  const kept = keepConnection(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stb-mpv-'));
    const socket = join(folder, 'socket');
    const args = [...options, `--input-ipc-server=${socket}`, ...extra];
    starting = startCommand(program, args, { env: environment() });
    const running = await starting;
    let ended: CommandOutcome | undefined;
    void running.ended.then((outcome) => {
      ended = outcome;
      rmSync(folder, { recursive: true, force: true });
    });
    const giveUp = performance.now() + startMs;
    while (ended === undefined && performance.now() < giveUp) {
      const connected = await connectMpv(socket).catch(() => undefined);
      if (connected) return connected;
      await wait(lookMs);
    }
    await running.stop();
    const how = ended === undefined ? `no socket within ${startMs / 1000} s` : describeEnd(ended);
    const said = (ended?.stderr || ended?.stdout || 'it said nothing').trim().split('\n').at(-1);
    throw new PlatformError(
      'DEVICE_FAILED',
      `starting ${program}: ${how}: ${said}; look at platform.linux.mpv_options`,
    );
  });
  const stop = async () => {
    const ending = starting;
    starting = undefined;
    await ending?.then(
      (running) => running.stop(),
      () => {},
    );
    await kept.forget();
  };
  return { get: kept.get, current: kept.current, stop, close: stop };
}

/** mpv finds its display server and sound by these; nothing else of the agent's environment is its business. */
function environment(): Record<string, string> {
  const names = [
    'XDG_RUNTIME_DIR',
    'WAYLAND_DISPLAY',
    'DISPLAY',
    'PULSE_SERVER',
    'ALSA_CONFIG_PATH',
    'LD_LIBRARY_PATH',
  ];
  const given = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/', LANG: 'C.UTF-8', ...Object.fromEntries(given) };
}

/** One connection at a time, forgotten when it has closed. */
function keepConnection(connect: () => Promise<MpvIpc>): Pick<Mpv, 'get' | 'current'> & { forget(): Promise<void> } {
  let connection: MpvIpc | undefined;
  let connecting: Promise<MpvIpc> | undefined;
  return {
    current: () => connection,
    /** Lets go of the connection, and of one that is being made. */
    async forget() {
      await connecting?.catch(() => {});
      connection?.close();
      connection = undefined;
    },
    async get() {
      if (connection) return connection;
      connecting ??= connect().finally(() => {
        connecting = undefined;
      });
      const made = await connecting;
      if (connection === made) return made;
      connection = made;
      made.on(({ event }) => {
        if (event === 'closed' && connection === made) connection = undefined;
      });
      return made;
    },
  };
}
