/**
 * The headends that the upstream suite talks to: real servers on 127.0.0.1, one for each way to reach a box, behind a proxy that
 * can fail as networks do. Each sends what is given to it until the box has acknowledged it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { ActionMessage, Report } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { Upstream } from '../../agent/upstream.ts';
import { createHeartbeatUpstream } from '../../agent/upstreams/heartbeat.ts';
import { createMqttUpstream } from '../../agent/upstreams/mqtt.ts';
import type { UpstreamDeps } from '../../agent/upstreams/options.ts';
import { createWebSocketUpstream } from '../../agent/upstreams/websocket.ts';
import { createMqtt5Broker } from './mqtt5-broker.ts';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface UpstreamPeer {
  readonly proxy: TcpProxy;
  /** An upstream for this peer, with short times. */
  createUpstream(deps: UpstreamDeps): Upstream;
  /** Sends an action, and again until it is acknowledged. */
  deliver(action: ActionMessage): void;
  /** Sends bytes once, as they are. */
  deliverRaw(bytes: Buffer): void;
  /** Ids of the actions that the box acknowledged: by PUBACK, or by a report where the transport has no acknowledgement. */
  acknowledged(): string[];
  /** What the box sent, oldest first. */
  sent(): Record<string, unknown>[];
  close(): Promise<void>;
}

export const box = { id: 'b0c5', mac: '00:1A:79:00:B0:C5', groups: ['lobby'] };
export const token = 'let-me-in';

/** The peers by what they speak. */
export const upstreamPeers: Record<string, () => Promise<UpstreamPeer>> = {
  'MQTT 5': createMqtt5Peer,
  'MQTT 3.1.1': () => createAedesPeer('mqtt'),
  'MQTT 3.1.1 over WebSocket': () => createAedesPeer('ws'),
  WebSocket: createWebSocketPeer,
  heartbeat: createHeartbeatPeer,
};

const mqttTimes = { keepaliveSeconds: 1 };
const parse = (bytes: Buffer | string) => JSON.parse(bytes.toString()) as Record<string, unknown>;

