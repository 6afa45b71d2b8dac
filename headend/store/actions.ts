import { isFinal, type Report, type ReportError } from '../../agent/protocol/messages.ts';
import type { BoxActionType } from '../../agent/protocol/params.ts';
import type { ActionState } from './action-states.ts';
import type { Db } from './database.ts';
import { type Page, type Paging, page } from './page.ts';

/** One action for one box, as the headend knows it. Times are milliseconds. */
export type Action = {
  /** Its place among all actions: a later one has a higher one. */
  seq: number;
  id: string;
  box: string;
  type: BoxActionType;
  params: Record<string, unknown>;
  state: ActionState;
  createdAt: number;
  createdBy: string | null;
  when: number | null;
  expires: number | null;
  spread: number | null;
  /** When it was last sent to the box; null when it never was. */
  sentAt: number | null;
  cancelAsked: boolean;
  changedAt: number;
  /** The number it was handed out under by the portal's protocol; null when it was not. */
  portalEvent: number | null;
  /** What is made for the box when this is done. */
  followUp: FollowUp | null;
  progress: Record<string, unknown> | null;
  result: Record<string, unknown> | null;
  error: ReportError | null;
};

/** The only thing that may follow an action by itself: a restart after a message. */
export type FollowUp = 'REBOOT';

/** What a new action is made of. */
export type NewAction = {
  id: string;
  box: string;
  type: BoxActionType;
  /** The validated parameters, encoded the same way each time, so that identical actions compare equal. */
  params: string;
  createdBy: string | null;
  when: number | null;
  expires: number | null;
  spread: number | null;
  followUp: FollowUp | null;
  /** The `seq` of the first action of the same request; null where this is the first. */
  request: number | null;
};

export type ActionQuery = {
  scope: readonly string[];
  box?: string | undefined;
  type?: string | undefined;
  state?: string | undefined;
  /** Only those that were asked for together with the action of this id. */
  request?: string | undefined;
};

/** What is due for a box: everything unsettled that was not sent since `before`. */
export type Due = { box: string; before: number; now: number; limit: number };

/** An action as its row has it. */
export type ActionRow = {
  seq: number;
  id: string;
  box: string;
  type: BoxActionType;
  params: string;
  state: ActionState;
  created_at: number;
  created_by: string | null;
  when_at: number | null;
  expires_at: number | null;
  spread: number | null;
  sent_at: number | null;
  cancel_asked: number;
  changed_at: number;
  portal_event: number | null;
  follow_up: FollowUp | null;
  progress: string | null;
  result: string | null;
  error: string | null;
};

/**
 * A condition: the action is for a box of one of the customers in `@scope`. The plus keeps it from being what the actions are found by: they are
 * wanted in their order, which would have to be sorted then.
 */
export const actionsInScope = '+box IN (SELECT id FROM boxes WHERE customer IN (SELECT value FROM json_each(@scope)))';

/** What an answer with an action may take to leave. */
const answerMs = 60_000;

/** How far each state is. A state never goes down, and a final one never changes. */
const rank = `CASE state WHEN 'queued' THEN 0 WHEN 'delivered' THEN 1 WHEN 'accepted' THEN 2 WHEN 'started' THEN 3 ELSE 9 END`;

export type Actions = ReturnType<typeof createActions>;

/**
 * The actions and their state machine: one statement per step.
 *
 * INVARIANTS
 * - queued → delivered → accepted → started → done | failed | expired | cancelled | refused; steps may be left out, none is taken back.
 * - A final state is entered once. A later report changes nothing here, but for the one that says how an open `done` ended.
 * - What was handed out by the portal's protocol (`portal-events.ts`) is not sent over any other upstream.
 */
