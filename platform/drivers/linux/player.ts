import { type NowPlaying, PlatformError, type Player, type Source } from '../../contract.ts';
import type { Mpv } from './mpv.ts';
import type { MpvEvent, MpvIpc } from './mpv-ipc.ts';

export type LinuxPlayer = Player & {
  /** Plays like `play`, and calls `over` once when something else is on or nothing. */
  playUntil(source: Source, signal: AbortSignal, over: () => void): Promise<void>;
  /** Connects to an mpv that runs already, to know what it plays; rejects where there is none. */
  attach(): Promise<void>;
  close(): Promise<void>;
};

/** How long a first picture may take. Less than what PLAYCHANNEL gives each way, so that mpv's own reason is told. */
const startMs = 18_000;
/** mpv tells why a file has ended a moment after that it has. */
const reasonMs = 50;

/**
 * Plays what it is given; that wakes the box first.
 *
 * INVARIANT: what was asked for last is on or has failed by itself; what was still starting before gives way to it.
 */
export function createPlayer(mpv: Mpv, wake: () => Promise<void>): LinuxPlayer {
  let current: NowPlaying | null = null;
  let over = () => {};
  let path: string | undefined;
  let starting = 0;
  let last: symbol | undefined;
  let watched: MpvIpc | undefined;

  const set = (source: NowPlaying | null, then = () => {}) => {
    const before = over;
    current = source;
    over = then;
    before();
  };
  const ended = () => {
    set(null);
    void mpv.stop().catch(() => {});
  };

  /** What mpv does by itself: a file ends, mpv ends, somebody else lets an mpv of the box's play something. */
  const hear = (event: MpvEvent) => {
    if (event.event === 'closed') watched = undefined;
    if (starting > 0) return;
    if (event.event === 'closed') set(null);
    if (event.event !== 'property-change') return;
    if (event.name === 'idle-active' && event.data === true) ended();
    if (event.name === 'path' && typeof event.data === 'string' && event.data !== path)
      set({ kind: 'video', url: event.data });
  };
  const connect = async () => {
    const ipc = await mpv.get();
    if (watched === ipc) return ipc;
    watched = ipc;
    ipc.on(hear);
    await ipc.command('request_log_messages', 'warn');
    await ipc.command('observe_property', 1, 'idle-active');
    await ipc.command('observe_property', 2, 'path');
    return ipc;
  };

  const playUntil = async (source: Source, signal: AbortSignal, then: () => void) => {
    signal.throwIfAborted();
    starting += 1;
    const mine = Symbol(source.url);
    last = mine;
    try {
      await wake();
      const ipc = await orAborted(connect(), signal);
      if (last !== mine) throw replaced(source.url);
      set(null);
      await start(ipc, source.url, signal);
      const { url, ...rest } = source;
      path = url;
      set({ ...rest, ...(source.reception !== 'DVB' && { url }) }, then);
      // A file so short that it is over already.
      if (await ipc.command('get_property', 'idle-active')) ended();
    } catch (error) {
      then();
      if (last !== mine) throw signal.aborted ? signal.reason : replaced(source.url);
      set(null);
      await mpv.stop().catch(() => {});
      throw error;
    } finally {
      starting -= 1;
    }
  };

  return {
    play: (source, signal) => playUntil(source, signal, () => {}),
    playUntil,
    attach: async () => void (await connect()),
    async stop() {
      set(null);
      await mpv.stop();
    },
    playing: () => current,
    async close() {
      set(null);
      await mpv.close();
    },
  };
}

function replaced(url: string): PlatformError {
  return new PlatformError('PLAYBACK_FAILED', `playing ${url}: something else was asked for before it was on`);
}

/** The promise, unless the signal is aborted before. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  // What becomes of it after the abortion is nobody's business.
  promise.catch(() => {});
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves at the first picture or sound (playback-restart); that mpv took the command means nothing yet. */
async function start(ipc: MpvIpc, url: string, signal: AbortSignal): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  // It may fail before it is waited for.
  outcome.promise.catch(() => {});
  const errors: string[] = [];
  let entry: unknown;
  let isOurs = false;
  const fail = (reason: string) => {
    const told = [...new Set(errors)].slice(0, 2).join('; ');
    // mpv says the same of a multicast group to which nobody sends.
    const cure = reason.startsWith('unrecognized')
      ? 'nothing came from there, or neither sound nor pictures: check what is sent'
      : 'check the address and its server';
    const message = `playing ${url}: mpv says: ${[reason, told].filter(Boolean).join(': ')}; ${cure}`;
    outcome.reject(new PlatformError('PLAYBACK_FAILED', message));
  };
  const hear = (event: MpvEvent) => {
    if (event.event === 'log-message') errors.push(`${event.prefix}: ${String(event.text).trim()}`.slice(0, 300));
    if (event.event === 'start-file') isOurs = event.playlist_entry_id === entry;
    if (event.event === 'playback-restart' && isOurs) outcome.resolve();
    if (event.event === 'closed') fail('nothing, it ended');
    if (event.event !== 'end-file' || event.playlist_entry_id !== entry) return;
    const reason = event.reason === 'error' ? String(event.file_error) : `it ended (${event.reason}) before a picture`;
    setTimeout(() => fail(reason), reasonMs);
  };
  const abort = () => outcome.reject(signal.reason);
  const timer = setTimeout(() => fail(`nothing to show within ${startMs / 1000} s`), startMs);
  signal.addEventListener('abort', abort);
  // What comes before the answer that names the entry is kept, and heard after it.
  const early: MpvEvent[] = [];
  let stopHearing = ipc.on((event) => early.push(event));
  try {
    const answer = (await ipc.command('loadfile', url)) as { playlist_entry_id?: number } | undefined;
    entry = answer?.playlist_entry_id;
    stopHearing();
    stopHearing = ipc.on(hear);
    for (const event of early) hear(event);
    await outcome.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    stopHearing();
  }
}
