import type { IClientOptions, IConnackPacket } from 'mqtt';
import { createFrameCheck } from '../protocol/mqtt-frames.ts';
import { upstreamLimits } from './limits.ts';
import { createClient } from './mqtt-client.ts';
import { connectionReason, disconnectReason } from './mqtt-reasons.ts';
import { reasonOf } from './reasons.ts';

/** One MQTT connection, from CONNECT to its end. The next connection is another session; nothing is queued across. */
export interface MqttSession {
  /** Resolves when the broker accepted; rejects with why not. */
  readonly opened: Promise<IConnackPacket>;
  /** Resolves with the reason, in words, once the connection is gone. Never rejects. */
  readonly closed: Promise<string>;
  subscribe(topic: string): Promise<void>;
  unsubscribe(topic: string): void;
  /** Publishes at QoS 1; resolves at the PUBACK, rejects when it is refused, late, or the connection ends. */
  publish(topic: string, payload: Buffer, options?: PublishOptions): Promise<void>;
  /** Closes at once, so that the broker sends the last will; `reason` is what `closed` resolves with. */
  cut(reason: string): void;
  /** Says DISCONNECT, so that the last will is not sent, and closes. */
  end(): Promise<void>;
}

/** One PUBLISH from the broker. */
export interface Incoming {
  topic: string;
  bytes: Uint8Array;
  /** Tells a message that the broker repeats within the connection; 0 at QoS 0. */
  messageId: number;
  /** Sends the PUBACK, where there is one to send. */
  acknowledge(): void;
}

export interface PublishOptions {
  retain?: boolean;
  userProperties?: Record<string, string>;
}

/** MQTT 5, 2.1.2: the first packet from a broker is CONNACK, and AUTH has the highest number. */
const packetTypes = { connack: 2, auth: 15 };

/** Mosquitto 2.0.11 closes like this when a second client takes over the session. */
const closedSilently =
  'the broker closed the connection and did not say why; is it restarting, has a second box the same id?';

/**
 * Opens a session. `receive` gets each PUBLISH, resolves when it is ready for another and acknowledges in its own time. It is
 * in place before CONNECT leaves, because a broker sends what a resumed session missed right behind CONNACK.
 */
export function openSession(
  url: string,
  options: IClientOptions,
  receive: (message: Incoming) => Promise<void>,
): MqttSession {
  const client = createClient(url, { ...options, manualConnect: true, reconnectPeriod: 0, resubscribe: false });
  // The library reads nothing until this calls back. Called back without an error it sends the PUBACK; called back with
  // one it leaves the PUBACK to us and goes on reading, so that many messages share one commit of the journal.
  client.handleMessage = (packet, callback) => {
    const { topic, qos, messageId = 0 } = packet;
    const acknowledge = () => qos === 1 && sendPuback(messageId);
    void receive({ topic, bytes: Buffer.from(packet.payload), messageId, acknowledge }).then(() =>
      callback(qos === 1 ? new Error('acknowledged later') : undefined),
    );
  };

  let answered = false;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= connectionReason(error, answered);
    client.stream.destroy();
  };
  client.once('packetreceive', () => {
    answered = true;
  });
  client.on('error', fail);
  client.on('disconnect', (packet) => fail(new Error(disconnectReason(packet.reasonCode))));

  const unconfirmed = new Set<(error: Error) => void>();
  const closed = new Promise<string>((resolve) => {
    client.once('close', () => {
      failure ??= connectionReason(new Error(answered ? closedSilently : 'connection closed'), answered);
      for (const reject of [...unconfirmed]) reject(failure);
      resolve(failure.message);
    });
  });
  const opened = new Promise<IConnackPacket>((resolve, reject) => {
    client.once('connect', resolve);
    void closed.then(() => reject(failure));
  });

  client.connect();
  client.stream.on('error', fail);
  const { connack: first, auth: last } = packetTypes;
  const check = createFrameCheck({ first, last, most: () => upstreamLimits.frameBytes });
  client.stream.on('data', (chunk: Uint8Array) => {
    const refusal = check(chunk);
    if (refusal) fail(new Error(refusal));
  });

  /** Makes one request of the broker; rejects when its answer is negative or late, or the connection ends. */
  function confirmed(what: string, request: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null) => {
        clearTimeout(timer);
        unconfirmed.delete(settle);
        if (error) reject(new Error(`${what}: ${reasonOf(error)}`, { cause: error }));
        else resolve();
      };
      const late = new Error('the broker did not confirm it in time');
      const timer = setTimeout(settle, upstreamLimits.confirmMs, late);
      unconfirmed.add(settle);
      if (client.connected && !failure) request(settle);
      else settle(failure ?? new Error('there is no connection'));
    });
  }

  /** Success in four bytes: MQTT 5 (3.4.2.1) lets reason code and properties be left out, and then equals 3.1.1 (3.4). */
  function sendPuback(messageId: number) {
    if (client.connected) client.stream.write(Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]));
  }

  return {
    opened,
    closed,
    subscribe: (topic) => confirmed(`subscribe to ${topic}`, (done) => client.subscribe(topic, { qos: 1 }, done)),
    unsubscribe: (topic) => void client.unsubscribe(topic),
    publish: (topic, payload, { retain = false, userProperties } = {}) =>
      confirmed(`publish to ${topic}`, (done) => {
        const properties = userProperties && { properties: { userProperties } };
        client.publish(topic, payload, { qos: 1, retain, ...properties }, done);
      }),
    cut: (reason) => fail(new Error(reason)),
    async end() {
      // DISCONNECT in two bytes, again the same in both versions (MQTT 5: 3.14.2.1).
      if (client.connected) client.stream.end(Buffer.from([0xe0, 0]));
      else client.stream.destroy();
      const late = setTimeout(() => client.stream.destroy(), upstreamLimits.goodbyeMs);
      await closed;
      clearTimeout(late);
    },
  };
}
