/** Round trips over a WebSocket, measured with its own pings. */
import { setTimeout as wait } from 'node:timers/promises';
import type WebSocket from 'ws';

export type RoundTrips = {
  /** The round trips so far, in milliseconds. */
  samples: number[];
  /** Sends one ping, unless one is still on its way or the socket is closing. */
  ping(): void;
  /** Pings one after the other; resolves when it has enough answers for the time that it took. */
  series(enough: Enough): Promise<void>;
};

/** `many` answers are enough at once, `few` after `limitMs`, and any number after `patienceMs`. */
export type Enough = { many: number; few: number; limitMs: number; patienceMs: number };

export function watchRoundTrips(socket: WebSocket): RoundTrips {
  const samples: number[] = [];
  let sentAt: number | undefined;
  let answered = () => {};
  socket.on('pong', () => {
    if (sentAt === undefined) return;
    samples.push(performance.now() - sentAt);
    sentAt = undefined;
    answered();
  });
  const ping = () => {
    if (sentAt !== undefined || socket.readyState !== socket.OPEN) return;
    sentAt = performance.now();
    socket.ping();
  };
  return {
    samples,
    ping,
    async series({ many, few, limitMs, patienceMs }) {
      const done = new AbortController();
      const after = (ms: number) => wait(ms, undefined, { signal: done.signal }).catch(() => {});
      const waiting: (() => void)[] = [];
      const got = (count: number) =>
        new Promise<void>((resolve) => {
          waiting.push(() => samples.length >= count && resolve());
          socket.once('close', () => resolve());
        });
      answered = () => {
        for (const look of waiting) look();
        if (samples.length < many) ping();
      };
      const some = Promise.all([got(few), after(limitMs)]);
      const all = got(many);
      ping();
      await Promise.race([all, some, after(patienceMs)]);
      done.abort();
      answered = () => {};
    },
  };
}
