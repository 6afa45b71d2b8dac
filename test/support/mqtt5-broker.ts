import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import mqttPacket, {
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type Packet,
} from 'mqtt-packet';

/** What the broker keeps for one client id, connected or not. */
type Session = {
  topics: Set<string>;
  /** QoS 1 messages without a PUBACK, by packet id, oldest first. */
  unacknowledged: Map<number, IPublishPacket>;
  socket?: Socket;
  will?: IConnectPacket['will'];
};

/**
 * A small MQTT 5 broker for tests: QoS 1, persistent sessions, last wills, exact topics. It shows every packet that it got, and
 * a test may have it misbehave.
 */
export interface Mqtt5Broker {
  readonly port: number;
  /** Every packet from clients, in order. */
  readonly packets: Packet[];
  /** Messages whose PUBACK came, in the order of the PUBACKs. */
  readonly acknowledged: string[];
  /** Messages from clients. */
  readonly published: IPublishPacket[];
  publish(topic: string, payload: Buffer | string): void;
  /** Writes bytes to every connected client, as they are. */
  write(bytes: Buffer): void;
  close(): Promise<void>;
}

export interface Misbehaviour {
  /** Answers CONNECT. Absent: accepts. `undefined` closes without a word. */
  connack?(connect: IConnectPacket): Partial<IConnackPacket> | undefined;
  /** The SUBACK code of a topic. Absent: 1. */
  granted?(topic: string): number;
  /** Whether PUBLISH is confirmed; absent: always. */
  confirms?(publish: IPublishPacket): boolean;
}

export async function createMqtt5Broker(misbehaviour: Misbehaviour = {}): Promise<Mqtt5Broker> {
  const sessions = new Map<string, Session>();
  const sockets = new Set<Socket>();
  const packets: Packet[] = [];
  const acknowledged: string[] = [];
  const published: IPublishPacket[] = [];
  let lastId = 0;

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const parser = mqttPacket.parser({ protocolVersion: 5 });
    let session: Session | undefined;
    const send = (packet: Packet) => socket.write(mqttPacket.generate(packet, { protocolVersion: 5 }));
    socket.on('data', (data) => parser.parse(data));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (session?.socket !== socket) return;
      delete session.socket;
      if (session.will) published.push({ cmd: 'publish', dup: false, qos: 1, retain: true, ...session.will });
    });
    parser.on('error', () => socket.destroy());
    parser.on('packet', (packet: Packet) => {
      packets.push(packet);
      if (packet.cmd === 'connect') session = accept(packet);
      else if (session) answer(packet, session);
      else socket.destroy();
    });

    function accept(packet: IConnectPacket): Session | undefined {
      const answer = misbehaviour.connack ? misbehaviour.connack(packet) : {};
      if (!answer) {
        socket.destroy();
        return undefined;
      }
      const known = sessions.get(packet.clientId);
      const connack: IConnackPacket = { cmd: 'connack', sessionPresent: known !== undefined, reasonCode: 0, ...answer };
      if (connack.reasonCode !== 0) {
        socket.end(mqttPacket.generate(connack, { protocolVersion: 5 }));
        return undefined;
      }
      const accepted: Session = known ?? { topics: new Set(), unacknowledged: new Map() };
      accepted.socket?.destroy();
      accepted.socket = socket;
      if (packet.will) accepted.will = packet.will;
      sessions.set(packet.clientId, accepted);
      // In one segment with CONNACK, the earliest that a resumed session may be sent what it missed.
      const missed = [...accepted.unacknowledged.values()].map((publish) => ({ ...publish, dup: true }));
      const bytes = [connack, ...missed].map((each) => mqttPacket.generate(each, { protocolVersion: 5 }));
      socket.write(Buffer.concat(bytes));
      return accepted;
    }

    function answer(packet: Packet, session: Session): void {
      const { messageId = 0 } = packet;
      if (packet.cmd === 'subscribe') send({ cmd: 'suback', messageId, granted: subscribe(packet, session) });
      else if (packet.cmd === 'unsubscribe') {
        for (const topic of packet.unsubscriptions) session.topics.delete(topic);
        send({ cmd: 'unsuback', messageId, granted: packet.unsubscriptions.map(() => 0) });
      } else if (packet.cmd === 'publish') {
        published.push(packet);
        if (misbehaviour.confirms?.(packet) ?? true) send({ cmd: 'puback', messageId, reasonCode: 0 });
      } else if (packet.cmd === 'puback') {
        const publish = session.unacknowledged.get(messageId);
        if (publish) acknowledged.push(publish.payload.toString());
        session.unacknowledged.delete(messageId);
      } else if (packet.cmd === 'pingreq') send({ cmd: 'pingresp' });
      else if (packet.cmd === 'disconnect') {
        delete session.will;
        socket.end();
      }
    }
  });

  function subscribe(packet: ISubscribePacket, session: Session): number[] {
    return packet.subscriptions.map(({ topic }) => {
      const code = misbehaviour.granted?.(topic) ?? 1;
      if (code < 0x80) session.topics.add(topic);
      return code;
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    packets,
    acknowledged,
    published,
    publish(topic, payload) {
      for (const session of sessions.values()) {
        if (!session.topics.has(topic)) continue;
        lastId = (lastId % 65_535) + 1;
        const packet: IPublishPacket = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(payload as string),
          qos: 1,
          dup: false,
          retain: false,
          messageId: lastId,
        };
        session.unacknowledged.set(lastId, packet);
        session.socket?.write(mqttPacket.generate(packet, { protocolVersion: 5 }));
      }
    },
    write(bytes) {
      for (const socket of sockets) socket.write(bytes);
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
