import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { runSpeedTest } from '../../agent/ndt7/speed-test.ts';
import { createServer } from '../../headend/api/server.ts';
import { ndt7 } from '../../headend/ndt7.ts';
import { runOfficialClient } from '../support/official-ndt7.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Our server on port 0; `host:port`. */
async function startServer(options: Parameters<typeof ndt7>[1] = {}): Promise<string> {
  const app = await createServer(pino({ level: 'silent' }));
  await app.register(ndt7, options);
  await app.listen({ port: 0, host: '127.0.0.1' });
  closing.push(() => app.close());
  return `127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

function targetOf(server: string, testMs = 1_200) {
  return {
    server: `ws://${server}`,
    client: { name: 'test', version: '1' },
    testMs,
    signal: AbortSignal.timeout(30_000),
  };
}

test('our client measures our server in both directions, with latency, jitter and intervals', async () => {
  const server = await startServer();
  const phases = new Set<string>();
  const result = await runSpeedTest(targetOf(server), (phase) => phases.add(phase));
  expect(result.downloadMbps).toBeGreaterThan(1);
  expect(result.uploadMbps).toBeGreaterThan(1);
  expect(result.latencyMs).toBeGreaterThan(0);
  expect(result.jitterMs).toBeGreaterThanOrEqual(0);
  expect(result.server).toBe(`ws://${server}`);
  for (const direction of [result.download, result.upload]) {
    expect(direction).toMatchObject({ ended: 'complete', uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    // How many there are is for the machine to say; together they are the whole.
    expect(direction.intervals.at(-1)?.at).toBe(direction.seconds);
    expect(direction.latencyMs).toBeGreaterThan(0);
  }
  expect(result.download.countedBy).toBe('box');
  expect(result.upload.countedBy).toBe('server');
  expect([...phases]).toEqual(['download', 'upload']);
});

test("M-Lab's official client measures our server in both directions", async () => {
  const { download, upload } = await runOfficialClient(await startServer({ testMs: 700 }));
  expect(download.LastClientMeasurement?.MeanClientMbps).toBeGreaterThan(1);
  expect(download.LastServerMeasurement).toMatchObject({ Test: 'download', AppInfo: { NumBytes: expect.any(Number) } });
  expect(upload.LastServerMeasurement).toMatchObject({
    Test: 'upload',
    AppInfo: { NumBytes: expect.any(Number) },
    ConnectionInfo: {
      Client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      Server: expect.any(String),
      UUID: expect.any(String),
    },
  });
  expect(upload.LastServerMeasurement?.AppInfo?.NumBytes).toBeGreaterThan(0);
});

/** The HTTP status with which an upgrade is refused; 101 when it is not. */
function upgradeStatus(
  server: string,
  path: string,
  protocols: string[] = ['net.measurementlab.ndt.v7'],
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${server}${path}`, protocols);
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', () => {});
  });
}

test.each([
  ['without the subprotocol', '/ndt/v7/download', []],
  ['with another subprotocol only', '/ndt/v7/upload', ['stb.v1']],
  ['with more than 4096 bytes of metadata', `/ndt/v7/download?client_name=${'x'.repeat(4096)}`, undefined],
  ['with metadata that is not UTF-8', '/ndt/v7/download?client_name=%ff', undefined],
])('a request %s is answered with 400', async (_what, path, protocols) => {
  const server = await startServer();
  expect(await upgradeStatus(server, path, protocols)).toBe(400);
  expect(await upgradeStatus(server, '/ndt/v7/download?client_name=a&client_version=1')).toBe(101);
});

test('a plain GET is answered with 400', async () => {
  const response = await fetch(`http://${await startServer()}/ndt/v7/download`);
  expect(response.status).toBe(400);
});

test('more tests than the server takes at one time are answered with 503 until one ends', async () => {
  const server = await startServer({ maxTests: 1 });
  const first = new WebSocket(`ws://${server}/ndt/v7/upload`, 'net.measurementlab.ndt.v7');
  await once(first, 'open');
  expect(await upgradeStatus(server, '/ndt/v7/upload')).toBe(503);
  first.close();
  await once(first, 'close');
  await until(async () => (await upgradeStatus(server, '/ndt/v7/upload')) === 101);
});

test('a client that sends binary messages during the download is cut off', async () => {
  const socket = new WebSocket(`ws://${await startServer()}/ndt/v7/download`, 'net.measurementlab.ndt.v7');
  await once(socket, 'open');
  socket.send(Buffer.alloc(1024));
  const [code] = await once(socket, 'close');
  expect(code).toBe(1006);
});

test('text messages of any content do not end a test', async () => {
  const socket = new WebSocket(
    `ws://${await startServer({ testMs: 400 })}/ndt/v7/download`,
    'net.measurementlab.ndt.v7',
  );
  await once(socket, 'open');
  for (const text of ['', 'null', '{"AppInfo":17}', '{', '[]', '\u0000']) socket.send(text);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1000);
});

