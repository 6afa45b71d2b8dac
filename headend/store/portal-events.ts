import type { BoxActionType } from '../../agent/protocol/params.ts';
import { type Action, type ActionRow, toAction } from './actions.ts';
import type { Db } from './database.ts';

/** Which actions of a box may be handed out now. */
export type PortalPoll = {
  box: string;
  now: number;
  /** What was handed out before this moment, and of which it is not known that it was read, is handed out again. */
  before: number;
  /** Where this box stands in the span of a fleet's action, from 0 to 1. */
  share: number;
  /** The only types that count, as a JSON list; null for all. */
  types: string | null;
};

/** The types whose event the box confirms, and that are repeated until it has. */
export const confirmedTypes: readonly BoxActionType[] = ['MESSAGE', 'MESSAGE_VIDEO', 'MESSAGE_URL', 'VIDEO'];

/** Numbers of events count from the seconds since 2020, so that a headend that was installed anew gives no number that a box knows. */
const epochSeconds = 1_577_836_800;

export type PortalEvents = ReturnType<typeof createPortalEvents>;

/**
 * The actions as the portal's protocol hands them out: one at a poll, in the order they were made.
 *
 * INVARIANTS
 * - An action has one event number for ever. Once it has one, no other upstream gets it: the box may have read it.
 * - It is `delivered` only after the answer with it has left. An answer that did not leave is given again, under the same number.
 * - Two polls at the same time never get the same action.
 */
export function createPortalEvents(db: Db) {
  const confirmable = confirmedTypes.map((type) => `'${type}'`).join(', ');
  // The first of the two conditions on the state is the index's own, so that a poll reads nothing of the box's past.
  const isDue = `box = @box AND state IN ('queued', 'delivered') AND state = 'queued' AND cancel_asked = 0
    AND (sent_at IS NULL OR (portal_event IS NOT NULL AND (sent_at < @before OR sent_at > @now)))
    AND (@types IS NULL OR type IN (SELECT value FROM json_each(@types)))
    AND coalesce(when_at, created_at) + coalesce(spread, 0) * 1000 * @share <= @now AND (expires_at IS NULL OR expires_at > @now)`;
  const isUnconfirmed = `box = @box AND portal_event IS NOT NULL AND state = 'delivered' AND cancel_asked = 0
    AND type IN (${confirmable}) AND coalesce(expires_at, created_at + @lifetime) > @now`;

  const next = db.prepare<[PortalPoll], ActionRow>(`SELECT * FROM actions WHERE ${isDue} ORDER BY seq LIMIT 1`);
  const count = db.prepare<[PortalPoll], { count: number }>(`SELECT count(*) AS count FROM actions WHERE ${isDue}`);
  const claim = db.prepare<[Record<string, unknown>], ActionRow>(
    `UPDATE actions SET sent_at = @now, portal_event = coalesce(portal_event,
       max(@floor, (SELECT coalesce(max(portal_event), 0) FROM actions WHERE portal_event IS NOT NULL)) + 1)
     WHERE id = @id RETURNING *`,
  );
  const unconfirmed = db.prepare<[Record<string, unknown>], ActionRow>(
    `UPDATE actions SET sent_at = @now WHERE seq = (SELECT seq FROM actions WHERE ${isUnconfirmed} AND portal_event IS NOT @onScreen
       ORDER BY sent_at, seq LIMIT 1) RETURNING *`,
  );
  const notLeft = db.prepare<[string]>(`UPDATE actions SET sent_at = NULL WHERE id = ? AND state = 'queued'`);
  const confirm = db.prepare<[Record<string, unknown>], { id: string }>(
    `UPDATE actions SET state = 'done', result = @result, changed_at = @now
       WHERE portal_event = @event AND box = @box AND state IN ('queued', 'delivered') RETURNING id`,
  );
  const refuse = db.prepare<[string, number, string]>(
    `UPDATE actions SET state = 'refused', error = ?, changed_at = ? WHERE id = ? AND state = 'queued'`,
  );
  const withdraw = db.prepare<[number, string]>(
    `UPDATE actions SET state = 'cancelled', changed_at = ?
       WHERE id = ? AND portal_event IS NOT NULL AND state = 'delivered' AND type IN (${confirmable})`,
  );
  const lastCut = db.prepare<[string], { type: string; state: string }>(
    `SELECT type, state FROM actions WHERE box = ? AND type IN ('CUT_OFF', 'CUT_ON') ORDER BY seq DESC LIMIT 1`,
  );

  return {
    /** The next action that waits for the box, without taking it. */
    next(poll: PortalPoll): Action | undefined {
      const row = next.get(poll);
      return row && toAction(row);
    },
    /** How many wait. */
    waiting: (poll: PortalPoll): number => count.get(poll)?.count ?? 0,
    /** Notes that an action is about to be handed out, and gives it its number. */
    claim: (id: string, now: number): Action =>
      toAction(claim.get({ id, now, floor: Math.floor(now / 1000) - epochSeconds }) as ActionRow),
    /** The message that was read longest ago and is not confirmed; not the one of the event that is on the screen. */
    unconfirmed(query: { box: string; now: number; onScreen: number | null; lifetime: number }): Action | undefined {
      const row = unconfirmed.get(query);
      return row && toAction(row);
    },
    /** The answer with the action did not leave: the next poll gets it again. */
    notLeft: (id: string): void => void notLeft.run(id),
    /** The box says that it has dealt with an event. The id of its action, when that made it `done`. */
    confirm: (box: string, event: number, now: number): string | undefined =>
      confirm.get({ box, event, now, result: JSON.stringify({ confirmed: true }) })?.id,
    /** Ends an action that the portal's protocol has no event for. */
    refuse: (id: string, message: string, now: number): void =>
      void refuse.run(JSON.stringify({ code: 'UNSUPPORTED', message, retryable: false }), now, id),
    /** Stops repeating a message that the box has read and not confirmed. True when it was one. */
    withdraw: (id: string, now: number): boolean => withdraw.run(now, id).changes > 0,
    /** Whether the last that the box was told of being cut off is that it is. */
    isToldCutOff(box: string): boolean {
      const last = lastCut.get(box);
      return last?.type === 'CUT_OFF' && !['cancelled', 'expired', 'refused', 'failed'].includes(last.state);
    },
  };
}
