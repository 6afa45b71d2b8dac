import { AgentError } from '../errors.ts';
import type { Upstream, UpstreamLink } from '../upstream.ts';
import { type Attempt, aborted, createConnection } from './connection.ts';
import { type Admission, createAdmission } from './ministra-admission.ts';
import { PortalError } from './ministra-answer.ts';
import { createBell } from './ministra-bell.ts';
import { createChannels } from './ministra-channels.ts';
import { type Confirmations, createConfirmations } from './ministra-confirmations.ts';
import { type Conversation, converse } from './ministra-conversation.ts';
import { untilNextPoll } from './ministra-grid.ts';
import { originOf } from './ministra-id.ts';
import { ministraLimits } from './ministra-limits.ts';
import { openMemory } from './ministra-memory.ts';
import { isZone } from './ministra-profile.ts';
import { createPortal, loadUrl, type Params } from './ministra-request.ts';
import { type BoxClaims, Refused } from './ministra-session.ts';
import { createWatch, type Watch } from './ministra-watch.ts';
import { type MinistraOptions, type UpstreamDeps, upstreamDefaults } from './options.ts';
import { reasonOf } from './reasons.ts';
import { readTls } from './tls.ts';

/** The parts that outlive connections. */
type Parts = { admission: Admission; confirmations: Confirmations; watch: Watch };

/**
 * The upstream to a Ministra (Stalker) portal, in the place of the portal's own page. The portal hands events out poll by poll, knows no reports, and is told
 * no more than that a message was seen and what is on.
 */
export function createMinistraUpstream(options: MinistraOptions, deps: UpstreamDeps): Upstream {
  const { log, box } = deps;
  const url = loadUrl(options.url);
  const claims = claimsOf(options);
  const timeoutMs = (options.timeoutSeconds ?? upstreamDefaults.ministra.timeoutSeconds) * 1000;
  const pollFactor = options.pollFactor ?? upstreamDefaults.ministra.pollFactor;
  const bell = createBell();
  /** As it is named to the portal, whose spelling may be another than this machine's. */
  let zone = options.timezone;
  const knownZone = isZone(zone) ? zone : undefined;
  let parts: Promise<Parts> | undefined;
  let conversation: Conversation | undefined;
  let reached = Promise.withResolvers<Conversation>();

  const connection = createConnection({
    url,
    log,
    now: deps.now,
    async attempt(attempt) {
      parts ??= openParts(attempt.link);
      const { admission, watch } = await parts;
      const tls = url.startsWith('https:') ? await readTls(options.tls) : undefined;
      const caller = { mac: box.mac, model: claims.model, zone };
      const portal = createPortal({ url, caller, timeoutMs, tls, signal: attempt.signal });
      try {
        conversation = converse(portal, await admission.admit(portal, attempt.signal), bell.ring);
        return await stay(conversation, watch, admission, attempt);
      } catch (error) {
        await admission.learn(error);
        suspectZone(error);
        throw error;
      } finally {
        conversation = undefined;
        reached = Promise.withResolvers();
        portal.close();
      }
    },
  });

  async function openParts(link: UpstreamLink): Promise<Parts> {
    const { host, pathname } = new URL(url);
    const identity = { portal: `${host}${pathname} ${box.mac}`, mac: box.mac, serial: claims.serial };
    const memory = await openMemory(options.stateFile, identity.portal, log);
    const confirmations = createConfirmations({
      ...{ memory, log, link, when: options.confirm ?? upstreamDefaults.ministra.confirm },
      call: (asked, params) => inConversation().call(asked, params),
      confirmed: bell.ring,
    });
    const watch = createWatch({ link, memory, log, identity, onScreen: confirmations.onScreen });
    return { admission: createAdmission({ mac: box.mac, claims, memory, link, log }), confirmations, watch };
  }

  /** Polls on the grid until the portal or the agent ends it. */
  async function stay(talk: Conversation, watch: Watch, admission: Admission, { signal, up }: Attempt): Promise<never> {
    const { refusal, profile } = talk.session;
    const periodSeconds = profile.watchdogSeconds * pollFactor;
    const grid = { periodSeconds, slotSeconds: profile.slotSeconds * pollFactor, zone: profile.zone ?? knownZone };
    for (let init = true; ; init = false) {
      if (!watch.isFinishing()) {
        const { nameless } = await watch.poll(talk, init, signal);
        // A box that is switched off gets events and nothing else; so it is up for nobody.
        if (refusal !== undefined) throw new Refused(refusal);
        if (!nameless) admission.known();
        else if (admission.introduceAgain())
          throw new Refused(
            'the portal counts events and names none, as for a box it does not know; it is asked for its profile',
          );
        up(`Ministra portal, a poll every ${Math.round(periodSeconds * 10) / 10} s`);
        reached.resolve(talk);
        await watch.tellPlaying(talk);
      }
      await bell.pause(untilNextPoll(deps.now(), grid), signal);
      talk.throwIfOver();
    }
  }

  /** PHP of a portal does not know every zone that a box knows, and fails at any call that names one. */
  function suspectZone(error: unknown): void {
    if (zone === undefined || !(error instanceof PortalError) || error.kind !== 'fault') return;
    log.warn({ timezone: zone, reason: error.message }, 'the portal may not know the time zone; it is not named again');
    zone = undefined;
  }

  function inConversation(): Conversation {
    if (conversation) return conversation;
    throw connection.missing();
  }

  /** Calls on behalf of an action, which may have come before the portal was reached. */
  async function askFor(asked: string, params: Params, signal: AbortSignal): Promise<unknown> {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(ministraLimits.reachMs)]);
    const talk = await Promise.race([reached.promise, aborted(ends)]);
    try {
      return await (talk ?? inConversation()).call(asked, params, signal);
    } catch (cause) {
      signal.throwIfAborted();
      throw new AgentError('HEADEND_FAILED', `${asked} of ${url}: ${reasonOf(cause)}`, { cause });
    }
  }

  const finish = async () => (await parts)?.watch.finish(ministraLimits.lastPollMs);

  return {
    name: 'ministra',
    start: connection.start,
    status: connection.status,
    owns: (action) => originOf(action) !== undefined,
    channels: createChannels(askFor),
    finishTaking: finish,
    async stop() {
      await finish();
      await connection.stop();
    },
    async send(message) {
      if (message.kind === 'hello') return;
      const origin = message.kind === 'report' ? originOf(message.id) : undefined;
      if (message.kind === 'telemetry' || !origin) {
        throw new AgentError('HEADEND_FAILED', `${url}: a portal takes reports of its own events only`);
      }
      const talk = inConversation();
      const { confirmations, watch } = (await parts)!;
      await confirmations.take(message, origin);
      await watch.tellPlaying(talk);
    },
  };
}

function claimsOf(options: MinistraOptions): BoxClaims {
  const { model, imageVersion, hardwareVersion, version } = upstreamDefaults.ministra;
  return {
    model: options.model ?? model,
    serial: options.serial ?? '',
    deviceId: options.deviceId ?? '',
    deviceId2: options.deviceId2 ?? options.deviceId ?? '',
    signature: options.signature ?? '',
    imageVersion: options.imageVersion ?? imageVersion,
    hardwareVersion: options.hardwareVersion ?? hardwareVersion,
    version: options.version ?? version,
    login: options.login,
    password: options.password,
  };
}
