/** One connection to an ndt7 server: each test has its own. */
import WebSocket from 'ws';
import { AgentError } from '../errors.ts';
import { type Measurement, type Ndt7Test, ndt7, readMeasurement } from '../protocol/ndt7.ts';

export type Target = {
  /** `ws://host:port` or `wss://…`; the paths of the tests are added. */
  server: string;
  /** Who asks, as the query string and the user agent tell the server. */
  client: { name: string; version: string };
  /** How long each test lasts; the protocol's ten seconds or less. */
  testMs: number;
  signal: AbortSignal;
};

export type Connection = {
  socket: WebSocket;
  /** Milliseconds since the handshake. */
  elapsed(): number;
  /** What the server measured and said of itself, oldest first. */
  told: Measurement[];
  /**
   * Resolves when the connection has ended: `complete` after a proper close or at the hard stop, `broken off` else. The spec
   * wants a test that breaks off to count for what it measured. Rejects only when `signal` is aborted.
   */
  ended: Promise<'complete' | 'broken off'>;
};

/** How long the handshake may take. */
const handshakeMs = 10_000;

/** How many measurements of the server are kept: more than ten a second are more than it may send. */
const maxTold = 300;

/** Connects for one test. Throws SPEEDTEST_FAILED. */
export async function connect(test: Ndt7Test, target: Target): Promise<Connection> {
  const { client, signal, testMs } = target;
  signal.throwIfAborted();
  const url = new URL(target.server.replace(/\/$/, '') + ndt7.paths[test]);
  url.searchParams.set('client_name', client.name);
  url.searchParams.set('client_version', client.version);
  const socket = new WebSocket(url, ndt7.subprotocol, {
    headers: { 'User-Agent': `${client.name}/${client.version}` },
    handshakeTimeout: handshakeMs,
    maxPayload: ndt7.messageBytes.max,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const abort = () => socket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  await opened(socket, url, signal);

  const start = performance.now();
  const told: Measurement[] = [];
  socket.on('message', (data, isBinary) => {
    const measurement = isBinary || told.length >= maxTold ? undefined : readMeasurement(data.toString());
    if (measurement !== undefined) told.push(measurement);
  });
  let stoppedHard = false;
  const hardStop = setTimeout(
    () => {
      stoppedHard = true;
      socket.terminate();
    },
    testMs + ndt7.hardMs - ndt7.testMs,
  );
  const ended = new Promise<'complete' | 'broken off'>((resolve, reject) => {
    socket.on('close', (code) => {
      clearTimeout(hardStop);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason);
      else resolve(code === 1000 || stoppedHard ? 'complete' : 'broken off');
    });
  });
  return { socket, elapsed: () => performance.now() - start, told, ended };
}

/** Resolves when the handshake is done. The error listener stays, so that a later error ends in `close` and not in a throw. */
function opened(socket: WebSocket, url: URL, signal: AbortSignal): Promise<void> {
  const { origin, pathname } = url;
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', (cause) => {
      if (signal.aborted) reject(signal.reason);
      else {
        const message = `connecting to ${origin}${pathname}: ${cause.message}; check that an ndt7 server is there`;
        reject(new AgentError('SPEEDTEST_FAILED', message, { cause }));
      }
    });
  });
}
