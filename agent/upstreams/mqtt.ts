import { AgentError } from '../errors.ts';
import { encode } from '../protocol/messages.ts';
import { topics } from '../protocol/topics.ts';
import type { Upstream, UpstreamLink } from '../upstream.ts';
import { type Attempt, aborted, createConnection, withoutCredentials } from './connection.ts';
import { createIntake } from './intake.ts';
import { upstreamLimits } from './limits.ts';
import { NoAnswer, VersionRefused } from './mqtt-reasons.ts';
import { type Incoming, type MqttSession, openSession, type PublishOptions } from './mqtt-session.ts';
import { sessionSettings } from './mqtt-settings.ts';
import { createVersionChoice, type MqttVersion } from './mqtt-version.ts';
import type { MqttOptions, UpstreamDeps } from './options.ts';
import { reasonOf } from './reasons.ts';
import { createTurns } from './turns.ts';

/**
 * The upstream over an MQTT broker: 5, or 3.1.1 where the broker has no 5. The session is persistent, so that the broker
 * keeps what is sent to a box that is off.
 *
 * INVARIANTS
 * - PUBACK leaves only after the message is taken (promise 1). What could not be taken stays unacknowledged, is tried
 *   again here, and comes again from the broker at the next connection.
 * - Nothing is queued for a connection that is not there: `send` rejects, and the journal keeps what must not be lost.
 */
export function createMqttUpstream(options: MqttOptions, deps: UpstreamDeps): Upstream {
  const { box, log } = deps;
  const groupTopics = box.groups.map(topics.groupActions);
  const versions = createVersionChoice();
  let publish: MqttSession['publish'] | undefined;

  const connection = createConnection({
    url: options.url,
    log,
    now: deps.now,
    async attempt(attempt) {
      const { session, version, inFlight } = await open(attempt);
      const inTurn = createTurns(inFlight, upstreamLimits.outgoing);
      publish = (...message) => inTurn(() => session.publish(...message));
      try {
        await Promise.race([goOnline(session, attempt.signal), aborted(attempt.signal)]);
        attempt.signal.throwIfAborted();
        attempt.up(version === 5 ? 'MQTT 5' : 'MQTT 3.1.1');
        await Promise.race([session.closed, aborted(attempt.signal)]);
      } finally {
        publish = undefined;
        if (attempt.signal.aborted) await sayGoodbye(session);
        else session.cut('the connection is of no use');
      }
      throw new Error(await session.closed);
    },
  });

  /** Connects with the version to choose, and with the older one at once when the broker refuses the newer. */
  async function open(attempt: Attempt): Promise<{ session: MqttSession; version: MqttVersion; inFlight: number }> {
    const version = versions.next();
    const ended = new AbortController();
    const receive = createReceiver(attempt.link, ended.signal, (topic) => session.unsubscribe(topic));
    const settings = await sessionSettings(options, box.id, version);
    attempt.signal.throwIfAborted();
    const session = openSession(withoutCredentials(options.url), settings, receive);
    void session.closed.then(() => ended.abort());
    const giveUp = () => session.cut('stopped');
    attempt.signal.addEventListener('abort', giveUp);
    try {
      const { properties } = await session.opened;
      versions.tried(version, 'accepted');
      return { session, version, inFlight: Math.min(upstreamLimits.inFlight, properties?.receiveMaximum ?? 65_535) };
    } catch (error) {
      const silent = error instanceof NoAnswer ? 'silent' : 'failed';
      const goOn = versions.tried(version, error instanceof VersionRefused ? 'refused' : silent);
      if (!goOn || attempt.signal.aborted) throw error;
      log.info('broker has no MQTT 5, using 3.1.1');
      return await open(attempt);
    } finally {
      attempt.signal.removeEventListener('abort', giveUp);
    }
  }

  /** Takes the messages of one connection. */
  function createReceiver(link: UpstreamLink, signal: AbortSignal, unsubscribe: (topic: string) => void) {
    const intake = createIntake({ receive: (bytes) => link.receive(bytes), log, signal });
    const subscribed = new Set([topics.actions(box.id), ...groupTopics]);
    /** Brokers of 3.1.1 may repeat what is not acknowledged yet. */
    const underway = new Set<number>();
    return async ({ topic, bytes, messageId, acknowledge }: Incoming): Promise<void> => {
      if (!subscribed.has(topic)) {
        // A group that the box has left, still in the broker's session.
        log.warn({ topic }, 'message on a topic that is not of this box, ignored');
        unsubscribe(topic);
        acknowledge();
      } else if (!underway.has(messageId)) {
        if (messageId !== 0) underway.add(messageId);
        await intake.take(bytes, () => {
          underway.delete(messageId);
          acknowledge();
        });
      }
    };
  }

  /** Subscribes, at every connect, also to a resumed session: the box's groups may have changed. */
  async function goOnline(session: MqttSession, signal: AbortSignal): Promise<void> {
    await session.subscribe(topics.actions(box.id));
    for (const topic of groupTopics) {
      await session.subscribe(topic).catch((error: Error) => {
        log.warn({ topic, reason: error.message }, 'group could not be subscribed; its actions do not reach this box');
      });
    }
    // Never after the `offline` of the goodbye.
    signal.throwIfAborted();
    await session.publish(topics.presence(box.id), Buffer.from('online'), { retain: true });
  }

  async function sayGoodbye(session: MqttSession): Promise<void> {
    const offline = session.publish(topics.presence(box.id), Buffer.from('offline'), { retain: true });
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, upstreamLimits.goodbyeMs);
    await Promise.race([offline.catch(() => undefined), late]);
    clearTimeout(timer);
    await session.end();
  }

  async function publishNow(topic: string, payload: Buffer, more?: PublishOptions): Promise<void> {
    if (!publish) throw connection.missing();
    try {
      await publish(topic, payload, more);
    } catch (cause) {
      throw new AgentError('HEADEND_FAILED', `${connection.status().url}: ${reasonOf(cause)}`, { cause });
    }
  }

  return {
    name: 'mqtt',
    start: connection.start,
    status: connection.status,
    stop: connection.stop,
    send: (message) => publishNow(topics.reports(box.id), encode(message)),
    // User properties travel with MQTT 5 only; a headend behind 3.1.1 gets the bytes and reads the rest off the report.
    sendArtifact: (action, { contentType, bytes, sha256 }) =>
      publishNow(topics.artifact(box.id, action), Buffer.from(bytes), { userProperties: { contentType, sha256 } }),
  };
}
