/** MQTT 3.1.1 as a hostile client speaks it: packets in any order, and spoilt ones. */
import fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { topics } from '../../agent/protocol/topics.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { byteMutations } from './mutation.ts';

/** What one connection sends, piece by piece. */
export function mqttTraffic(box: DemoBox, other: DemoBox): fc.Arbitrary<Buffer[]> {
  const topic = fc.oneof(
    fc.constantFrom(topics.reports(box.id), topics.actions(box.id), topics.presence(box.id), topics.reports(other.id)),
    fc.constantFrom('#', '+/+/+', '$SYS/#', '', '/', 'stb/v1//reports', `stb/v1/${box.id}/artifacts/..`, 'a\u0000b'),
    fc.string(),
  );
  const payload = fc.oneof(fc.string(), fc.constantFrom('{}', 'online', 'offline', 'x'.repeat(300_000)));
  const messageId = fc.constantFrom(0, 1, 2, 65_535);
  const connect = fc.record({
    cmd: fc.constant('connect' as const),
    clientId: fc.constantFrom(box.id, other.id, '', 'x'.repeat(300)),
    username: fc.constantFrom(box.id, box.mac, other.id, 'admin', ''),
    password: fc.constantFrom(box.token, box.token, other.token, 'wrong').map((text) => Buffer.from(text)),
    clean: fc.boolean(),
    keepalive: fc.constantFrom(0, 1, 65_535),
    protocolId: fc.constantFrom('MQTT' as const, 'MQTT' as const, 'MQIsdp' as const),
    protocolVersion: fc.constantFrom(4 as const, 4 as const, 3 as const, 5 as const),
    will: fc.option(
      fc.record({
        topic,
        payload: payload.map((text) => Buffer.from(text)),
        qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
        retain: fc.boolean(),
      }),
      { nil: undefined },
    ),
  });
  const flags = { qos: fc.constantFrom(0, 1, 2), dup: fc.boolean(), retain: fc.boolean() };
  const publish = fc.record({ cmd: fc.constant('publish'), topic, payload, messageId, ...flags });
  const subscribe = fc.record({
    cmd: fc.constant('subscribe'),
    messageId,
    subscriptions: fc.array(fc.record({ topic, qos: fc.constantFrom(0, 1, 2) }), { minLength: 1, maxLength: 3 }),
  });
  const unsubscribe = fc.record({
    cmd: fc.constant('unsubscribe'),
    messageId,
    unsubscriptions: fc.array(topic, { minLength: 1, maxLength: 3 }),
  });
  const others = fc.record({
    cmd: fc.constantFrom('pingreq', 'disconnect', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'pingresp'),
    messageId,
  });
  const packet = fc.oneof(publish, publish, subscribe, unsubscribe, others, connect).map(encodeLoosely);
  const spoilt = fc.oneof(
    { weight: 2, arbitrary: packet },
    { weight: 3, arbitrary: fc.tuple(packet, byteMutations).map(([bytes, spoil]) => spoil(bytes)) },
  );
  const start = fc.oneof(
    { weight: 6, arbitrary: fc.constant(good(box)) },
    { weight: 2, arbitrary: connect.map(encodeLoosely) },
    { weight: 1, arbitrary: spoilt },
  );
  return fc.tuple(start, fc.array(spoilt, { minLength: 1, maxLength: 6 })).map(([first, rest]) => [first, ...rest]);
}

function good({ id, token }: DemoBox): Buffer {
  return encodeLoosely({
    cmd: 'connect',
    clientId: id,
    username: id,
    password: Buffer.from(token),
    clean: true,
    keepalive: 60,
    protocolId: 'MQTT',
    protocolVersion: 4,
  });
}

/** A packet as bytes; what the encoder refuses to write is written as a packet of that type without content. */
function encodeLoosely(packet: object): Buffer {
  try {
    return mqttPacket.generate(packet as Packet);
  } catch {
    return Buffer.from([(mqttPacket.generate({ cmd: 'pingreq' })[0] ?? 0xc0) ^ JSON.stringify(packet).length, 0]);
  }
}
