/** Requests to the headend, tried again while that may help. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestInit, Response } from 'node-fetch';
import type { Logger } from 'pino';

/** The pace of requests. Times are milliseconds. */
export const headendPace = {
  /** What one request gets to be answered in whole. */
  requestMs: 60_000,
  backOffMs: { first: 500, max: 10_000 },
  /** What keeps failing is given up after so long; before the deadlines of the actions, so that they can say why. */
  lineupMs: 40_000,
  uploadMs: 90_000,
  /** Failures of an upload after which it goes over an upstream, where one carries artifacts. */
  failuresBeforeFallback: 2,
};

/** An answer that stays the same however often it is asked for. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export type HeadendAccess = {
  /** The HTTP(S) address without a trailing slash. */
  url: string;
  token: string | undefined;
  log: Logger;
  pace: typeof headendPace;
};

/** One request; the answer is 2xx or 308. Throws Refused, or another error where asking again may help. */
export async function request(
  { url, token, pace }: HeadendAccess,
  path: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<Response> {
  const { default: fetch } = await import('node-fetch');
  const response = await fetch(url + path, {
    ...init,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...init.headers },
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(pace.requestMs)]),
  });
  const { status } = response;
  if (response.ok || status === 308) return response;
  const answer = `HTTP ${status} ${(await response.text()).slice(0, 200)}`.trim();
  // 409: the headend still waits for an attempt whose connection is lost.
  if (status >= 500 || [408, 409, 425, 429].includes(status)) throw new Error(answer);
  throw new Refused(status === 401 || status === 403 ? `${answer}; check the box's token` : answer);
}

/**
 * Tries until `attempt` resolves; it is told how often it failed. Throws its last error when that is a Refused, when
 * `giveUpMs` are over, or when `signal` is aborted.
 */
export async function persist<T>(
  { pace, log }: HeadendAccess,
  giveUpMs: number,
  signal: AbortSignal,
  attempt: (failures: number) => Promise<T>,
): Promise<T> {
  const end = performance.now() + giveUpMs;
  for (let failures = 0; ; ) {
    try {
      return await attempt(failures);
    } catch (error) {
      const pauseMs = Math.min(pace.backOffMs.first * 2 ** failures, pace.backOffMs.max);
      failures += 1;
      if (signal.aborted || error instanceof Refused || performance.now() + pauseMs > end) throw error;
      log.warn({ err: error, failures, pauseMs }, 'request to the headend failed, it will be tried again');
      await wait(pauseMs, undefined, { signal });
    }
  }
}
