import { Socket } from 'node:net';
import mqtt from 'mqtt';
import type { Logger } from 'pino';
import { limits } from '../../agent/protocol/limits.ts';
import { encode } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { Connection, Fleet } from '../fleet/fleet.ts';
import type { Broker } from './embedded.ts';
import { receiveArtifact } from './mqtt-artifact.ts';
import { readBoxTopic } from './topic.ts';

/**
 * A broker that runs elsewhere (Mosquitto, a cluster). It signs the boxes in itself and lets each publish only below
 * `stb/v1/<its id>/`, for that is all the headend knows a box by. Presence comes from the retained topic and its last will.
 */
export async function connectOutsideBroker(options: {
  url: string;
  username: string | undefined;
  password: string | undefined;
  ca: Buffer | undefined;
  fleet: Fleet;
  log: Logger;
}): Promise<Broker> {
  const { url, fleet, log } = options;
  const links = new Map<string, Connection>();
  const client = mqtt.connect(url, {
    clientId: 'stb-headend',
    clean: false,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });

  function link(box: string): Connection {
    const existing = links.get(box);
    if (existing !== undefined) return existing;
    const connection = fleet.connect({
      box,
      upstream: 'mqtt',
      async send(message) {
        if (!client.connected) throw new Error(`not connected to ${url}`);
        await client.publishAsync(topics.actions(box), encode(message), { qos: 1 });
      },
      // The broker signs the boxes in; only it can show one the door.
      cut: () => unlink(box),
    });
    links.set(box, connection);
    return connection;
  }

  function unlink(box: string): void {
    links.get(box)?.close();
    links.delete(box);
  }

  async function receive(topic: string, payload: Buffer): Promise<void> {
    const address = readBoxTopic(topic);
    if (address === undefined || fleet.store.boxes.get(address.box) === undefined) return;
    const { box } = address;
    if (address.kind === 'artifacts') {
      if (payload.length <= limits.artifactBytes) await receiveArtifact(fleet, box, address.action, payload, log);
    } else if (address.kind === 'reports') {
      await link(box).receive(payload);
    } else if (payload.toString() === 'offline') {
      unlink(box);
    } else {
      link(box);
      await fleet.inbox.heard(box, 'mqtt');
    }
  }

  client.on('connect', () => {
    const stream: unknown = client.stream;
    if (stream instanceof Socket) stream.setNoDelay(true);
    log.info({ url }, 'connected to the broker');
    client
      .subscribeAsync(['stb/v1/+/reports', 'stb/v1/+/presence', 'stb/v1/+/artifacts/+'], { qos: 1 })
      .catch((error: unknown) => log.error({ url, error: String(error) }, 'the broker refuses the subscriptions'));
  });
  client.on('close', () => {
    for (const box of [...links.keys()]) unlink(box);
  });
  client.on('error', (error) => log.warn({ url, error: error.message }, 'broker'));
  client.on('message', (topic, payload) => {
    receive(topic, payload).catch((error: unknown) => log.error({ topic, error: String(error) }, 'not stored'));
  });

  return {
    url,
    async close() {
      await client.endAsync();
    },
  };
}
