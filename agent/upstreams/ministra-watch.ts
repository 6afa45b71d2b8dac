import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { encode, type Playing } from '../protocol/messages.ts';
import type { UpstreamLink } from '../upstream.ts';
import { createBackOff } from './back-off.ts';
import { upstreamLimits } from './limits.ts';
import { type EventContext, toAction } from './ministra-actions.ts';
import type { Conversation } from './ministra-conversation.ts';
import { type Poll, type PortalEvent, readPoll } from './ministra-events.ts';
import { actionId } from './ministra-id.ts';
import { ministraLimits } from './ministra-limits.ts';
import type { Memory } from './ministra-memory.ts';
import { isSame, logParams, placeOf } from './ministra-playback.ts';

/**
 * The portal's watchdog: the polls that show the box as online and fetch its events.
 *
 * INVARIANTS
 * - A portal forgets most events as it hands them out. So an event is on disk, as an action, before anything else is asked of the portal, and while
 *   one cannot be stored nothing is asked.
 * - One poll at a time.
 */
export interface Watch {
  /** Polls, and again at once while the portal has more; takes every event. Resolves with the last poll. */
  poll(conversation: Conversation, init: boolean, signal: AbortSignal): Promise<Poll>;
  /**
   * Tells the portal what is on, where that has changed, it was never told, or it has just cut the box off: only then it says that it has switched it off,
   * too. Never rejects: where the portal does not hear it, the next one tells it.
   */
  tellPlaying(conversation: Conversation): Promise<void>;
  /** No poll follows; resolves when the one under way is in and taken, or after `ms`. */
  finish(ms: number): Promise<void>;
  isFinishing(): boolean;
}

export function createWatch(options: {
  link: UpstreamLink;
  memory: Memory;
  log: Logger;
  identity: Pick<EventContext, 'portal' | 'mac' | 'serial'>;
  /** The event whose message is on the screen. */
  onScreen(): string | undefined;
}): Watch {
  const { link, memory, log, identity } = options;
  let told: Playing | null | undefined;
  let telling: Promise<void> = Promise.resolve();
  let finishing = false;
  let underWay: Promise<unknown> = Promise.resolve();

  async function nowPlaying(): Promise<Playing | null | undefined> {
    try {
      return (await link.telemetry()).playing ?? null;
    } catch (error) {
      log.warn({ err: error }, 'telemetry could not be read; the portal is not told what is on');
      return undefined;
    }
  }

  async function tell({ call }: Conversation): Promise<void> {
    const playing = await nowPlaying();
    if (playing === undefined || (told !== undefined && isSame(playing, told))) return;
    try {
      await call('stb log', logParams(playing));
      told = playing;
    } catch (error) {
      log.debug({ err: error }, 'the portal was not told what is on');
    }
  }

  async function pollAll({ call, session }: Conversation, init: boolean, signal: AbortSignal): Promise<Poll> {
    const seen = new Set<string>();
    for (let first = init; ; first = false) {
      const active = options.onScreen();
      const js = await call('watchdog get_events', {
        cur_play_type: placeOf((await nowPlaying()) ?? null),
        event_active_id: active ?? 0,
        // The portal's page sends the one above, its server looks at this one, and then keeps a message back that is on the screen.
        'data[event_active_id]': active,
        init: first ? 1 : 0,
      });
      const poll = readPoll(js, active !== undefined);
      for (const event of poll.events) await take(event, session.profile.updateUrl, signal);
      const isNew = poll.events.some(({ id }) => !seen.has(id));
      for (const { id } of poll.events) seen.add(id);
      if (poll.pending <= poll.events.length || !isNew || seen.size >= ministraLimits.burst || finishing) return poll;
    }
  }

  /** Hands an event on until it is stored. Rejects only when the upstream stops. */
  async function take(event: PortalEvent, updateUrl: string | undefined, signal: AbortSignal): Promise<void> {
    const shown = memory.timesInVain(actionId(identity.portal, event, 0));
    const action = toAction(event, { ...identity, updateUrl, shown });
    const about = { event: event.id, name: event.name, id: action.id };
    log.info(about, 'event from the portal');
    const bytes = encode(action);
    const backOff = createBackOff(upstreamLimits.retakeMs);
    for (;;) {
      try {
        await link.receive(bytes);
        if (event.name === 'cut_off') told = undefined;
        return;
      } catch (error) {
        log.warn({ ...about, err: error }, 'the event could not be stored; nothing is asked of the portal until it is');
      }
      try {
        await wait(backOff.next(), undefined, { signal });
      } catch (error) {
        if (!event.needConfirm)
          log.error(about, 'stopped with an event that could not be stored; the portal has forgotten it');
        throw error;
      }
    }
  }

  return {
    poll(conversation, init, signal) {
      const polling = pollAll(conversation, init, signal);
      underWay = polling.catch(() => undefined);
      return polling;
    },
    tellPlaying(conversation) {
      // One after the other: a portal counts what it is told.
      telling = telling.then(() => tell(conversation));
      return telling;
    },
    async finish(ms) {
      finishing = true;
      const over = new AbortController();
      await Promise.race([underWay, wait(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
      over.abort();
    },
    isFinishing: () => finishing,
  };
}
