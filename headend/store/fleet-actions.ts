import type { ActionType } from '../../agent/protocol/params.ts';
import type { ActionState } from './action-states.ts';
import { actionsInScope } from './actions.ts';
import type { Db } from './database.ts';

/** What one request asked of many boxes. Its id is that of its first action that is seen; times are milliseconds. */
export type FleetAction = {
  /** Its place among all requests: a later one has a higher one. */
  seq: number;
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
  seq: number;
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

export type FleetActionQuery = {
  type?: string | undefined;
  /** Only those of at least so many boxes. */
  least: number;
  limit: number;
  /** The `seq` of which only older ones are wanted. */
  before?: number | undefined;
};

export type FleetActions = ReturnType<typeof createFleetActions>;

const sameRequest = 'request = (SELECT request FROM actions WHERE id = @id)';
const columns = 'a.id, a.type, a.params, a.created_at, a.created_by, a.when_at, a.expires_at';

/** Requests, the newest first: `which` says of which the actions are looked at. Each is shown by the first action that is seen of it. */
function select(which: string): string {
  return `SELECT asked.request AS seq, ${columns}, total, (SELECT json_group_object(state, count) FROM
      (SELECT state, count(*) AS count FROM actions WHERE request = asked.request AND ${actionsInScope} GROUP BY state)) AS states
    FROM (SELECT request, min(seq) AS first, count(*) AS total FROM actions WHERE ${which} AND ${actionsInScope}
      GROUP BY request HAVING total >= @least ORDER BY request DESC LIMIT @limit) AS asked
    JOIN actions a ON a.seq = asked.first ORDER BY asked.request DESC`;
}

export function createFleetActions(db: Db) {
  const one = db.prepare<[Record<string, unknown>], Row>(select(sameRequest));
  const reasons = db.prepare<[Record<string, unknown>], Reason>(
    `SELECT state, error ->> '$.code' AS code, min(error ->> '$.message') AS message, count(*) AS count
     FROM actions WHERE ${sameRequest} AND ${actionsInScope} AND state IN ('failed', 'refused', 'expired', 'cancelled')
     GROUP BY state, code ORDER BY count DESC`,
  );
  const idsIn = db.prepare<[Record<string, unknown>], { id: string; box: string }>(
    `SELECT id, box FROM actions WHERE ${sameRequest} AND ${actionsInScope}
       AND state IN (SELECT value FROM json_each(@states)) ORDER BY seq LIMIT @limit`,
  );
  const scoped = (scope: readonly string[]) => JSON.stringify(scope);

  return {
    /** The newest first. */
    list(scope: readonly string[], query: FleetActionQuery): FleetAction[] {
      const { type, before } = query;
      const which = [type !== undefined && 'type = @type', before !== undefined && 'request < @before'].filter(Boolean);
      const list = db.prepare<[Record<string, unknown>], Row>(select(which.join(' AND ') || 'request IS NOT NULL'));
      return list.all({ ...query, scope: scoped(scope) }).map(toFleetAction);
    },
    /** The fleet action that has this action. */
    get(scope: readonly string[], id: string): FleetAction | undefined {
      const row = one.get({ scope: scoped(scope), id, least: 1, limit: 1 });
      return row && toFleetAction(row);
    },
    reasons: (scope: readonly string[], id: string): Reason[] => reasons.all({ scope: scoped(scope), id }),
    /** Its actions in some states, and their boxes. */
    members: (scope: readonly string[], id: string, states: readonly ActionState[], limit: number) =>
      idsIn.all({ scope: scoped(scope), id, states: JSON.stringify(states), limit }),
  };
}

function toFleetAction(row: Row): FleetAction {
  return {
    seq: row.seq,
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
