import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import type { Logger } from 'pino';
import { encode } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { Connection, Fleet } from '../fleet/fleet.ts';
import { createBrokerAccess } from './access.ts';
import { guardFrames } from './frame-guard.ts';
import { receiveArtifact } from './mqtt-artifact.ts';
import { readBoxTopic } from './topic.ts';

export type Broker = { url: string; close(): Promise<void> };

/** How long a client that does not read may hold up what is sent to it, before it is cut off. */
const drainMs = 10_000;
const keepAliveMs = 60_000;

/**
 * The broker that comes with the headend (MQTT 3.1.1). A box signs in with its id or MAC as user name and its token as password;
 * an administrator with any user name and an ADMIN token.
 *
 * Sessions live in memory: after a restart of the headend the boxes subscribe anew, and the store sends again what is not accepted.
 */
export async function startEmbeddedBroker(options: {
  host: string;
  port: number;
  fleet: Fleet;
  log: Logger;
}): Promise<Broker> {
  const { host, fleet, log } = options;
  const access = createBrokerAccess(fleet.store);
  const links = new Map<Client, Connection>();

  const broker = await Aedes.createBroker({
    ...access.hooks,
    drainTimeout: drainMs,
    // The next packets are read when these are stored, so that a box cannot say more than the disk can take.
    published({ topic, payload }, client, done) {
      if (client === null) return done(null);
      receive(client, topic, Buffer.isBuffer(payload) ? payload : Buffer.from(payload))
        // The box repeats what matters until it is acknowledged, so what could not be stored now comes again.
        .catch((error: unknown) => log.error({ topic, error: String(error) }, 'a message could not be stored'))
        .finally(() => done(null));
    },
  });

  async function receive(client: Client, topic: string, payload: Buffer): Promise<void> {
    const address = readBoxTopic(topic);
    const box = access.boxOf(client);
    if (address === undefined || box === undefined) return;
    if (address.kind === 'artifacts') await receiveArtifact(fleet, box, address.action, payload, log);
    else if (address.kind === 'reports') await (links.get(client) ?? mute(box)).receive(payload);
    else if (payload.toString() === 'online') await fleet.inbox.heard(box, 'mqtt');
  }

  /** A client that does not listen is heard all the same; there is no link over which to answer it. */
  function mute(box: string): Pick<Connection, 'receive'> {
    return { receive: (bytes) => fleet.inbox.receive(box, 'mqtt', bytes) };
  }

  /** Only a client that listens to its actions is a link: what is sent to another is lost. */
  function link(client: Client): void {
    const box = access.boxOf(client);
    if (box === undefined || !access.listens(client) || client.closed || links.has(client)) return;
    links.set(
      client,
      fleet.connect({
        box,
        upstream: 'mqtt',
        send: (message) => publish(client, topics.actions(box), encode(message)),
        cut: () => client.close(),
      }),
    );
  }

  // A resumed session brings its subscriptions along, and no SUBSCRIBE follows.
  broker.on('clientReady', link);
  broker.on('subscribe', (_subscriptions, client) => link(client));
  broker.on('clientDisconnect', (client) => {
    links.get(client)?.close();
    links.delete(client);
  });
  broker.on('clientError', ({ id }, error) => log.debug({ client: id, error: error.message }, 'MQTT client error'));
  broker.on('connectionError', (_client, error) => log.debug({ error: error.message }, 'MQTT connection refused'));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    // Nagle's algorithm against delayed acknowledgements makes a QoS 1 round trip take 40 ms.
    socket.setNoDelay(true);
    // A client may do without MQTT's keep-alive; one that is gone is found all the same.
    socket.setKeepAlive(true, keepAliveMs);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(guardFrames(socket));
  });
  const closeBroker = () => new Promise<void>((resolve) => broker.close(resolve));
  const port = await listen(server, host, options.port).catch(async (error) => {
    // Its timers would keep the process alive.
    await closeBroker();
    throw error;
  });

  return {
    url: `mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await closeBroker();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Publishes to one client, past the other subscribers; resolves when the packet has left for it. */
function publish(client: Client, topic: string, payload: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (client.closed) return reject(new Error('the MQTT connection is closed'));
    const packet = { cmd: 'publish', qos: 1, dup: false, retain: false, topic, payload } as const;
    client.publish(packet, (error) => (error ? reject(error) : resolve()));
  });
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
