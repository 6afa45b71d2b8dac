import type { ActionType } from '../../agent/protocol/params.ts';
import type { ActionState } from './action-states.ts';
import type { Db } from './database.ts';

/** What one request asked of many boxes. Its id is that of its first action; times are milliseconds. */
export type FleetAction = {
  id: string;
  type: ActionType;
  params: Record<string, unknown>;
  createdAt: number;
  createdBy: string | null;
  when: number | null;
  expires: number | null;
  total: number;
  /** How many of its actions are in each state. */
  states: Partial<Record<ActionState, number>>;
};

/** Why boxes did not do it, and how many. */
export type Reason = { state: ActionState; code: string | null; message: string | null; count: number };

type Row = {
  id: string;
  type: ActionType;
  params: string;
  created_at: number;
  created_by: string | null;
  when_at: number | null;
  expires_at: number | null;
  total: number;
  states: string;
};

export type FleetActions = ReturnType<typeof createFleetActions>;

/** So many of the newest actions are looked through for a list; older ones are found one by one. */
const newest = 50_000;
/** The actions of one request lie together; so far after its first one they are looked for. */
const span = 200_000;

/** Actions that were asked for together share the millisecond they were made in, who asked, and what was asked. */
const together = 'created_at, type, params, when_at, created_by';
const inScope = 'box IN (SELECT id FROM boxes WHERE customer IN (SELECT value FROM json_each(@scope)))';
const members = `a.seq >= f.seq AND a.seq < f.seq + ${span} AND a.created_at = f.created_at AND a.type = f.type
  AND a.params = f.params AND a.when_at IS f.when_at AND a.created_by IS f.created_by`;

export function createFleetActions(db: Db) {
  const columns = 'id, type, params, created_at, created_by, when_at, expires_at';
  const list = db.prepare<[Record<string, unknown>], Row>(
    `WITH counted AS (
       SELECT ${together}, state, min(seq) AS first, count(*) AS count FROM actions
       WHERE seq > (SELECT max(seq) FROM actions) - ${newest} AND (@type IS NULL OR type = @type) AND ${inScope}
       GROUP BY ${together}, state
     ), grouped AS (
       SELECT min(first) AS first, sum(count) AS total, json_group_object(state, count) AS states FROM counted GROUP BY ${together}
     )
     SELECT ${columns}, total, states FROM grouped JOIN actions ON seq = first
     WHERE total >= @least ORDER BY seq DESC LIMIT @limit`,
  );
  const one = db.prepare<[Record<string, unknown>], Row>(
    `SELECT f.id, f.type, f.params, f.created_at, f.created_by, f.when_at, f.expires_at,
       (SELECT sum(count) FROM (SELECT count(*) AS count FROM actions a WHERE ${members} AND a.${inScope})) AS total,
       (SELECT json_group_object(state, count) FROM
          (SELECT a.state, count(*) AS count FROM actions a WHERE ${members} AND a.${inScope} GROUP BY a.state)) AS states
     FROM actions f WHERE f.id = @id`,
  );
  const reasons = db.prepare<[Record<string, unknown>], Reason>(
    `SELECT a.state, a.error ->> '$.code' AS code, min(a.error ->> '$.message') AS message, count(*) AS count
     FROM actions f JOIN actions a ON ${members}
     WHERE f.id = @id AND a.${inScope} AND a.state IN ('failed', 'refused', 'expired', 'cancelled')
     GROUP BY a.state, code ORDER BY count DESC`,
  );
  const idsIn = db.prepare<[Record<string, unknown>], { id: string; box: string }>(
    `SELECT a.id, a.box FROM actions f JOIN actions a ON ${members}
     WHERE f.id = @id AND a.${inScope} AND a.state IN (SELECT value FROM json_each(@states)) ORDER BY a.seq LIMIT @limit`,
  );
  const scoped = (scope: readonly string[]) => JSON.stringify(scope);

  return {
    /** The newest first; only those of at least `least` boxes. */
    list: (
      scope: readonly string[],
      { type, least, limit }: { type?: string | undefined; least: number; limit: number },
    ) => list.all({ scope: scoped(scope), type: type ?? null, least, limit }).map(toFleetAction),
    /** The fleet action whose first action has this id. */
    get(scope: readonly string[], id: string): FleetAction | undefined {
      const row = one.get({ scope: scoped(scope), id });
      return row?.total ? toFleetAction(row) : undefined;
    },
    reasons: (scope: readonly string[], id: string): Reason[] => reasons.all({ scope: scoped(scope), id }),
    /** Its actions in some states, and their boxes. */
    members: (scope: readonly string[], id: string, states: readonly ActionState[], limit: number) =>
      idsIn.all({ scope: scoped(scope), id, states: JSON.stringify(states), limit }),
  };
}

function toFleetAction(row: Row): FleetAction {
  return {
    id: row.id,
    type: row.type,
    params: JSON.parse(row.params),
    createdAt: row.created_at,
    createdBy: row.created_by,
    when: row.when_at,
    expires: row.expires_at,
    total: row.total,
    states: JSON.parse(row.states),
  };
}
