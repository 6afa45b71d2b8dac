import type { Db } from './database.ts';
import type { Paging } from './page.ts';

export const rolloutBoxStates = [
  'waiting',
  'asked',
  'taken',
  'proving',
  'healthy',
  'failed',
  'lost',
  'cancelled',
] as const;
/** How far a box is; `schema-rollouts.ts` says what each means. */
export type RolloutBoxState = (typeof rolloutBoxStates)[number];
export type BackState = 'asked' | 'done' | 'failed' | 'cancelled';

/** One box of a rollout. */
export type RolloutBox = {
  box: string;
  wave: number;
  state: RolloutBoxState;
  action: string | null;
  code: string | null;
  message: string | null;
  back: { action: string; state: BackState } | null;
};

/** How many boxes of a wave are in a state. Excused are those whose failure an operator has seen and gone on from. */
export type WaveCount = { wave: number; state: RolloutBoxState; excused: number; count: number };

/** Why boxes of a wave failed, and how many. */
export type WaveReason = { wave: number; code: string | null; message: string | null; count: number };

type Row = Omit<RolloutBox, 'back'> & { back_action: string | null; back_state: BackState | null };

export type RolloutBoxes = ReturnType<typeof createRolloutBoxes>;

/** The boxes of a rollout in some states. Named, for the planner would read all boxes of the rollout. */
const byState = 'INDEXED BY rollout_boxes_counts';
const isFinal = `a.state IN ('done', 'failed', 'expired', 'cancelled', 'refused')`;
/** What an action says about its box. One that the portal's protocol handed out never says more than that it was read. */
const stateOf = `CASE
  WHEN a.state = 'done' THEN 'proving'
  WHEN a.state = 'cancelled' THEN 'cancelled'
  WHEN ${isFinal} THEN 'failed'
  WHEN a.state = 'queued' OR a.portal_event IS NOT NULL THEN 'asked'
  ELSE 'taken' END`;
/** The code of a box that was healthy and went off while its wave had to stay healthy. */
const wentOff = 'WENT_OFF';
const follow = `UPDATE rollout_boxes SET state = ${stateOf}, message = a.error ->> '$.message',
    code = CASE WHEN a.state IN ('failed', 'refused', 'expired') THEN coalesce(a.error ->> '$.code', upper(a.state)) END
  FROM actions a WHERE a.id = rollout_boxes.action AND rollout_boxes.state IN ('asked', 'taken', 'lost')
    AND (rollout_boxes.state <> 'lost' OR (rollout_boxes.code <> '${wentOff}' AND ${isFinal}))`;
/** A box is done, and has yet to come on. */
const isAway = `(b.state = 'proving' OR (b.state = 'lost' AND b.code = '${wentOff}'))`;
const followBack = `UPDATE rollout_boxes SET back_state = CASE a.state WHEN 'done' THEN 'done' WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END
  FROM actions a WHERE a.id = rollout_boxes.back_action AND rollout_boxes.back_state = 'asked' AND ${isFinal}`;
/** The boxes whose owner is in `@scope`, or all of them where that is null. */
const inScope =
  '(@scope IS NULL OR box IN (SELECT id FROM boxes WHERE customer IN (SELECT value FROM json_each(@scope))))';

/**
 * How far each box of each rollout is.
 *
 * INVARIANTS
 * - A box is linked with the action that upgrades it in the transaction that makes the action, and is not asked twice.
 * - What a box's action has come to is read from the action itself, so that following it once more changes nothing.
 */
