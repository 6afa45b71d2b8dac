import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';
import type { UpstreamLink, UpstreamStatus } from '../upstream.ts';
import { createBackOff } from './back-off.ts';
import { upstreamLimits } from './limits.ts';
import { reasonOf } from './reasons.ts';

/** One try to reach the headend, and the connection that comes of it. */
export interface Attempt {
  readonly link: UpstreamLink;
  /** Aborted when the upstream stops during this attempt: say goodbye, close and settle. */
  readonly signal: AbortSignal;
  /** The headend can be reached; `detail` says what was agreed. Calling it again changes the detail only. */
  up(detail: string): void;
}

/** A connection that is made again and again until it is stopped. */
export interface Connection {
  start(link: UpstreamLink): void;
  status(): UpstreamStatus;
  /** Why nothing can be sent while there is no connection: HEADEND_FAILED. */
  missing(): AgentError;
  /** Resolves when everything is closed. May be called at any time, and more than once. */
  stop(): Promise<void>;
}

/**
 * Keeps a connection up. `attempt` makes one and lives as long as it does: it rejects with the reason why it could not be
 * made or how it ended, and settles soon after its signal is aborted.
 */
export function createConnection(options: {
  url: string;
  log: Logger;
  now(): number;
  attempt(attempt: Attempt): Promise<never>;
}): Connection {
  const { log, now } = options;
  const url = withoutCredentials(options.url);
  /** Ends the attempt, or the wait for the next one. */
  let current = new AbortController();
  let stopped = false;
  let running: Promise<void> | undefined;
  let status: UpstreamStatus = { state: 'stopped', url, since: now() };

  function change(state: UpstreamStatus['state'], more: { lastError?: string; detail?: string } = {}) {
    const { detail: _, ...kept } = status;
    status = { ...kept, state, since: now(), ...more };
  }

  async function keepUp(link: UpstreamLink): Promise<void> {
    const backOff = createBackOff(limits.reconnectMs);
    let logged: string | undefined;
    while (!stopped) {
      current = new AbortController();
      const { reason, upMs } = await once(link, current.signal);
      if (stopped) break;
      if (upMs >= upstreamLimits.steadyMs) backOff.reset();
      const retryMs = Math.round(backOff.next());
      // An outage of days is one line, not one per try.
      log[reason === logged ? 'debug' : 'warn']({ url, reason, retryMs }, 'no connection');
      logged = reason;
      current = new AbortController();
      await wait(retryMs, undefined, { signal: current.signal }).catch(() => undefined);
    }
    change('stopped');
  }

  /** Makes one attempt; answers why it is over and how long it was up. */
  async function once(link: UpstreamLink, signal: AbortSignal): Promise<{ reason: string; upMs: number }> {
    let upAt: number | undefined;
    const up = (detail: string) => {
      if (stopped) return;
      if (upAt !== undefined) {
        status = { ...status, detail };
        return;
      }
      upAt = performance.now();
      change('connected', { detail });
      link.connected();
    };
    change('connecting');
    const error = await options.attempt({ link, signal, up }).catch((cause: unknown) => cause);
    const reason = stopped ? 'stopped' : reasonOf(error);
    change(stopped ? 'stopped' : 'waiting', stopped ? {} : { lastError: reason });
    if (upAt === undefined) return { reason, upMs: 0 };
    link.disconnected(reason);
    return { reason, upMs: performance.now() - upAt };
  }

  return {
    start(link) {
      if (!stopped) running ??= keepUp(link);
    },
    status: () => status,
    missing: () =>
      new AgentError('HEADEND_FAILED', `no connection to ${url}: ${status.lastError ?? 'not connected yet'}`),
    async stop() {
      stopped = true;
      current.abort(new Error('stopped'));
      await running;
    },
  };
}

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** A URL as it may be shown and logged. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
