import { setImmediate as turn } from 'node:timers/promises';
import type { Db } from './database.ts';
import { hourMs } from './telemetry.ts';
import { type Gathered, gather, gatheredOf } from './telemetry-figures.ts';

/** How long what the boxes said is kept. */
export type Retention = {
  /** Days that an ended action is kept, with its reports and artifact. */
  actionDays: number;
  /** Ended actions kept in all; the oldest go first. */
  actionCount: number;
  telemetryDays: number;
  /** Telemetry messages kept in all, as they came; of older ones the figures stay, hour by hour. */
  telemetryCount: number;
};

const dayMs = 24 * 3600 * 1000;
/** Rows deleted in one transaction, after which others have their turn: a long one would hold everybody up. */
const batch = 500;

type Surplus = { box: string; at: number; body: string };

/** Deletes what is older or more than the retention allows, and says which actions' artifacts go with it. */
export function createRetention(db: Db, retention: Retention): (now: number) => Promise<string[]> {
  // What a box read over the portal's protocol has ended as far as anybody will ever say.
  const ended = `(state IN ('done', 'failed', 'expired', 'cancelled', 'refused') OR (state = 'delivered' AND portal_event IS NOT NULL))`;
  const deleteActions = db.prepare<[number, number], { id: string }>(
    `DELETE FROM actions WHERE seq IN (SELECT seq FROM actions WHERE ${ended} AND (changed_at < ? OR seq <= ?)
       ORDER BY seq LIMIT ${batch}) RETURNING id`,
  );
  const oldestKept = db.prepare<[number], { seq: number }>(
    `SELECT seq FROM actions WHERE ${ended} ORDER BY seq DESC LIMIT 1 OFFSET ?`,
  );
  const deleteOld = db.prepare<[number]>(
    `DELETE FROM telemetry WHERE seq IN (SELECT seq FROM telemetry WHERE received_at < ? ORDER BY seq LIMIT ${batch})`,
  );
  const deleteSurplus = db.prepare<[number], Surplus>(
    `DELETE FROM telemetry WHERE seq IN (SELECT seq FROM telemetry WHERE seq <= ? ORDER BY seq LIMIT ${batch})
     RETURNING box, received_at AS at, body`,
  );
  const newestTelemetry = db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM telemetry');
  const hourOf = db.prepare<[string, number], { reports: number; last: number; figures: string }>(
    'SELECT reports, last_at AS last, figures FROM telemetry_hours WHERE box = ? AND hour = ?',
  );
  const putHour = db.prepare<[string, number, number, number, string]>(
    'INSERT OR REPLACE INTO telemetry_hours (box, hour, reports, last_at, figures) VALUES (?, ?, ?, ?, ?)',
  );
  const deleteHours = db.prepare<[number]>('DELETE FROM telemetry_hours WHERE hour < ?');

  /** Deletes the oldest reports that are too many, and adds their figures to those of their hours; returns how many they were. */
  const gatherSurplus = db.transaction((upTo: number): number => {
    const surplus = deleteSurplus.all(upTo);
    for (const { box, at, body } of surplus) {
      const hour = Math.floor(at / hourMs) * hourMs;
      const known = hourOf.get(box, hour);
      const one = gatheredOf(JSON.parse(body), at);
      const all: Gathered = known === undefined ? one : gather({ ...known, figures: JSON.parse(known.figures) }, one);
      putHour.run(box, hour, all.reports, all.last, JSON.stringify(all.figures));
    }
    return surplus.length;
  });

  return async (now) => {
    const gone: string[] = [];
    const actionsBefore = now - retention.actionDays * dayMs;
    const actionsUpTo = oldestKept.get(retention.actionCount)?.seq ?? 0;
    for (let rows = batch; rows === batch && db.open; ) {
      const deleted = deleteActions.all(actionsBefore, actionsUpTo);
      rows = deleted.length;
      for (const { id } of deleted) gone.push(id);
      await turn();
    }
    const telemetryBefore = now - retention.telemetryDays * dayMs;
    for (let rows = batch; rows === batch && db.open; await turn()) rows = deleteOld.run(telemetryBefore).changes;
    // The headend may have been ended in between.
    if (!db.open) return gone;
    deleteHours.run(telemetryBefore);
    const telemetryUpTo = (newestTelemetry.get()?.seq ?? 0) - retention.telemetryCount;
    for (let rows = batch; rows === batch && db.open; await turn()) rows = gatherSurplus(telemetryUpTo);
    return gone;
  };
}