export function createRolloutBoxes(db: Db) {
  const waiting = db.prepare<[Record<string, unknown>], { box: string }>(
    `SELECT box FROM rollout_boxes WHERE rollout = @rollout AND state = 'waiting' AND wave <= @wave
     ORDER BY wave, excused, position LIMIT @limit`,
  );
  const link = db.prepare<[Record<string, unknown>]>(
    `UPDATE rollout_boxes SET state = 'asked', action = @action, own = @own
     WHERE box = @box AND rollout = @rollout AND state = 'waiting'`,
  );
  const followOne = db.prepare<[string]>(`${follow} AND rollout_boxes.action = ?`);
  const followAll = db.prepare(follow);
  const followBackOne = db.prepare<[string]>(`${followBack} AND rollout_boxes.back_action = ?`);
  const followBackAll = db.prepare(followBack);
  const ofAction = db.prepare<[string, string], { rollout: string }>(
    `SELECT rollout FROM rollout_boxes WHERE action = ? AND state IN ('asked', 'taken', 'lost')
     UNION SELECT rollout FROM rollout_boxes WHERE back_action = ? AND back_state = 'asked'`,
  );
  const awaiting = db.prepare<[string], { rollout: string }>(
    `SELECT rollout FROM rollout_boxes b JOIN rollouts r ON r.id = b.rollout
     WHERE box = ? AND (${isAway} OR (b.state = 'healthy' AND r.state = 'running' AND r.soak_ms > 0))`,
  );
  const all = db.prepare<[string], { box: string }>('SELECT box FROM rollout_boxes WHERE rollout = ?');
  const ofBox = db.prepare<[string], { rollout: string }>('SELECT rollout FROM rollout_boxes WHERE box = ?');
  const underWay = db.prepare<[string], { id: string; name: string; boxes: number }>(
    `SELECT r.id, r.name, count(*) AS boxes FROM json_each(?) j CROSS JOIN rollout_boxes b ON b.box = j.value
     JOIN rollouts r ON r.id = b.rollout WHERE r.state IN ('running', 'paused') GROUP BY r.id ORDER BY r.seq`,
  );
  const proving = db.prepare<[string], { box: string }>(
    `SELECT box FROM rollout_boxes b ${byState} WHERE rollout = ? AND b.state IN ('proving', 'lost') AND ${isAway}`,
  );
  const prove = db.prepare<[string, string]>(
    `UPDATE rollout_boxes SET state = 'healthy', code = NULL, message = NULL WHERE box = ? AND rollout = ?`,
  );
  const healthy = db.prepare<[string, number], { box: string }>(
    `SELECT box FROM rollout_boxes ${byState} WHERE rollout = ? AND state = 'healthy' AND wave = ? AND excused = 0`,
  );
  const fallBack = db.prepare<[Record<string, unknown>]>(
    `UPDATE rollout_boxes ${byState} SET state = 'failed', code = 'FELL_BACK', message = @message FROM actions a, boxes x
     WHERE rollout_boxes.rollout = @rollout AND rollout_boxes.state = 'healthy' AND rollout_boxes.wave = @wave
       AND a.id = rollout_boxes.action AND x.id = rollout_boxes.box
       AND x.firmware = a.result ->> '$.from' AND x.firmware <> a.result ->> '$.to'`,
  );
  const goOff = db.prepare<[Record<string, unknown>]>(
    `UPDATE rollout_boxes SET state = 'lost', code = '${wentOff}', message = @message
     WHERE box = @box AND rollout = @rollout AND state = 'healthy'`,
  );
  const lose = db.prepare<[Record<string, unknown>]>(
    `UPDATE rollout_boxes ${byState} SET state = 'lost', code = 'NO_ANSWER', message = @message FROM actions a
     WHERE rollout_boxes.rollout = @rollout AND rollout_boxes.state = 'taken' AND a.id = rollout_boxes.action AND a.sent_at <= @before`,
  );
  const nextLost = db.prepare<[string], { sentAt: number | null }>(
    `SELECT min(a.sent_at) AS sentAt FROM rollout_boxes b ${byState} JOIN actions a ON a.id = b.action
     WHERE b.rollout = ? AND b.state = 'taken'`,
  );
  const excuse = db.prepare<[string]>(
    `UPDATE rollout_boxes ${byState} SET excused = 1 WHERE rollout = ? AND state IN ('failed', 'lost')`,
  );
  const unsent = db.prepare<[Record<string, unknown>], { box: string; action: string }>(
    `SELECT b.box, b.action FROM rollout_boxes b ${byState} JOIN actions a ON a.id = b.action
     WHERE b.rollout = @rollout AND b.state = 'asked' AND b.own = 1 AND a.state = 'queued' AND a.sent_at IS NULL LIMIT @limit`,
  );
  const unlink = db.prepare<[string, string]>(
    `UPDATE rollout_boxes SET state = 'waiting', action = NULL, own = 0 WHERE box = ? AND rollout = ?`,
  );
  const sent = db.prepare<[string], { action: string }>(
    `SELECT b.action FROM rollout_boxes b ${byState} JOIN actions a ON a.id = b.action
     WHERE b.rollout = ? AND b.state IN ('asked', 'taken', 'lost') AND b.own = 1 AND a.cancel_asked = 0 AND NOT ${isFinal}
       AND (a.portal_event IS NULL OR a.state = 'queued')`,
  );
  const toSendBack = db.prepare<[string, number], { box: string }>(
    `SELECT box FROM rollout_boxes INDEXED BY rollout_boxes_upgraded
     WHERE rollout = ? AND back_state IS NULL AND state IN ('proving', 'healthy') ORDER BY position LIMIT ?`,
  );
  const linkBack = db.prepare<[Record<string, unknown>]>(
    `UPDATE rollout_boxes SET back_state = 'asked', back_action = @action WHERE box = @box AND rollout = @rollout AND back_state IS NULL`,
  );
  const count = 'SELECT wave, state, excused, count(*) AS count FROM rollout_boxes WHERE rollout = @rollout';
  const counts = db.prepare<[Record<string, unknown>], WaveCount>(`${count} GROUP BY state, wave, excused`);
  const countsIn = db.prepare<[Record<string, unknown>], WaveCount>(
    `${count} AND ${inScope} GROUP BY state, wave, excused`,
  );
  const reasons = db.prepare<[Record<string, unknown>], WaveReason>(
    `SELECT wave, code, min(message) AS message, count(*) AS count FROM rollout_boxes ${byState}
     WHERE rollout = @rollout AND state IN ('failed', 'lost') AND ${inScope} GROUP BY wave, code ORDER BY wave, count DESC, code`,
  );
  const backCounts = db.prepare<[Record<string, unknown>], { state: BackState; count: number }>(
    `SELECT back_state AS state, count(*) AS count FROM rollout_boxes
     WHERE rollout = @rollout AND back_state IS NOT NULL AND ${inScope} GROUP BY back_state`,
  );
  const chosen = `FROM rollout_boxes WHERE rollout = @rollout AND ${inScope} AND (@wave IS NULL OR wave = @wave) AND (@state IS NULL OR state = @state)`;
  const total = db.prepare<[Record<string, unknown>], { total: number }>(`SELECT count(*) AS total ${chosen}`);
  const list = db.prepare<[Record<string, unknown>], Row>(
    `SELECT box, wave, state, action, code, message, back_action, back_state ${chosen} ORDER BY position LIMIT @limit OFFSET @offset`,
  );
  const scoped = (scope: readonly string[] | null) => (scope === null ? null : JSON.stringify(scope));

  return {
    /** Boxes of the waves up to `wave` that have not been asked. */
    waiting: (rollout: string, wave: number, limit: number): string[] =>
      waiting.all({ rollout, wave, limit }).map(({ box }) => box),
    /** The box is asked by this action; `own` where the action was made for it, and not found waiting. */
    link: (rollout: string, box: string, action: string, own: boolean): void =>
      void link.run({ rollout, box, action, own: own ? 1 : 0 }),
    /** Takes over what has become of an action. */
    follow(action: string): void {
      followOne.run(action);
      followBackOne.run(action);
    },
    /** The same for every action that a rollout waits for. */
    followAll(): void {
      followAll.run();
      followBackAll.run();
    },
    /** The rollouts that wait for this action. */
    rolloutsOfAction: (action: string): string[] => ofAction.all(action, action).map(({ rollout }) => rollout),
    /** The rollouts for which it matters that this box is online again. */
    rolloutsAwaiting: (box: string): string[] => awaiting.all(box).map(({ rollout }) => rollout),
    /** The rollouts that run or are paused, and how many of these boxes are in each. */
    underWay: (boxes: readonly string[]) => underWay.all(JSON.stringify(boxes)),
    /** Every box of a rollout. */
    boxesOf: (rollout: string): string[] => all.all(rollout).map(({ box }) => box),
    /** The rollouts that the box is in. */
    rolloutsOf: (box: string): string[] => ofBox.all(box).map(({ rollout }) => rollout),
    /** The boxes that are done and were not seen online since, and those that were and went off. */
    proving: (rollout: string): string[] => proving.all(rollout).map(({ box }) => box),
    /** The box is done, and it is back. */
    prove: (rollout: string, box: string): void => void prove.run(box, rollout),
    /** The healthy boxes of a wave that count. */
    healthy: (rollout: string, wave: number): string[] => healthy.all(rollout, wave).map(({ box }) => box),
    /** The boxes of a wave that were healthy and say that they run what they ran before have failed; returns how many. */
    fallBack: (rollout: string, wave: number, message: string): number =>
      fallBack.run({ rollout, wave, message }).changes,
    /** The box was healthy and is off: it counts as failed until it is back. */
    goOff: (rollout: string, box: string, message: string): void => void goOff.run({ rollout, box, message }),
    /** Gives up the boxes that took their action before `before` and have not reported its end. */
    lose: (rollout: string, before: number, message: string): void => void lose.run({ rollout, before, message }),
    /** When the first box took its action of those that have not reported its end. */
    oldestTaken: (rollout: string): number | null => nextLost.get(rollout)?.sentAt ?? null,
    /** Whoever failed so far counts no more: an operator has seen it and goes on. */
    excuse: (rollout: string): void => void excuse.run(rollout),
    /** Boxes whose own action has not left the headend. */
    unsent: (rollout: string, limit: number) => unsent.all({ rollout, limit }),
    /** The box has not been asked after all. */
    unlink: (rollout: string, box: string): void => void unlink.run(box, rollout),
    /** The own actions that have left the headend, have not ended and were not asked to be cancelled. */
    sent: (rollout: string): string[] => sent.all(rollout).map(({ action }) => action),
    /** Boxes that run the new image and were not asked to go back. */
    toSendBack: (rollout: string, limit: number): string[] => toSendBack.all(rollout, limit).map(({ box }) => box),
    linkBack: (rollout: string, box: string, action: string): void => void linkBack.run({ rollout, box, action }),
    /** How many boxes of each wave are in each state; of some customers only, or of all. */
    counts: (rollout: string, scope: readonly string[] | null = null): WaveCount[] =>
      scope === null ? counts.all({ rollout }) : countsIn.all({ rollout, scope: scoped(scope) }),
    /** Why boxes failed, the commonest reason of each wave first. */
    reasons: (rollout: string, scope: readonly string[] | null = null): WaveReason[] =>
      reasons.all({ rollout, scope: scoped(scope) }),
    /** How many boxes are how far on the way back. */
    backCounts: (rollout: string, scope: readonly string[] | null = null) =>
      backCounts.all({ rollout, scope: scoped(scope) }),
    /** In their order. */
    list(
      query: {
        rollout: string;
        scope: readonly string[] | null;
        wave?: number | undefined;
        state?: string | undefined;
      },
      paging: Paging,
    ): { total: number; items: RolloutBox[] } {
      const bind = {
        rollout: query.rollout,
        scope: scoped(query.scope),
        wave: query.wave ?? null,
        state: query.state ?? null,
      };
      return { total: total.get(bind)?.total ?? 0, items: list.all({ ...bind, ...paging }).map(toRolloutBox) };
    },
  };
}

function toRolloutBox({ back_action, back_state, ...box }: Row): RolloutBox {
  return {
    ...box,
    back: back_action === null || back_state === null ? null : { action: back_action, state: back_state },
  };
}
