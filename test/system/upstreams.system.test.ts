/** The upstreams against Mosquitto, and over TLS with a private authority. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connectAsync, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { limits } from '../../agent/protocol/limits.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { Upstream } from '../../agent/upstream.ts';
import { createHeartbeatUpstream } from '../../agent/upstreams/heartbeat.ts';
import { upstreamLimits } from '../../agent/upstreams/limits.ts';
import { createMqttUpstream } from '../../agent/upstreams/mqtt.ts';
import type { MqttOptions, TlsOptions, UpstreamDeps } from '../../agent/upstreams/options.ts';
import { createWebSocketUpstream } from '../../agent/upstreams/websocket.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { type Certificates, createCertificates } from '../support/certificates.ts';
import { openTestHeadend } from '../support/headend.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createTcpProxy } from '../support/tcp-proxy.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { action, createUpstreamBox, report, type UpstreamBox } from '../support/upstream-box.ts';
import { box as identity, token } from '../support/upstream-peers.ts';

function startBox(createUpstream: (deps: UpstreamDeps) => Upstream): UpstreamBox {
  const box = createUpstreamBox(createUpstream, identity);
  onTestFinished(() => box.upstream.stop());
  return box;
}

const startMqttBox = (port: number, options: Partial<MqttOptions> = {}) =>
  startBox((deps) => createMqttUpstream({ url: `mqtt://127.0.0.1:${port}`, keepaliveSeconds: 1, ...options }, deps));

async function startConnectedBox(port: number): Promise<UpstreamBox> {
  const box = startMqttBox(port);
  await until(() => box.connects === 1);
  return box;
}

/** What a headend is at the broker: it publishes, and sees all that boxes publish. */
async function startHeadend({ port }: Mosquitto) {
  const client: MqttClient = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 5,
    reconnectPeriod: 100,
  });
  onTestFinished(() => client.endAsync(true));
  const seen: { topic: string; text: string; retain: boolean }[] = [];
  client.on('message', (topic, payload, { retain }) => seen.push({ topic, text: payload.toString(), retain }));
  await client.subscribeAsync(['stb/v1/+/reports', 'stb/v1/+/presence', 'stb/v1/+/artifacts/+'], { qos: 1 });
  return {
    send: (id: string, options?: IClientPublishOptions) =>
      client.publishAsync(topics.actions(identity.id), JSON.stringify(action(id)), { qos: 1, ...options }),
    sendRaw: (bytes: Buffer) => client.publishAsync(topics.actions(identity.id), bytes, { qos: 1 }),
    presence: () => seen.filter(({ topic }) => topic === topics.presence(identity.id)).map(({ text }) => text),
    accepted: () =>
      seen
        .filter(({ topic }) => topic === topics.reports(identity.id))
        .map(({ text }) => (JSON.parse(text) as { id: string }).id),
  };
}

const idsOf = (box: UpstreamBox) => box.received.map((text) => (JSON.parse(text) as { id: string }).id);

