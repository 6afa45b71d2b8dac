import { shareOf } from '../fleet/share.ts';
import type { Action } from '../store/actions.ts';
import type { Box } from '../store/boxes.ts';
import { ministraLimits } from './limits.ts';
import type { Ministra } from './ministra.ts';
import { type PortalEvent, portalTypes, toPortalEvent } from './portal-event.ts';

/** One event for a box, under its number. */
export type HandedOut = { id: string; number: number; event: PortalEvent };

export type EventQueue = {
  /**
   * The next event of a box, noted on disk, and how many wait with it: first what was never handed out, in the order it was made, then messages that
   * are not confirmed. `onScreen` is the number of the message that the box shows, which is not repeated.
   */
  poll(box: Box, onScreen: number | null): Promise<{ next: HandedOut | undefined; waiting: number }>;
  /** The answer with the event has left for the box, or has not. */
  answered(box: string, action: string, left: boolean): Promise<void>;
  /** The box has dealt with an event. Only its own count; anything may be confirmed again. */
  confirm(box: string, number: number): Promise<void>;
};

/** The queue of actions as the portal's protocol sees it: one at a poll. What the store promises stands in `portal-events.ts`. */
export function createEventQueue({ fleet, settings, log }: Ministra): EventQueue {
  const { store, events, counters, presence } = fleet;
  const supported = JSON.stringify(portalTypes);

  /** The next action that has an event. One without is refused, unless the box may come for it over another upstream. */
  function take(box: Box, now: number, refused: string[]): { next: HandedOut | undefined; waiting: number } {
    // A box that has greeted over the box protocol has another upstream, which can do everything.
    const types = box.hello === null ? null : supported;
    const poll = { box: box.id, now, before: now - ministraLimits.answerMs, share: shareOf(box.id), types };
    for (let action = store.portalEvents.next(poll); action !== undefined; action = store.portalEvents.next(poll)) {
      const event = toPortalEvent(store, action);
      if (event !== undefined) {
        const { portalEvent } = store.portalEvents.claim(action.id, now);
        const next = { id: action.id, number: portalEvent ?? 0, event };
        return { next, waiting: 1 + store.portalEvents.waiting(poll) };
      }
      store.portalEvents.refuse(action.id, reasonFor(action), now);
      refused.push(action.id);
    }
    return { next: undefined, waiting: 0 };
  }

  /** A message that the box has read and not confirmed; only it is counted, for a box that asks at once while more wait would never rest. */
  function repeat(box: Box, onScreen: number | null, now: number): { next: HandedOut | undefined; waiting: number } {
    const lifetime = settings.message_seconds * 1000;
    const action = store.portalEvents.unconfirmed({ box: box.id, now, onScreen, lifetime });
    const event = action && toPortalEvent(store, action);
    if (action === undefined || event === undefined) return { next: undefined, waiting: 0 };
    return { next: { id: action.id, number: action.portalEvent ?? 0, event }, waiting: 1 };
  }

  return {
    async poll(box, onScreen) {
      // An action goes over one upstream, and a link that is open is the faster one.
      if (presence.best(box.id) !== undefined) return { next: undefined, waiting: 0 };
      const refused: string[] = [];
      const found = await store.commit(() => {
        const now = Date.now();
        const first = take(box, now, refused);
        return first.next === undefined ? repeat(box, onScreen, now) : first;
      });
      for (const action of refused) events.publish({ event: 'action', box: box.id, action });
      if (found.next !== undefined) counters.sends += 1;
      return found;
    },

    async answered(box, action, left) {
      if (!left) {
        log.info({ box, action }, 'the box hung up before it was answered; it gets the event again');
        await store.commit(() => store.portalEvents.notLeft(action));
        return;
      }
      const moved = await store.commit(() => store.actions.delivered(action, Date.now()));
      if (moved) events.publish({ event: 'action', box, action });
    },

    async confirm(box, number) {
      const action = await store.commit(() => store.portalEvents.confirm(box, number, Date.now()));
      if (action !== undefined) events.publish({ event: 'action', box, action });
    },
  };
}

function reasonFor({ type, params }: Action): string {
  if (type === 'FIRMWARE')
    return `Ministra's update_image takes the image of the profile, not ${String(params.firmware)}`;
  if (portalTypes.includes(type)) return `the channel of this ${type} is not there any more`;
  return `a box that comes over Ministra's protocol cannot be asked for ${type}: there is no such event`;
}
