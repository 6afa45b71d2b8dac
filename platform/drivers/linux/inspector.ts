/** The remote inspector of a browser: its WebSocket, and the list of pages on its HTTP server. */
import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { PlatformError } from '../../contract.ts';
import { createRpc, type Rpc, settled } from './rpc.ts';

/** A connection to one page. Its end is an event of its own, `closed`. */
export type Session = Pick<Rpc, 'call' | 'on'> & { isOpen(): boolean; close(): void };

export const closedEvent = '{"method":"closed"}';
const connectMs = 5_000;
/** Of an answer to `fetchText`, this much is read. */
const mostCharacters = 1024 * 1024;

/**
 * Connects, without an Origin header, as Chromium from version 111 wants it; `prepare` may listen before anything is heard. Rejects
 * DEVICE_FAILED.
 */
export async function openSession(
  url: string,
  signal: AbortSignal,
  prepare: (session: Session) => void = () => {},
): Promise<Session> {
  signal.throwIfAborted();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const rpc = createRpc(url, (text) => socket.send(text));
  socket.on('message', (data: Buffer) => rpc.receive(data.toString()));
  socket.on('close', () => {
    rpc.drop('the user interface closed the connection');
    rpc.receive(closedEvent);
  });
  const session: Session = {
    call: rpc.call,
    on: rpc.on,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  };
  prepare(session);
  const open = Promise.withResolvers<void>();
  socket.once('open', () => open.resolve());
  socket.on('error', (cause) =>
    open.reject(new PlatformError('DEVICE_FAILED', `connecting to ${url}: ${cause.message}`, { cause })),
  );
  try {
    await settled(open, { signal, timeoutMs: connectMs, what: `connecting to ${url}` });
  } catch (error) {
    socket.terminate();
    throw error;
  }
  return session;
}

/** What the inspector's HTTP server answers. Rejects DEVICE_FAILED. */
export async function fetchText(url: string, timeoutMs: number, signal?: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ends = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { signal: ends, agent: false }, resolve).on('error', reject);
    });
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (text.length > mostCharacters) throw new Error(`more than ${mostCharacters} characters`);
    }
    if (response.statusCode === 200) return text;
    throw new Error(`HTTP status ${response.statusCode}`);
  } catch (error) {
    signal?.throwIfAborted();
    const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : (error as Error).message;
    throw new PlatformError('DEVICE_FAILED', `asking the user interface at ${url}: ${reason}; does it run?`, {
      cause: error,
    });
  }
}

/** An address without the slashes at its end. */
export function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