export function createActions(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO actions (seq, request, id, box, type, params, created_at, created_by, when_at, expires_at, spread, changed_at, follow_up)
     SELECT next, coalesce(@request, next), @id, @box, @type, @params, @now, @createdBy, @when, @expires, @spread, @now, @followUp
     FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM actions)`,
  );
  const twin = db.prepare<[string, string, string, number | null], { id: string }>(
    `SELECT id FROM actions WHERE box = ? AND type = ? AND params = ? AND when_at IS ? AND cancel_asked = 0
       AND portal_event IS NULL AND state IN ('queued', 'delivered', 'accepted') ORDER BY seq LIMIT 1`,
  );
  const byId = db.prepare<[string], ActionRow>('SELECT * FROM actions WHERE id = ?');
  const claim = db.prepare<[Record<string, unknown>], ActionRow>(
    `UPDATE actions SET sent_at = @now WHERE seq IN (${due('seq')}) RETURNING *`,
  );
  const peek = db.prepare<[Record<string, unknown>], ActionRow>(due('*'));
  const claimCancels = db.prepare<[Record<string, unknown>], { id: string }>(
    `UPDATE actions SET cancel_sent_at = @now WHERE seq IN (${dueCancels('seq')}) RETURNING id`,
  );
  const peekCancels = db.prepare<[Record<string, unknown>], { id: string }>(dueCancels('id'));
  const delivered = db.prepare<[number, string]>(
    `UPDATE actions SET state = 'delivered', changed_at = ? WHERE id = ? AND state = 'queued'`,
  );
  const advance = db.prepare<[Record<string, unknown>]>(
    `UPDATE actions SET state = @state, changed_at = @now WHERE id = @id AND ${rank} < @rank`,
  );
  const progress = db.prepare<[string, number, string]>(
    `UPDATE actions SET progress = ?, changed_at = ? WHERE id = ? AND ${rank} < 9`,
  );
  const finish = db.prepare<[Record<string, unknown>]>(
    `UPDATE actions SET state = @state, result = @result, error = @error, changed_at = @now WHERE id = @id AND ${rank} < 9`,
  );
  const closeOpen = db.prepare<[Record<string, unknown>]>(
    `UPDATE actions SET result = @result, changed_at = @now WHERE id = @id AND state = 'done'`,
  );
  const cancelUnsent = db.prepare<[number, string]>(
    `UPDATE actions SET state = 'cancelled', changed_at = ? WHERE id = ? AND state = 'queued' AND sent_at IS NULL`,
  );
  const askCancel = db.prepare<[string]>(`UPDATE actions SET cancel_asked = 1 WHERE id = ? AND ${rank} < 9`);
  const expire = db.prepare<[{ now: number }], ActionRow>(
    `UPDATE actions SET state = 'expired', changed_at = @now WHERE state = 'queued' AND expires_at <= @now
       AND (sent_at IS NULL OR (portal_event IS NOT NULL AND sent_at < @now - ${answerMs})) RETURNING *`,
  );
  const isWaiting = db.prepare<[string, string], unknown>(
    `SELECT 1 FROM actions WHERE box = ? AND state IN ('queued', 'delivered') AND portal_event IS NULL
     UNION ALL SELECT 1 FROM actions WHERE box = ? AND cancel_asked = 1 AND ${rank} < 9 LIMIT 1`,
  );
  const counted = db.prepare<[], { state: string; count: number }>(
    'SELECT state, count(*) AS count FROM actions GROUP BY state',
  );

  return {
    /** Returns its `seq`. */
    insert: (action: NewAction, now: number): number => Number(insert.run({ ...action, now }).lastInsertRowid),
    /** The id of an identical action of the box that is scheduled and not yet carried out. */
    twin: (action: Pick<NewAction, 'box' | 'type' | 'params' | 'when'>): string | undefined =>
      twin.get(action.box, action.type, action.params, action.when)?.id,
    get(id: string): Action | undefined {
      const row = byId.get(id);
      return row && toAction(row);
    },
    /**
     * Notes that the due actions are about to be sent, and returns them, oldest first. Noted before the first byte leaves:
     * from then on only the box knows whether it will run.
     */
    claim: (due: Due): Action[] => claim.all(due).sort(bySeq).map(toAction),
    /** The same actions, without noting anything. */
    peek: (due: Due): Action[] => peek.all(due).map(toAction),
    /** Notes that the due cancellations are about to be sent, and returns the ids of their actions. */
    claimCancels: (due: Due): string[] => claimCancels.all(due).map((row) => row.id),
    peekCancels: (due: Due): string[] => peekCancels.all(due).map((row) => row.id),
    /** The action has left for the box. */
    delivered: (id: string, now: number): boolean => delivered.run(now, id).changes > 0,
    /** Moves the state as a report says. True when it moved. */
    apply(id: string, report: Report, now: number): boolean {
      const state = report.state;
      if (isFinal(state)) {
        const result = report.result === undefined ? null : JSON.stringify(report.result);
        const error = report.error === undefined ? null : JSON.stringify(report.error);
        return finish.run({ id, state, result, error, now }).changes > 0;
      }
      const reached = state === 'accepted' ? state : 'started';
      const moved = advance.run({ id, state: reached, rank: reached === 'accepted' ? 2 : 3, now }).changes > 0;
      if (report.progress === undefined) return moved;
      return progress.run(JSON.stringify(report.progress), now, id).changes > 0 || moved;
    },
    /** Notes how an action ended that was done already and went on. */
    closeOpen: (id: string, report: Report, now: number): boolean =>
      closeOpen.run({ id, result: JSON.stringify(report.result ?? null), now }).changes > 0,
    /** Cancels an action that no box has seen. True when it was one. */
    cancelUnsent: (id: string, now: number): boolean => cancelUnsent.run(now, id).changes > 0,
    /** Notes that the box shall cancel it. True when it is not final. */
    askCancel: (id: string): boolean => askCancel.run(id).changes > 0,
    /** Ends the actions that no box has seen and whose time has passed. */
    expire: (now: number): Action[] => expire.all({ now }).map(toAction),
    /** Whether anything that the box has not accepted, or whose cancellation it has not settled, is left. */
    isWaiting: (box: string): boolean => isWaiting.get(box, box) !== undefined,
    count: (): { state: string; count: number }[] => counted.all(),
    /** Newest first. */
    list(query: ActionQuery, paging: Paging): Page<Action> {
      const found = page<ActionRow>(db, {
        from: 'actions',
        where: [
          query.box && 'box = @box',
          query.type && 'type = @type',
          query.state && 'state = @state',
          query.request && 'request = (SELECT request FROM actions WHERE id = @request)',
          actionsInScope,
        ],
        order: 'seq DESC',
        bind: { ...query, scope: JSON.stringify(query.scope) },
        paging,
      });
      return { total: found.total, items: found.items.map(toAction) };
    },
  };
}

/** A time in the future was written by a clock that has been set back since, and says nothing. */
function due(columns: string): string {
  return `SELECT ${columns} FROM actions WHERE box = @box AND state IN ('queued', 'delivered') AND cancel_asked = 0
    AND portal_event IS NULL AND (sent_at IS NULL OR sent_at < @before OR sent_at > @now) ORDER BY seq LIMIT @limit`;
}

function dueCancels(columns: string): string {
  return `SELECT ${columns} FROM actions WHERE box = @box AND cancel_asked = 1 AND portal_event IS NULL AND ${rank} < 9
    AND (cancel_sent_at IS NULL OR cancel_sent_at < @before OR cancel_sent_at > @now) ORDER BY seq LIMIT @limit`;
}

function bySeq(a: ActionRow, b: ActionRow): number {
  return a.seq - b.seq;
}

/** A row as an action. */
export function toAction(row: ActionRow): Action {
  return {
    seq: row.seq,
    id: row.id,
    box: row.box,
    type: row.type,
    params: JSON.parse(row.params),
    state: row.state,
    createdAt: row.created_at,
    createdBy: row.created_by,
    when: row.when_at,
    expires: row.expires_at,
    spread: row.spread,
    sentAt: row.sent_at,
    cancelAsked: row.cancel_asked === 1,
    changedAt: row.changed_at,
    portalEvent: row.portal_event,
    followUp: row.follow_up,
    progress: parsed(row.progress),
    result: parsed(row.result),
    error: row.error === null ? null : JSON.parse(row.error),
  };
}

function parsed(text: string | null): Record<string, unknown> | null {
  return text === null ? null : JSON.parse(text);
}
