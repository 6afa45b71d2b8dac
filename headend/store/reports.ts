import type { Report } from '../../agent/protocol/messages.ts';
import type { Db } from './database.ts';

/** A report as it is kept: what the box sent, and when it came. */
export type StoredReport = Report & { receivedAt: number };
export type Reports = ReturnType<typeof createReports>;

/** The whole report history of every action. A report is known by its box and its own id. */
export function createReports(db: Db) {
  const insert = db.prepare<[string, string, string, string, number, string]>(
    'INSERT OR IGNORE INTO reports (box, report, action, state, received_at, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const count = db.prepare<[string], { count: number }>('SELECT count(*) AS count FROM reports WHERE action = ?');
  const removeOpen = db.prepare<[string]>(
    `DELETE FROM reports WHERE action = ? AND state = 'done' AND json_extract(body, '$.open')`,
  );
  const ofAction = db.prepare<[string], { body: string; received_at: number }>(
    'SELECT body, received_at FROM reports WHERE action = ? ORDER BY seq',
  );

  return {
    /** Keeps a report. False when the box has sent it before. */
    add: (box: string, action: string, report: Report, now: number): boolean =>
      insert.run(box, report.report, action, report.state, now, JSON.stringify(report)).changes > 0,
    /** Removes the report of an action that is done and goes on. False when there is none. */
    removeOpen: (action: string): boolean => removeOpen.run(action).changes > 0,
    count: (action: string): number => count.get(action)?.count ?? 0,
    /** The reports of an action, in the order they came. */
    ofAction: (action: string): StoredReport[] =>
      ofAction.all(action).map((row) => ({ ...JSON.parse(row.body), receivedAt: row.received_at })),
  };
}
