import type { AedesOptions, Client } from 'aedes';
import { limits } from '../../agent/protocol/limits.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { Store } from '../store/store.ts';
import { identify, type MqttIdentity } from './mqtt-identity.ts';
import { mayPublish, maySubscribe, readBoxTopic } from './topic.ts';

type Hooks = Required<
  Pick<AedesOptions, 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'>
>;

export type BrokerAccess = {
  hooks: Hooks;
  /** The box that a client is; undefined for an administrator. */
  boxOf(client: Client): string | undefined;
  /** Whether the client has subscribed to its actions, now or in the session that it resumed. */
  listens(client: Client): boolean;
};

/** MQTT 3.1.1, 3.2.2.3: the return codes of CONNACK. */
const returnCode = { identifierRejected: 2, badCredentials: 4 };

/**
 * Who may sign in, speak and listen. A box publishes what is its own and listens to its actions and those of its groups; an
 * administrator listens to everything and speaks for no box. A publication that is not allowed ends the connection.
 */
export function createBrokerAccess(store: Store): BrokerAccess {
  const identities = new WeakMap<Client, MqttIdentity>();
  const listening = new WeakSet<Client>();

  const hooks: Hooks = {
    authenticate(client, username, password, done) {
      const identity = identify(store, username, password?.toString());
      if (identity === undefined) return done(refusal('bad user name or password', returnCode.badCredentials), false);
      // A client id that is taken over ends the other connection: no box may end another's.
      const named = store.boxes.find(client.id)?.id;
      if (named !== undefined && !(identity.kind === 'box' && identity.box === named)) {
        return done(refusal("the client id is another box's", returnCode.identifierRejected), false);
      }
      identities.set(client, identity);
      done(null, true);
    },

    authorizePublish(client, packet, done) {
      const identity = client === null ? undefined : identities.get(client);
      const topic = readBoxTopic(packet.topic);
      const most = topic?.kind === 'artifacts' ? limits.artifactBytes : limits.messageBytes;
      if (packet.payload.length > most) return done(new Error(`${packet.payload.length} bytes, at most ${most}`));
      const isAllowed =
        identity?.kind === 'admin' ? topic === undefined : identity && mayPublish(identity.box, packet.topic);
      done(isAllowed ? null : new Error(`may not publish on ${packet.topic}`));
    },

    authorizeSubscribe(client, subscription, done) {
      const identity = identities.get(client);
      if (identity?.kind === 'admin') return done(null, identity.isStill() ? subscription : null);
      const box = identity?.box;
      if (box === undefined || !maySubscribe(box, store.groups.ofBox(box), subscription.topic)) return done(null, null);
      if (subscription.topic === topics.actions(box)) listening.add(client);
      done(null, subscription);
    },

    authorizeForward(client, packet) {
      const identity = identities.get(client);
      return identity?.kind === 'admin' && !identity.isStill() ? null : packet;
    },
  };

  return {
    hooks,
    boxOf(client) {
      const identity = identities.get(client);
      return identity?.kind === 'box' ? identity.box : undefined;
    },
    listens: (client) => listening.has(client),
  };
}

function refusal(message: string, code: number) {
  return Object.assign(new Error(message), { returnCode: code });
}