/** Ids in the payloads that are JSON objects with one. */
function idsOf(payloads: string[]): string[] {
  return payloads.flatMap((payload) => /^\{"v":1,"kind":"action","id":"(\w+)"/.exec(payload)?.[1] ?? []);
}

async function createMqtt5Peer(): Promise<UpstreamPeer> {
  const broker = await createMqtt5Broker();
  const proxy = await createTcpProxy(broker.port);
  return {
    proxy,
    createUpstream: (deps) => createMqttUpstream({ url: `mqtt://127.0.0.1:${proxy.port}`, ...mqttTimes }, deps),
    deliver: (action) => broker.publish(topics.actions(box.id), JSON.stringify(action)),
    deliverRaw: (bytes) => broker.publish(topics.actions(box.id), bytes),
    acknowledged: () => idsOf(broker.acknowledged),
    sent: () =>
      broker.published.filter(({ topic }) => topic === topics.reports(box.id)).map(({ payload }) => parse(payload)),
    async close() {
      await proxy.close();
      await broker.close();
    },
  };
}

/** aedes knows MQTT 3.1.1 only, and refuses a CONNECT with 5. */
async function createAedesPeer(scheme: 'mqtt' | 'ws'): Promise<UpstreamPeer> {
  const broker = await Aedes.createBroker();
  const server = scheme === 'mqtt' ? createTcpServer({ noDelay: true }, broker.handle) : createServer();
  if (scheme === 'ws') {
    const sockets = new WebSocketServer({
      server: server as ReturnType<typeof createServer>,
      handleProtocols: () => 'mqtt',
    });
    sockets.on('connection', (socket) => broker.handle(createWebSocketStream(socket)));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await createTcpProxy((server.address() as AddressInfo).port);
  const acknowledged: string[] = [];
  const sent: Record<string, unknown>[] = [];
  broker.on('ack', (packet) => {
    const { payload } = (packet ?? {}) as { payload?: Buffer };
    if (payload) acknowledged.push(payload.toString());
  });
  broker.on('publish', ({ topic, payload }) => {
    if (topic === topics.reports(box.id)) sent.push(parse(payload as Buffer));
  });
  const publish = (payload: Buffer) =>
    broker.publish(
      { cmd: 'publish', topic: topics.actions(box.id), payload, qos: 1, retain: false, dup: false },
      () => undefined,
    );
  return {
    proxy,
    createUpstream: (deps) => createMqttUpstream({ url: `${scheme}://127.0.0.1:${proxy.port}`, ...mqttTimes }, deps),
    deliver: (action) => publish(Buffer.from(JSON.stringify(action))),
    deliverRaw: publish,
    acknowledged: () => idsOf(acknowledged),
    sent: () => sent,
    async close() {
      await proxy.close();
      await new Promise<void>((resolve) => broker.close(resolve));
      server.close();
    },
  };
}

/** What both headends without a transport acknowledgement do: repeat an action until some report about it came. */
function createRepeater() {
  const open = new Map<string, ActionMessage>();
  const sent: Record<string, unknown>[] = [];
  const acknowledged = new Set<string>();
  return {
    open,
    sent,
    acknowledged,
    take(message: Record<string, unknown>) {
      sent.push(message);
      const { kind, id } = message as Partial<Report>;
      if (kind !== 'report' || !id) return;
      open.delete(id);
      acknowledged.add(id);
    },
  };
}

async function createWebSocketPeer(): Promise<UpstreamPeer> {
  const { open, sent, acknowledged, take } = createRepeater();
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: '/stb/v1/ws',
    handleProtocols: () => 'stb.v1',
  });
  await once(server, 'listening');
  const proxy = await createTcpProxy((server.address() as AddressInfo).port);
  const send = (bytes: Buffer) => {
    for (const client of server.clients) client.send(bytes, { binary: false });
  };
  const sendOpen = () => {
    for (const action of open.values()) send(Buffer.from(JSON.stringify(action)));
  };
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data) => take(parse(data as Buffer)));
    sendOpen();
  });
  const repeat = setInterval(sendOpen, 300);
  return {
    proxy,
    createUpstream: (deps) =>
      createWebSocketUpstream({ url: `ws://127.0.0.1:${proxy.port}`, token, pingSeconds: 0.3 }, deps),
    deliver(action) {
      open.set(action.id, action);
      send(Buffer.from(JSON.stringify(action)));
    },
    deliverRaw: send,
    acknowledged: () => [...acknowledged],
    sent: () => sent,
    async close() {
      clearInterval(repeat);
      await proxy.close();
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createHeartbeatPeer(): Promise<UpstreamPeer> {
  const { open, sent, acknowledged, take } = createRepeater();
  /** Whole answers, and single items of one, as they are. */
  const answers: Buffer[] = [];
  const items: string[] = [];
  /** When each open action was last given out; it is given out again when nothing came of it. */
  const givenAt = new Map<string, number>();
  const held = new Set<() => void>();
  const isDue = () => due().length + answers.length + items.length > 0;
  const due = () => [...open.values()].filter(({ id }) => performance.now() - (givenAt.get(id) ?? -1000) > 300);

  async function beat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { noEvents } = parse(await bodyOf(request)) as { noEvents?: boolean };
    const seconds = Number(/wait=(\d+)/.exec(String(request.headers.prefer))?.[1] ?? 0);
    if (seconds > 0) response.setHeader('preference-applied', `wait=${seconds}`);
    if (seconds > 0 && !isDue()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.add(resolve);
      const late = setTimeout(resolve, seconds * 1000);
      response.on('close', resolve);
      await promise;
      clearTimeout(late);
      held.delete(resolve);
    }
    if (response.destroyed) return;
    const answer = answers.shift();
    if (answer) {
      response.end(answer);
      return;
    }
    const actions = noEvents ? [] : due();
    for (const { id } of actions) givenAt.set(id, performance.now());
    response.end(`{"actions":[${[...items.splice(0), ...actions.map((action) => JSON.stringify(action))].join()}]}`);
  }

  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else if (request.url === '/iptv/app/heartbeat') void beat(request, response);
    else if (request.url === '/stb/v1/reports') {
      void bodyOf(request).then((body) => {
        take(parse(body));
        response.writeHead(204).end();
      });
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await createTcpProxy((server.address() as AddressInfo).port);
  const wake = () => {
    for (const resolve of held) resolve();
  };
  const repeat = setInterval(() => isDue() && wake(), 300);
  return {
    proxy,
    createUpstream: (deps) =>
      createHeartbeatUpstream(
        { url: `http://127.0.0.1:${proxy.port}`, token, intervalSeconds: 0.2, longPollSeconds: 1, timeoutSeconds: 1 },
        deps,
      ),
    deliver(action) {
      open.set(action.id, action);
      wake();
    },
    deliverRaw(bytes) {
      const text = bytes.toString();
      if (isJson(text)) items.push(text);
      else answers.push(bytes);
      wake();
    },
    acknowledged: () => [...acknowledged],
    sent: () => sent,
    async close() {
      clearInterval(repeat);
      await proxy.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}
