import mqttPacket, { type IPublishPacket } from 'mqtt-packet';
import { topics } from '../../agent/protocol/topics.ts';
import { createMqtt5Broker } from '../support/mqtt5-broker.ts';
import { box, type Hear, type HostileHeadend } from './hostile-headend.ts';

/** An MQTT 5 broker that sends the box whatever a test wants. */
export async function createHostileBroker(hear: Hear): Promise<HostileHeadend> {
  const reports = topics.reports(box.id);
  const actions = topics.actions(box.id);
  const broker = await createMqtt5Broker({
    confirms({ topic, payload }) {
      if (topic === reports) hear(JSON.parse(payload.toString()));
      return true;
    },
  });
  const packet = (more: Partial<IPublishPacket>) =>
    mqttPacket.generate(
      { cmd: 'publish', topic: actions, payload: '{}', qos: 1, messageId: 60_001, dup: false, retain: false, ...more },
      { protocolVersion: 5 },
    );
  const raw =
    (...bytes: (number | Buffer)[]) =>
    () =>
      broker.write(Buffer.concat(bytes.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part))));

  return {
    config: { 'upstream.mqtt.url': `mqtt://127.0.0.1:${broker.port}`, 'upstream.mqtt.keepalive_seconds': 1 },
    carries: () => true,
    deliver(messages) {
      for (const message of messages) broker.publish(actions, message);
    },
    breaches: {
      'bytes that are no MQTT': raw(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')),
      'a packet type that does not exist': raw(0x00, 0x00),
      'a length of five bytes': raw(0x32, 0xff, 0xff, 0xff, 0xff, 0x7f),
      'half of a message of 256 MiB': raw(0x32, 0xff, 0xff, 0xff, 0x7f, Buffer.alloc(4096)),
      'a message of 24 MiB': raw(packet({ payload: Buffer.alloc(24 * 1024 * 1024, '{') })),
      'a message byte by byte': () => {
        for (const byte of packet({ payload: Buffer.from('{"v":1}') })) broker.write(Buffer.from([byte]));
      },
      'a message on the topic of another box': raw(packet({ topic: topics.actions('another') })),
      'a message at QoS 0 without bytes': raw(packet({ qos: 0, payload: '' })),
      'a message at QoS 2': raw(packet({ qos: 2 })),
      'a message at QoS 3': raw(0x36, 0x03, 0x00, 0x01, 0x61),
      'a topic that is no UTF-8': raw(0x30, 0x04, 0x00, 0x02, 0xff, 0xfe),
      'a topic longer than its packet': raw(0x30, 0x03, 0xff, 0xff, 0x61),
      'properties that do not exist': raw(0x32, 0x08, 0x00, 0x01, 0x61, 0x00, 0x01, 0x02, 0xfe, 0xfe),
      'a second CONNACK': raw(0x20, 0x03, 0x00, 0x00, 0x00),
      'confirmations of what was never sent': raw(
        0x40,
        0x02,
        0xea,
        0x60,
        0x50,
        0x02,
        0xea,
        0x61,
        0x90,
        0x04,
        0xea,
        0x62,
        0x00,
        0x00,
      ),
      'packets that only a broker gets': raw(0x10, 0x00, 0x82, 0x00, 0xc0, 0x00),
      'a DISCONNECT': raw(0xe0, 0x02, 0x8b, 0x00),
    },
    close: broker.close,
  };
}