describe('Mosquitto', () => {
  test('MQTT 5 is agreed; what is sent while the box is off waits for it, in order', async () => {
    const broker = await startMosquitto();
    const headend = await startHeadend(broker);
    const before = await startConnectedBox(broker.port);
    expect(before.upstream.status().detail).toBe('MQTT 5');
    await before.upstream.stop();
    const ids = Array.from({ length: 2000 }, (_, index) => `a${index}`);
    await Promise.all(ids.map((id) => headend.send(id)));
    const after = await startConnectedBox(broker.port);
    await until(() => after.received.length >= ids.length, 'all actions');
    expect(idsOf(after)).toEqual(ids);
    await after.upstream.stop();
    const again = await startConnectedBox(broker.port);
    await headend.send('next');
    await until(() => again.received.length > 0);
    expect(idsOf(again)).toEqual(['next']);
  });

  test('a message that expired while the box was off does not reach it', async () => {
    const broker = await startMosquitto();
    const headend = await startHeadend(broker);
    const before = await startConnectedBox(broker.port);
    await before.upstream.stop();
    await headend.send('stale', { properties: { messageExpiryInterval: 1 } });
    await headend.send('fresh');
    // Nothing but time makes it expire.
    const end = Date.now() + 2000;
    await until(() => Date.now() > end);
    const after = await startConnectedBox(broker.port);
    await until(() => after.received.length > 0);
    expect(idsOf(after)).toEqual(['fresh']);
  });

  test('presence is retained: online, offline after a stop, and offline by the last will when the box vanishes', async () => {
    const broker = await startMosquitto();
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(broker.port);
    await until(() => headend.presence().at(-1) === 'online');
    await box.upstream.stop();
    await until(() => headend.presence().at(-1) === 'offline');
    const late = await startHeadend(broker);
    await until(() => late.presence().length === 1);
    expect(late.presence()).toEqual(['offline']);

    const proxy = await createTcpProxy(broker.port);
    onTestFinished(() => proxy.close());
    await startConnectedBox(proxy.port);
    await until(() => headend.presence().at(-1) === 'online');
    await proxy.down();
    await until(() => headend.presence().at(-1) === 'offline');
  });

  test('restarted with its store: the box comes back, and what it had not acknowledged comes again', async () => {
    const broker = await startMosquitto();
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(broker.port);
    const isFull = Promise.withResolvers<void>();
    box.store = () => isFull.promise;
    await headend.send('a1');
    await until(() => box.received.length === 1);
    await broker.stop();
    await until(() => box.losses.length === 1);
    await expect(box.upstream.send(report('a2', 'done'))).rejects.toThrow(/no connection/);
    isFull.resolve();
    await broker.start();
    await until(() => box.received.length === 2);
    expect(idsOf(box)).toEqual(['a1', 'a1']);
  });

  test('killed, and started again without a memory: the box comes back and subscribes again', async () => {
    const broker = await startMosquitto(['persistence false']);
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(broker.port);
    await broker.stop('SIGKILL');
    await until(() => box.losses.length === 1);
    await broker.start();
    await until(() => box.connects === 2);
    await headend.send('a1');
    await until(() => headend.accepted().includes('a1'));
  });

  test('a message far too large is kept back by the broker, one somewhat too large is refused by the reader', async () => {
    const broker = await startMosquitto();
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(broker.port);
    await headend.sendRaw(Buffer.alloc(upstreamLimits.frameBytes * 2, 0x20));
    await headend.sendRaw(Buffer.alloc(limits.messageBytes + 1, 0x20));
    await headend.send('a1');
    await until(() => headend.accepted().includes('a1'));
    expect(box.received.map(({ length }) => length)).toEqual([
      limits.messageBytes + 1,
      JSON.stringify(action('a1')).length,
    ]);
    expect(box.losses).toEqual([]);
  });

  test('a broker that allows few messages in flight gets a thousand reports', async () => {
    const broker = await startMosquitto(['max_inflight_messages 3']);
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(broker.port);
    await Promise.all(Array.from({ length: 1000 }, (_, index) => box.upstream.send(report(`a${index}`, 'done'))));
    await until(() => headend.accepted().length === 1000);
    expect(box.losses).toEqual([]);
  });

  test('two boxes with one id: each is told what may be wrong', async () => {
    const broker = await startMosquitto();
    const first = await startConnectedBox(broker.port);
    await startConnectedBox(broker.port);
    await until(() => first.losses.length > 0);
    expect(first.losses[0]).toMatch(/has a second box the same id\?/);
  });

  test('a box without a user name is told so', async () => {
    const broker = await startMosquitto(['allow_anonymous false']);
    const box = startMqttBox(broker.port);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(/does not let this box in|user name or password/);
  });

  test('it can be reached over WebSocket', async () => {
    const broker = await startMosquitto([], ['protocol websockets']);
    const box = startMqttBox(broker.port, { url: `ws://127.0.0.1:${broker.secondPort}/mqtt` });
    await until(() => box.connects === 1);
    expect(box.upstream.status().detail).toBe('MQTT 5');
  });

  test('a link on which nothing passes is noticed, and the message in it comes again', async () => {
    const broker = await startMosquitto();
    const proxy = await createTcpProxy(broker.port);
    onTestFinished(() => proxy.close());
    const headend = await startHeadend(broker);
    const box = await startConnectedBox(proxy.port);
    proxy.freeze();
    await headend.send('a1');
    await until(() => box.losses.length === 1);
    await until(() => idsOf(box).includes('a1'));
  });
});

/** Starts a server with the certificates and answers how to make a box for it. */
type TlsPeer = (certificates: Certificates) => Promise<(tls: TlsOptions, host?: string) => UpstreamBox>;

