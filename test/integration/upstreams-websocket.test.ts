/** What is particular to the WebSocket upstream: the upgrade, pings, frames. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../agent/protocol/limits.ts';
import type { WebSocketOptions } from '../../agent/upstreams/options.ts';
import { createWebSocketUpstream } from '../../agent/upstreams/websocket.ts';
import { until } from '../support/until.ts';
import { action, createUpstreamBox, report, type UpstreamBox } from '../support/upstream-box.ts';
import { box as identity, token } from '../support/upstream-peers.ts';

const boxes: UpstreamBox[] = [];

afterEach(async () => {
  for (const box of boxes.splice(0)) await box.upstream.stop();
});

function startBox(server: Server, options: Partial<WebSocketOptions> = {}): UpstreamBox {
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box = createUpstreamBox((deps) => createWebSocketUpstream({ url, token, ...options }, deps), identity);
  boxes.push(box);
  return box;
}

async function startServer(listener?: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

type Upgrade = { url: string; headers: IncomingHttpHeaders };

/** A server that takes every upgrade; shows them, and the sockets. */
async function startSocketServer(subprotocol: string | false = 'stb.v1') {
  const server = await startServer();
  const sockets: WebSocket[] = [];
  const raw: Socket[] = [];
  const upgrades: Upgrade[] = [];
  const wss = new WebSocketServer({ server, handleProtocols: () => subprotocol });
  wss.on('connection', (socket, request) => {
    sockets.push(socket);
    raw.push(request.socket);
    upgrades.push({ url: request.url ?? '', headers: request.headers });
    socket.on('error', () => undefined);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
  });
  return { server, sockets, raw, upgrades };
}

describe('the upgrade', () => {
  test('asks for /stb/v1/ws with the token and the subprotocol', async () => {
    const { server, upgrades } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    expect(upgrades).toMatchObject([
      { url: '/stb/v1/ws', headers: { authorization: `Bearer ${token}`, 'sec-websocket-protocol': 'stb.v1' } },
    ]);
    expect(upgrades[0]?.headers['sec-websocket-extensions']).toBeUndefined();
  });

  test('keeps the path of the URL where it has one', async () => {
    const { server, upgrades } = await startSocketServer();
    const box = startBox(server, { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/a/b?c=d` });
    await until(() => box.connects === 1);
    expect(upgrades[0]?.url).toBe('/a/b?c=d');
  });

  test.each([
    [401, /refused the credentials/],
    [403, /does not let this box in/],
    [404, /no such path/],
    [426, /another protocol/],
    [429, /too often/],
    [302, /redirects to https:\/\/elsewhere\/ \(302\), which is not followed/],
    [503, /answered 503, an error of its own/],
    [200, /answered 200/],
  ])('answered %i: the status says so in words, and it is tried again', async (status, words) => {
    let requests = 0;
    const server = await startServer((_request, response) => {
      requests += 1;
      response.writeHead(status, { location: 'https://elsewhere/' }).end('<html>');
    });
    const box = startBox(server);
    await until(() => requests === 2);
    expect(box.upstream.status().lastError).toMatch(words);
    expect(box.connects).toBe(0);
  });

  test('a server that does not speak the subprotocol is not taken for a headend', async () => {
    const { server } = await startSocketServer(false);
    const box = startBox(server);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(/does not speak stb\.v1/);
  });
});

describe('frames', () => {
  test('binary frames and text that is not UTF-8 reach the reader, and the connection stays', async () => {
    const { server, sockets } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    sockets[0]?.send(Buffer.from(JSON.stringify(action('a1'))), { binary: true });
    sockets[0]?.send(Buffer.from([0xff, 0xfe]), { binary: false });
    await until(() => box.received.length === 2);
    expect(box.received[0]).toBe(JSON.stringify(action('a1')));
    expect(box.upstream.status().state).toBe('connected');
  });

  test('a message that is somewhat too large reaches the reader, which refuses it in words', async () => {
    const { server, sockets } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    sockets[0]?.send('x'.repeat(limits.messageBytes + 1));
    await until(() => box.received.length === 1);
    expect(box.received[0]).toHaveLength(limits.messageBytes + 1);
  });

  test.each([
    ['an absurdly large message', (socket: WebSocket) => socket.send(Buffer.alloc(8 * limits.messageBytes)), /size/],
    ['garbage', (_: WebSocket, raw: Socket) => raw.write(Buffer.alloc(64, 0xff)), /./],
    ['a close that says why', (socket: WebSocket) => socket.close(1008, 'quota'), /\(1008: quota\)/],
    ['a close because it goes away', (socket: WebSocket) => socket.close(1001), /goes away \(1001\)/],
    ['a close without a code', (_: WebSocket, raw: Socket) => raw.destroy(), /closed the connection|cut by/],
  ])('%s costs one connection', async (_what, misbehave, words) => {
    const { server, sockets, raw } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    misbehave(sockets[0] as WebSocket, raw[0] as Socket);
    await until(() => box.losses.length === 1);
    expect(box.losses[0]).toMatch(words);
    await until(() => box.connects === 2);
  });

  test('reports leave as text', async () => {
    const { server, sockets } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    const frame = once(sockets[0] as WebSocket, 'message');
    await box.upstream.send(report('a1', 'done'));
    const [data, isBinary] = (await frame) as [Buffer, boolean];
    expect([JSON.parse(data.toString()), isBinary]).toMatchObject([{ id: 'a1', state: 'done' }, false]);
  });

  test('a flood that the box is slow to store is held back at the sender, and all of it arrives', async () => {
    const { server, sockets } = await startSocketServer();
    const box = startBox(server);
    await until(() => box.connects === 1);
    const opened = Promise.withResolvers<void>();
    box.store = () => opened.promise;
    for (let index = 0; index < 2000; index += 1) sockets[0]?.send(JSON.stringify(action(`a${index}`)).padEnd(8_000));
    await until(() => box.received.length >= 100);
    // Reading stops within what was read from the socket already.
    expect(box.received.length).toBeLessThan(200);
    opened.resolve();
    await until(() => box.received.length === 2000);
  });
});

describe('pings', () => {
  test('pings the server, and answers the pings of the server', async () => {
    const { server, sockets } = await startSocketServer();
    const box = startBox(server, { pingSeconds: 1 });
    await until(() => box.connects === 1);
    const socket = sockets[0] as WebSocket;
    await once(socket, 'ping');
    const pong = once(socket, 'pong');
    socket.ping('hello');
    expect(String((await pong)[0])).toBe('hello');
  });

  test('a server that no longer answers pings is left', async () => {
    const { server, raw } = await startSocketServer();
    const box = startBox(server, { pingSeconds: 0.1 });
    await until(() => box.connects === 1);
    raw[0]?.removeAllListeners('data').on('data', () => undefined);
    await until(() => box.losses.length === 1);
    expect(box.losses[0]).toMatch(/nothing was heard from the headend for 0\.15/);
    await until(() => box.connects === 2);
  });
});

test('a server that never closes does not hold up a stop', async () => {
  const { server, raw } = await startSocketServer();
  const box = startBox(server);
  await until(() => box.connects === 1);
  raw[0]?.removeAllListeners('data').on('data', () => undefined);
  await box.upstream.stop();
  expect(box.upstream.status().state).toBe('stopped');
});
