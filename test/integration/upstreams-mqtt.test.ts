/** What is particular to MQTT: acknowledgement, presence, versions, and brokers that misbehave. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { IConnectPacket } from 'mqtt-packet';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { topics } from '../../agent/protocol/topics.ts';
import { createMqttUpstream } from '../../agent/upstreams/mqtt.ts';
import type { MqttOptions } from '../../agent/upstreams/options.ts';
import { createMqtt5Broker, type Misbehaviour, type Mqtt5Broker } from '../support/mqtt5-broker.ts';
import { until } from '../support/until.ts';
import { action, createUpstreamBox, report, type UpstreamBox } from '../support/upstream-box.ts';
import { box as identity } from '../support/upstream-peers.ts';

const boxes: UpstreamBox[] = [];

afterEach(async () => {
  for (const box of boxes.splice(0)) await box.upstream.stop();
});

function startBox(port: number, options: Partial<MqttOptions> = {}): UpstreamBox {
  const url = `mqtt://127.0.0.1:${port}`;
  const box = createUpstreamBox((deps) => createMqttUpstream({ url, keepaliveSeconds: 1, ...options }, deps), identity);
  boxes.push(box);
  return box;
}

async function startBroker(misbehaviour?: Misbehaviour): Promise<Mqtt5Broker> {
  const broker = await createMqtt5Broker(misbehaviour);
  onTestFinished(async () => {
    for (const box of boxes.splice(0)) await box.upstream.stop();
    await broker.close();
  });
  return broker;
}

const connects = (broker: Mqtt5Broker) =>
  broker.packets.filter((packet): packet is IConnectPacket => packet.cmd === 'connect');
const presence = (broker: Mqtt5Broker) =>
  broker.published
    .filter(({ topic }) => topic === topics.presence(identity.id))
    .map(({ payload }) => payload.toString());
const send = (broker: Mqtt5Broker, id: string) =>
  broker.publish(topics.actions(identity.id), JSON.stringify(action(id)));
const idsOf = (texts: readonly string[]) => texts.map((text) => (JSON.parse(text) as { id: string }).id);

describe('connecting', () => {
  test('asks for a persistent session, with a last will, and keeps it at the next connect', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port, { username: 'box', password: 'secret', sessionExpirySeconds: 3600 });
    await until(() => box.connects === 1);
    expect(connects(broker)).toMatchObject([
      {
        protocolVersion: 5,
        clientId: identity.id,
        clean: false,
        username: 'box',
        password: Buffer.from('secret'),
        will: { topic: topics.presence(identity.id), payload: Buffer.from('offline'), qos: 1, retain: true },
        properties: { sessionExpiryInterval: 3600 },
      },
    ]);
    expect(box.upstream.status()).toMatchObject({ state: 'connected', detail: 'MQTT 5' });
  });

  test('takes user name and password from the URL, and shows them nowhere', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port, { url: `mqtt://box:s%40cret@127.0.0.1:${broker.port}` });
    await until(() => box.connects === 1);
    expect(connects(broker)).toMatchObject([{ username: 'box', password: Buffer.from('s@cret') }]);
    expect(JSON.stringify(box.upstream.status())).not.toContain('cret');
  });

  test.each([
    [134, /user name or password/],
    [135, /does not let this box in/],
    [136, /not available/],
    [133, /client id/],
    [151, /Quota exceeded \(code 151\)/i],
  ])('a refusal with code %i is said in words', async (reasonCode, words) => {
    const broker = await startBroker({ connack: () => ({ reasonCode }) });
    const box = startBox(broker.port);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(words);
    expect(box.connects).toBe(0);
  });

  test('a box that may not subscribe to its own topic is not connected', async () => {
    const broker = await startBroker({ granted: () => 0x87 });
    const box = startBox(broker.port);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(/subscribe to stb\/v1\/b0c5\/actions: .*Not authorized/);
  });

  test('a group that may not be subscribed to costs the box nothing else', async () => {
    const broker = await startBroker({ granted: (topic) => (topic.includes('group') ? 0x87 : 1) });
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    send(broker, 'a1');
    await until(() => broker.acknowledged.length === 1);
  });
});

describe('versions', () => {
  test('a broker that refuses 5 is asked for 3.1.1 at once, and only for that from then on', async () => {
    const asked: number[] = [];
    const broker = await Aedes.createBroker({
      preConnect(_client, packet, done) {
        asked.push(packet.protocolVersion ?? 0);
        done(null, true);
      },
    });
    const clients: { close(): void }[] = [];
    broker.on('client', (client) => clients.push(client));
    const server = createServer(broker.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const box = startBox((server.address() as AddressInfo).port);
    await until(() => box.connects === 1);
    expect(asked).toEqual([5, 4]);
    expect(box.upstream.status().detail).toBe('MQTT 3.1.1');
    clients[0]?.close();
    await until(() => box.connects === 2);
    expect(asked).toEqual([5, 4, 4]);
    await box.upstream.stop();
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
  });

  test('a broker that refuses 5 with the code of MQTT 5 is asked for 3.1.1', async () => {
    const broker = await startBroker({
      connack: ({ protocolVersion }) => (protocolVersion === 5 ? { reasonCode: 132 } : undefined),
    });
    startBox(broker.port);
    await until(() => connects(broker).length >= 2);
    expect(
      connects(broker)
        .map(({ protocolVersion }) => protocolVersion)
        .slice(0, 2),
    ).toEqual([5, 4]);
  });

  test('a broker that closes without a word is asked for 3.1.1 next, and then for 5 again', async () => {
    const broker = await startBroker({ connack: () => undefined });
    const box = startBox(broker.port);
    await until(() => connects(broker).length === 3);
    expect(connects(broker).map(({ protocolVersion }) => protocolVersion)).toEqual([5, 4, 5]);
    expect(box.upstream.status().lastError).toMatch(/CONNECT was not answered \(connection closed\)/);
  });
});

describe('taking messages', () => {
  test('many messages are on their way at once, and their PUBACKs leave in the order the messages came', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    const stored = new Map<string, () => void>();
    box.store = (text) => new Promise((resolve) => stored.set(idsOf([text])[0] ?? '', resolve));
    for (const id of ['a1', 'a2', 'a3']) send(broker, id);
    await until(() => stored.size === 3);
    stored.get('a3')?.();
    stored.get('a2')?.();
    await box.upstream.send(report('other', 'done'));
    expect(broker.acknowledged).toEqual([]);
    stored.get('a1')?.();
    await until(() => broker.acknowledged.length === 3);
    expect(idsOf(broker.acknowledged)).toEqual(['a1', 'a2', 'a3']);
  });

  test('what a resumed session missed is taken although it comes right behind CONNACK', async () => {
    const broker = await startBroker();
    const first = startBox(broker.port);
    await until(() => first.connects === 1);
    await first.upstream.stop();
    for (const id of ['a1', 'a2']) send(broker, id);
    const second = startBox(broker.port);
    await until(() => broker.acknowledged.length === 2);
    expect(idsOf(second.received)).toEqual(['a1', 'a2']);
  });

  test('a message whose connection ended before it was stored is not acknowledged on the next one by mistake', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    const late = Promise.withResolvers<void>();
    box.store = () => late.promise;
    send(broker, 'a1');
    await until(() => box.received.length === 1);
    const never = Promise.withResolvers<void>();
    box.store = () => never.promise;
    broker.write(Buffer.from([0xe0, 2, 139, 0]));
    await until(() => box.connects === 2 && box.received.length === 2);
    late.resolve();
    await box.upstream.send(report('other', 'done'));
    expect(broker.acknowledged).toEqual([]);
    never.resolve();
    await until(() => broker.acknowledged.length === 1);
  });

  test('a group reaches the box', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    broker.publish(topics.groupActions('lobby'), JSON.stringify(action('a1')));
    await until(() => broker.acknowledged.length === 1);
    expect(idsOf(box.received)).toEqual(['a1']);
  });

  test('a group that the box has left is unsubscribed and its message is not run', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    await box.upstream.stop();
    broker.publish(topics.groupActions('lobby'), JSON.stringify(action('a1')));
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const moved = createUpstreamBox((deps) => createMqttUpstream({ url }, deps), { ...identity, groups: [] });
    boxes.push(moved);
    await until(() => broker.packets.some(({ cmd }) => cmd === 'unsubscribe'));
    await until(() => broker.acknowledged.length === 1);
    expect(moved.received).toEqual([]);
  });
});

describe('presence', () => {
  test('is online while connected and offline after a stop, said by the box itself', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    expect(presence(broker)).toEqual(['online']);
    await box.upstream.stop();
    expect(presence(broker)).toEqual(['online', 'offline']);
    expect(broker.published.every(({ retain, topic }) => retain || topic !== topics.presence(identity.id))).toBe(true);
    expect(broker.packets.at(-1)?.cmd).toBe('disconnect');
  });

  test('a stop in the middle of subscribing never leaves the box online', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => broker.packets.some(({ cmd }) => cmd === 'subscribe'));
    await box.upstream.stop();
    expect(presence(broker).at(-1)).toBe('offline');
  });
});

describe('sending', () => {
  test('an artifact goes to its own topic, with its content type and digest', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    const artifact = { contentType: 'image/png', bytes: Buffer.from([1, 2, 3]), sha256: 'ab12' };
    await box.upstream.sendArtifact?.('a1', artifact);
    expect(broker.published.at(-1)).toMatchObject({
      topic: topics.artifact(identity.id, 'a1'),
      payload: Buffer.from([1, 2, 3]),
      properties: { userProperties: { contentType: 'image/png', sha256: 'ab12' } },
    });
  });

  test('no more reports are under way than the broker wants', async () => {
    let underway = 0;
    let most = 0;
    const broker = await startBroker({
      connack: () => ({ properties: { receiveMaximum: 3 } }),
      confirms: ({ topic }) => {
        if (topic !== topics.reports(identity.id)) return true;
        underway += 1;
        most = Math.max(most, underway);
        setImmediate(() => {
          underway -= 1;
        });
        return true;
      },
    });
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    await Promise.all(Array.from({ length: 40 }, (_, index) => box.upstream.send(report(`a${index}`, 'done'))));
    expect(broker.published).toHaveLength(41);
    expect(most).toBeLessThanOrEqual(3);
  });

  test('a broker that announces a packet larger than is taken is cut off before it has sent it', async () => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    // PUBLISH at QoS 1 with 256 MiB to come (MQTT 5, 2.1.4), of which it sends nothing.
    broker.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]));
    await until(() => box.losses.length === 1);
    expect(box.losses[0]).toMatch(/268435455 bytes, at most 1048576/);
    await until(() => box.connects === 2);
  });

  test('a report without PUBACK is rejected when the connection ends', async () => {
    const broker = await startBroker({ confirms: ({ topic }) => topic !== topics.reports(identity.id) });
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    const sending = box.upstream.send(report('a1', 'done'));
    const rejected = expect(sending).rejects.toMatchObject({
      code: 'HEADEND_FAILED',
      message: expect.stringMatching(/shutting down/),
    });
    await until(() => broker.published.length === 2);
    broker.write(Buffer.from([0xe0, 2, 139, 0]));
    await rejected;
  });
});

describe('a hostile broker', () => {
  test.each([
    ['DISCONNECT because another box has its id', Buffer.from([0xe0, 2, 142, 0]), /second box/],
    ['garbage', Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), /./],
    ['a PUBLISH with QoS 3', Buffer.from([0x36, 5, 0, 1, 0x61, 0, 1]), /./],
    ['a second CONNACK', Buffer.from([0x20, 3, 0, 0, 0]), /duplicate CONNACK/],
    ['a PUBLISH with an unknown topic alias', Buffer.from([0x32, 8, 0, 0, 0, 1, 3, 0x23, 0, 9]), /Topic Alias/],
    ['a packet type that is for clients', Buffer.from([0x82, 0]), /./],
  ])('that sends %s costs one connection', async (_what, bytes, words) => {
    const broker = await startBroker();
    const box = startBox(broker.port);
    await until(() => box.connects === 1);
    broker.write(bytes);
    await until(() => box.losses.length === 1);
    expect(box.losses[0]).toMatch(words);
    await until(() => box.connects === 2);
  });

  test.each([
    ['nothing at all', (): Buffer => Buffer.alloc(0)],
    ['a web page', (): Buffer => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('that is none and answers CONNECT with %s is tried again', async (_what, answer) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.end(answer());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const box = startBox((server.address() as AddressInfo).port);
    await until(() => connections >= 2);
    expect(box.connects).toBe(0);
    expect(box.upstream.status().lastError).toBeTruthy();
    await box.upstream.stop();
    server.close();
  });
});
