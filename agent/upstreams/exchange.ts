import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import fetch, { type Response } from 'node-fetch';
import { upstreamLimits } from './limits.ts';
import { reasonOf, statusReason } from './reasons.ts';
import type { TlsSettings } from './tls.ts';

/** Sockets for one purpose, kept alive between requests. */
export type SocketPool = HttpAgent | HttpsAgent;

export function createSocketPool(url: string, tls: TlsSettings | undefined): SocketPool {
  // An idle connection is closed here before the server closes it, because a request that crosses that close is lost.
  const options: AgentOptions = { keepAlive: true, timeout: upstreamLimits.idleSocketMs };
  return url.startsWith('https:') ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options);
}

export interface Exchange {
  url: string;
  headers: Record<string, string>;
  /** Posted as JSON; without it the request is a GET. */
  body?: unknown;
  pool: SocketPool;
  /** From the first byte sent to the last byte received; node-fetch has no limit of its own. */
  timeoutMs: number;
  /** The largest answer. Counted after decompression, so a small body that unpacks to a large one is caught as well. */
  mostBytes: number;
  /** Each of them ends it. */
  signals: readonly AbortSignal[];
}

/** Resolves with the text of a 2xx answer; rejects with a sentence for anything else, and with the reason of a signal that is aborted. */
export async function exchange(asked: Exchange): Promise<{ text: string; headers: Response['headers'] }> {
  const { url, body, timeoutMs, mostBytes, signals } = asked;
  // Given a signal that is aborted already, node-fetch 3.3 destroys the body with nobody listening: an uncaught error.
  for (const signal of signals) signal.throwIfAborted();
  // Not AbortSignal.any: the agent's signals live for months, this request for seconds.
  const request = new AbortController();
  const abort = () => request.abort();
  for (const signal of signals) signal.addEventListener('abort', abort);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    abort();
  }, timeoutMs);
  const json = body !== undefined && { method: 'POST', body: JSON.stringify(body) };
  try {
    const response = await fetch(url, {
      ...json,
      headers: { ...(json && { 'content-type': 'application/json' }), ...asked.headers },
      agent: asked.pool,
      size: mostBytes,
      // Followed, a POST would turn into a GET, and what only this server may know could go to another host.
      redirect: 'manual',
      signal: request.signal,
    });
    if (!response.ok) throw new Error(statusReason(response.status, response.headers.get('location')));
    return { text: await response.text(), headers: response.headers };
  } catch (error) {
    for (const signal of signals) signal.throwIfAborted();
    if (isLate) throw new Error(`no complete answer within ${timeoutMs / 1000} s`);
    if (error instanceof Error && 'type' in error && error.type === 'max-size')
      throw new Error(`the answer is larger than ${mostBytes} bytes`);
    // Without its cause: the library names the whole address, whose query may hold a password.
    throw new Error(reasonOf(error).replace(/(:\/\/[^\s?]*)\?\S*/g, '$1'));
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', abort);
    // In any case, so that a body that is not wanted is not read.
    abort();
  }
}
