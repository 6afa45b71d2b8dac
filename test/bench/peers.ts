/** Headends that do nothing but pass messages, one for each upstream: what is measured through them is not theirs. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, Socket } from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../agent/config.ts';
import { topics } from '../../agent/protocol/topics.ts';
import { box } from './agent.ts';

export type Peer = {
  /** What an agent is configured with to reach it. */
  config: Partial<Config>;
  /** The address, for an echo. */
  url: string;
  send(message: Buffer): void;
  /** Resolves when somebody has connected. */
  connected(): Promise<void>;
  close(): Promise<void>;
};

/** Gets every message from the other side. */
export type Hear = (bytes: Buffer) => void;

export const peers: Record<string, (hear: Hear) => Promise<Peer>> = {
  mqtt: createBroker,
  websocket: createSocket,
  heartbeat: createPoll,
};

/** aedes, and a plain client beside it that sends and hears. */
async function createBroker(hear: Hear): Promise<Peer> {
  const broker = await Aedes.createBroker();
  const server = createTcpServer({ noDelay: true }, broker.handle);
  const url = `mqtt://127.0.0.1:${await listen(server)}`;
  const client = await mqtt.connectAsync(url, { protocolVersion: 4 });
  withoutDelay(client);
  const { promise, resolve } = Promise.withResolvers<void>();
  broker.on('subscribe', (subscriptions) => {
    if (subscriptions.some(({ topic }) => topic === topics.actions(box.id))) resolve();
  });
  client.on('message', (_topic, payload) => hear(payload));
  await client.subscribeAsync(topics.reports(box.id), { qos: 1 });
  return {
    config: { 'upstream.mqtt.url': url },
    url,
    send: (message) => void client.publish(topics.actions(box.id), message, { qos: 1 }),
    connected: () => promise,
    async close() {
      await client.endAsync(true);
      await new Promise<void>((done) => broker.close(done));
      server.close();
    },
  };
}

async function createSocket(hear: Hear): Promise<Peer> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'stb.v1' });
  const port = await listen(server);
  let open: WebSocket | undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  sockets.on('connection', (socket) => {
    open = socket;
    socket.on('message', (data) => hear(data as Buffer));
    resolve();
  });
  return {
    config: { 'upstream.websocket.url': `ws://127.0.0.1:${port}` },
    url: `ws://127.0.0.1:${port}/stb/v1/ws`,
    send: (message) => open?.send(message, { binary: false }),
    connected: () => promise,
    async close() {
      open?.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Answers a poll as soon as there is something, and takes one message per POST. */
async function createPoll(hear: Hear): Promise<Peer> {
  const queue: Buffer[] = [];
  let wake = () => {};
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const body = await read(request);
    if (request.url === '/stb/v1/reports') {
      response.end();
      return hear(body);
    }
    resolve();
    if (queue.length === 0 && request.headers.prefer !== undefined) {
      await new Promise<void>((woken) => {
        wake = woken;
      });
    }
    response.setHeader('preference-applied', 'wait=25');
    response.end(`{"actions":[${queue.splice(0).join(',')}]}`);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    config: { 'upstream.heartbeat.url': url },
    url,
    send(message) {
      queue.push(message);
      wake();
    },
    connected: () => promise,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Without it QoS 1 meets Nagle's algorithm and delayed acknowledgements, and the figure is theirs. */
export function withoutDelay({ stream }: mqtt.MqttClient): void {
  if (stream instanceof Socket) stream.setNoDelay(true);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