const tlsPeers: Record<string, TlsPeer> = {
  async mqtts({ ca, server }) {
    const { secondPort: port } = await startMosquitto(
      [],
      [`cafile ${ca}`, `certfile ${server.cert}`, `keyfile ${server.key}`],
    );
    return (tls, host = 'localhost') => startMqttBox(port, { url: `mqtts://${host}:${port}`, tls });
  },
  async 'MQTT over wss'({ ca, server }) {
    const files = [`cafile ${ca}`, `certfile ${server.cert}`, `keyfile ${server.key}`];
    const { secondPort: port } = await startMosquitto([], ['protocol websockets', ...files]);
    return (tls, host = 'localhost') => startMqttBox(port, { url: `wss://${host}:${port}`, tls });
  },
  async wss({ server }) {
    const { port, https } = await startHttps(server);
    new WebSocketServer({ server: https, handleProtocols: () => 'stb.v1' });
    return (tls, host = 'localhost') =>
      startBox((deps) => createWebSocketUpstream({ url: `wss://${host}:${port}`, token, tls }, deps));
  },
  async https({ server }) {
    const { port, https } = await startHttps(server);
    https.on('request', (_request, response) => response.end('[]'));
    return (tls, host = 'localhost') =>
      startBox((deps) => createHeartbeatUpstream({ url: `https://${host}:${port}`, token, tls }, deps));
  },
};

async function startHttps({ cert, key }: { cert: string; key: string }) {
  const https = createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) }).listen(0, '127.0.0.1');
  await once(https, 'listening');
  onTestFinished(() => {
    https.closeAllConnections();
    https.close();
  });
  return { port: (https.address() as AddressInfo).port, https };
}

describe.each(Object.entries(tlsPeers))('TLS: %s', (_name, startPeer) => {
  test('the authority of the operator is trusted when it is configured, and only then', async () => {
    const certificates = createCertificates(temporaryDirectory());
    const startTlsBox = await startPeer(certificates);
    const trusting = startTlsBox({ ca: certificates.ca });
    await until(() => trusting.connects === 1);
    await trusting.upstream.stop();
    const wary = startTlsBox({});
    await until(() => wary.upstream.status().state === 'waiting');
    expect(wary.upstream.status().lastError).toMatch(/not trusted; name its file in ca_file/);
    const careless = startTlsBox({ insecure: true });
    await until(() => careless.connects === 1);
  });

  test('a certificate for another name is refused, unless that name is configured', async () => {
    const certificates = createCertificates(temporaryDirectory());
    const startTlsBox = await startPeer(certificates);
    const wary = startTlsBox({ ca: certificates.ca, servername: 'headend.example' });
    await until(() => wary.upstream.status().state === 'waiting');
    expect(wary.upstream.status().lastError).toMatch(/for another host; check the URL/);
    await wary.upstream.stop();
    const named = startTlsBox({ ca: certificates.ca, servername: 'localhost' }, '127.0.0.1');
    await until(() => named.connects === 1);
  });

  test('a PEM file that is not there is named', async () => {
    const certificates = createCertificates(temporaryDirectory());
    const startTlsBox = await startPeer(certificates);
    const box = startTlsBox({ ca: '/nowhere/ca.pem' });
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(/ca_file: cannot read \/nowhere\/ca\.pem/);
  });
});

test('the headend trusts the authority of its broker when it is configured, and says which file it cannot read', async () => {
  const { ca, server } = createCertificates(temporaryDirectory());
  const files = [`cafile ${ca}`, `certfile ${server.cert}`, `keyfile ${server.key}`];
  const { secondPort: port } = await startMosquitto([], files);
  const url = `mqtts://localhost:${port}`;
  const head = await openTestHeadend({ broker: { url, ca_file: ca } });
  onTestFinished(() => head.close());
  const [{ id }] = head.demo.boxes as [DemoBox];
  const box = await connectAsync(url, { clientId: id, ca: readFileSync(ca) });
  onTestFinished(() => box.endAsync(true));
  await box.publishAsync(topics.presence(id), 'online', { qos: 1, retain: true });
  const isOnline = async () => (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${id}`)).body.online;
  await until(isOnline, 'the headend to hear of the box');
  await expect(openTestHeadend({ broker: { url, ca_file: '/nowhere/ca.pem' } })).rejects.toThrow(
    /^broker\.ca_file: \/nowhere\/ca\.pem cannot be used/,
  );
});

test('a broker that wants a client certificate gets it', async () => {
  const { ca, server, client } = createCertificates(temporaryDirectory());
  const files = [`cafile ${ca}`, `certfile ${server.cert}`, `keyfile ${server.key}`];
  const { secondPort: port } = await startMosquitto([], [...files, 'require_certificate true']);
  const url = `mqtts://localhost:${port}`;
  const nobody = startMqttBox(port, { url, tls: { ca } });
  await until(() => nobody.upstream.status().state === 'waiting');
  expect(nobody.connects).toBe(0);
  await nobody.upstream.stop();
  const known = startMqttBox(port, { url, tls: { ca, ...client } });
  await until(() => known.connects === 1);
});