/** Another ndt7 server, on port 0: `serve` gets each connection and the test it is for. */
async function startOther(
  serve: (socket: WebSocket, test: 'download' | 'upload') => void,
  options: { autoPong?: boolean } = {},
): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1 << 24, ...options });
  server.on('connection', (socket, request) => {
    socket.on('error', () => {});
    serve(socket, request.url?.startsWith('/ndt/v7/download') ? 'download' : 'upload');
  });
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends one small message every few milliseconds. */
function trickle(socket: WebSocket): void {
  const timer = setInterval(() => socket.send(Buffer.alloc(8192)), 5);
  socket.on('close', () => clearInterval(timer));
}

test("against a server like M-Lab's, without AppInfo, the upload is what its kernel received", async () => {
  const server = await startOther((socket, direction) => {
    if (direction === 'download') return trickle(socket);
    const start = performance.now();
    let bytes = 0;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) bytes += data.length;
    });
    const timer = setInterval(() => {
      const TCPInfo = {
        BytesReceived: bytes,
        ElapsedTime: (performance.now() - start) * 1000,
        MinRTT: 1234,
        RTT: 2000,
      };
      socket.send(JSON.stringify({ ConnectionInfo: { UUID: 'theirs' }, BBRInfo: {}, TCPInfo }));
    }, 100);
    socket.on('close', () => clearInterval(timer));
  });
  const result = await runSpeedTest(targetOf(server), () => {});
  expect(result.upload).toMatchObject({ countedBy: 'server', minRttMs: 1.234, uuid: 'theirs', ended: 'complete' });
  expect(result.uploadMbps).toBeGreaterThan(1);
  expect(result.downloadMbps).toBeGreaterThan(0);
});

test('against a server that measures nothing and answers no pings, the box counts, and latency is left out', async () => {
  const serve = (socket: WebSocket, direction: string) => {
    if (direction === 'download') trickle(socket);
  };
  const result = await runSpeedTest(targetOf(await startOther(serve, { autoPong: false }), 600), () => {});
  expect(result.upload).toMatchObject({ countedBy: 'box', ended: 'complete' });
  expect(result.uploadMbps).toBeGreaterThan(1);
  expect(result).not.toHaveProperty('latencyMs');
  expect(result).not.toHaveProperty('jitterMs');
});

test('jitter is measured on a line whose round trips are too long for three of them in a second', async () => {
  const serve = (socket: WebSocket, direction: string) => {
    if (direction === 'download') trickle(socket);
    socket.on('ping', (data) => setTimeout(() => socket.pong(data), 600));
  };
  const result = await runSpeedTest(targetOf(await startOther(serve, { autoPong: false }), 600), () => {});
  expect(result.latencyMs).toBeGreaterThanOrEqual(590);
  expect(result).toHaveProperty('jitterMs');
});

test('a test that breaks off in the middle counts for what it measured, and says so', async () => {
  const server = await startOther((socket, direction) => {
    if (direction === 'download') trickle(socket);
    let messages = 0;
    socket.on('message', () => {
      messages += 1;
      if (messages === 3) socket.terminate();
    });
  });
  const result = await runSpeedTest(targetOf(server), () => {});
  expect(result.download).toMatchObject({ ended: 'broken off' });
  expect(result.download.bytes).toBeGreaterThan(0);
});

test.each([
  ['refuses the connection', async () => '127.0.0.1:1', /connecting to ws:\/\/127.0.0.1:1\/ndt\/v7\/download/],
  ['closes before any data', () => startOther((socket) => socket.close(1000)), /before any data passed/],
])('a server that %s is a SPEEDTEST_FAILED that says so', async (_what, start, message) => {
  const failed = runSpeedTest(targetOf(await start()), () => {});
  await expect(failed).rejects.toMatchObject({ code: 'SPEEDTEST_FAILED', message: expect.stringMatching(message) });
});

test('an abort in the middle ends the test at once and closes the connection', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const connected = Promise.withResolvers<WebSocket>();
  const server = await startOther((socket) => {
    trickle(socket);
    connected.resolve(socket);
  });
  const failed = expect(runSpeedTest({ ...targetOf(server), signal: abort.signal }, () => {})).rejects.toBe(reason);
  const socket = await connected.promise;
  abort.abort(reason);
  await failed;
  await until(() => socket.readyState === socket.CLOSED);
});
