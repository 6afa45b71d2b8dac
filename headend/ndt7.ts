/** An ndt7 speed test server: `GET /ndt/v7/download` and `/ndt/v7/upload`, for boxes and for any other ndt7 client. */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Measurement, type Ndt7Test, ndt7 as protocol } from '../agent/protocol/ndt7.ts';
import { sendLoad } from '../agent/protocol/ndt7-load.ts';
import { ApiError } from './errors.ts';

export type Ndt7Options = {
  /** Tests at one time; more are answered with 503, for they would measure each other. */
  maxTests?: number;
  /** How long a test lasts; the protocol's ten seconds by default, and at most. */
  testMs?: number;
};

/**
 * Adds the two routes to a server that has `@fastify/websocket`. No token: a speed test says nothing and changes nothing,
 * and every ndt7 client may use it. What it costs is bounded by time and number.
 */
export async function ndt7(
  app: FastifyInstance,
  { maxTests = 8, testMs = protocol.testMs }: Ndt7Options = {},
): Promise<void> {
  let running = 0;
  for (const test of ['download', 'upload'] as const) {
    app.get(protocol.paths[test], { websocket: true, preValidation }, (socket, request) => {
      running += 1;
      socket.once('close', () => {
        running -= 1;
      });
      run(test, testMs, socket, request);
    });
  }

  async function preValidation(request: FastifyRequest): Promise<void> {
    check(request);
    if (running < maxTests) return;
    const wait = `try again in ${protocol.hardMs / 1000} s`;
    throw new ApiError(503, 'busy', `${maxTests} speed tests are running, which is as many as there may be: ${wait}`);
  }
}

/** The spec wants 400 for what is not an ndt7 request. */
function check(request: FastifyRequest): void {
  const asked = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!request.ws) throw new ApiError(400, 'upgrade', 'A speed test is a WebSocket: send an upgrade request');
  if (!asked.includes(protocol.subprotocol)) {
    throw new ApiError(400, 'subprotocol', `Sec-WebSocket-Protocol must be ${protocol.subprotocol}`);
  }
  const query = request.url.split('?')[1] ?? '';
  if (query.length > protocol.queryBytes) {
    throw new ApiError(
      400,
      'query',
      `The query string has ${query.length} bytes, at most ${protocol.queryBytes} are taken`,
    );
  }
  try {
    decodeURIComponent(query);
  } catch {
    throw new ApiError(400, 'query', 'The query string is not URL-encoded UTF-8');
  }
}

/** Runs one test to its end: a close after its time, and a hard end three seconds later, whatever the other end does. */
function run(test: Ndt7Test, testMs: number, socket: WebSocket, request: FastifyRequest): void {
  const start = performance.now();
  const count = test === 'download' ? sendCounted(socket) : receiveCounted(socket);
  const ConnectionInfo = {
    Client: endpoint(request.socket.remoteAddress, request.socket.remotePort),
    Server: endpoint(request.socket.localAddress, request.socket.localPort),
    UUID: randomUUID(),
  };
  const measure = () => {
    if (socket.readyState !== socket.OPEN) return;
    const AppInfo = { ElapsedTime: Math.round((performance.now() - start) * 1000), NumBytes: count.bytes() };
    socket.send(JSON.stringify({ AppInfo, ConnectionInfo, Origin: 'server', Test: test } satisfies Measurement));
  };
  measure();
  const ticker = setInterval(measure, protocol.measurementMs);
  const end = setTimeout(() => {
    count.stop();
    measure();
    socket.close(1000);
  }, testMs);
  const hardEnd = setTimeout(() => socket.terminate(), testMs + protocol.hardMs - protocol.testMs);
  socket.once('close', (code) => {
    count.stop();
    clearInterval(ticker);
    clearTimeout(end);
    clearTimeout(hardEnd);
    const ms = Math.round(performance.now() - start);
    request.log.info({ test, ...ConnectionInfo, code, ms, bytes: count.bytes() }, 'speed test ended');
  });
}

type Count = { bytes(): number; stop(): void };

/** The download: sends, and cuts off a client that sends too. */
function sendCounted(socket: WebSocket): Count {
  socket.on('message', (_data, isBinary) => {
    if (isBinary) socket.terminate();
  });
  const load = sendLoad(socket);
  return { bytes: load.sent, stop: load.stop };
}

/** The upload: counts what comes. */
function receiveCounted(socket: WebSocket): Count {
  let bytes = 0;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) bytes += data.length;
  });
  return { bytes: () => bytes, stop() {} };
}

/** `address:port`, an IPv6 address in brackets. */
function endpoint(address = '', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
