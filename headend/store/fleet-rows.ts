import type { ActionType } from '../../agent/protocol/params.ts';
import type { ActionState } from './action-states.ts';
import { notesAndFields } from './boxes.ts';
import type { Db } from './database.ts';

/** A set-top box as a list of the whole fleet shows it. Times are milliseconds; what the box never said is null. */
export type FleetRow = {
  id: string;
  name: string;
  mac: string | null;
  customer: string;
  enabled: boolean;
  model: string | null;
  firmware: string | null;
  upstream: string | null;
  lastSeen: number | null;
  /** Notes and custom fields, for the search; empty when there are none. */
  more: string;
  groups: string[];
  playing: string | null;
  cpuPercent: number | null;
  freeMemoryPercent: number | null;
  temperature: number | null;
  faults: number;
  /** The newest action. */
  action: { id: string; type: ActionType; state: ActionState; at: number } | null;
};

type Row = Omit<FleetRow, 'enabled' | 'groups' | 'action'> & {
  seq: number;
  enabled: number;
  groups: string;
  action: string | null;
};
export type FleetRows = ReturnType<typeof createFleetRows>;

/** The fleet in rows of a few hundred bytes: what the database can pick out is never parsed here. */
export function createFleetRows(db: Db) {
  const after = db.prepare<[Record<string, unknown>], Row>(
    `SELECT b.rowid AS seq, b.id, b.name, b.mac, b.customer, b.enabled, b.model, b.firmware, b.upstream, b.last_seen AS lastSeen,
       ${notesAndFields} AS more,
       (SELECT json_group_array(g."group") FROM group_boxes g WHERE g.box = b.id) AS groups,
       coalesce(b.telemetry ->> '$.playing.name', b.telemetry ->> '$.playing.url') AS playing,
       b.telemetry ->> '$.cpuPercent' AS cpuPercent,
       b.telemetry ->> '$.freeMemoryPercent' AS freeMemoryPercent,
       b.telemetry ->> '$.temperature' AS temperature,
       json_array_length(coalesce(b.telemetry -> '$.faults', b.hello -> '$.faults', '[]')) AS faults,
       (SELECT json_object('id', a.id, 'type', a.type, 'state', a.state, 'at', a.changed_at)
          FROM actions a WHERE a.box = b.id ORDER BY a.seq DESC LIMIT 1) AS action
     FROM boxes b
     WHERE b.rowid > @after AND b.type = 'STB' AND b.customer IN (SELECT value FROM json_each(@scope))
     ORDER BY b.rowid LIMIT @limit`,
  );

  /** The next rows after `after`, which is 0 at first, and where to go on; undefined at the end. */
  function next(
    scope: readonly string[],
    after_: number,
    limit: number,
  ): { rows: FleetRow[]; last: number } | undefined {
    const found = after.all({ scope: JSON.stringify(scope), after: after_, limit });
    const last = found.at(-1)?.seq;
    return last === undefined ? undefined : { rows: found.map(toFleetRow), last };
  }
  return { next };
}

function toFleetRow({ seq: _, ...row }: Row): FleetRow {
  return {
    ...row,
    enabled: row.enabled === 1,
    groups: JSON.parse(row.groups),
    action: row.action === null ? null : JSON.parse(row.action),
  };
}
