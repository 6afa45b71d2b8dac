import type { Db } from './database.ts';
import { auditOfHeadendSchema, auditSchema } from './schema-audit.ts';
import { lineupTables } from './schema-lineup.ts';
import { ministraSchema } from './schema-ministra.ts';
import { requestsSchema } from './schema-requests.ts';
import { rolloutSoakSchema, rolloutTables } from './schema-rollouts.ts';
import { telemetryHoursSchema } from './schema-telemetry.ts';

/** Changes to the tables that a file of the first schema lacks. A name is kept for ever; what it does is never edited once released. */
const upgrades: readonly { name: string; sql: string }[] = [
  { name: 'lineup', sql: lineupTables },
  { name: 'ministra', sql: ministraSchema },
  { name: 'audit', sql: auditSchema },
  { name: 'rollouts', sql: rolloutTables },
  { name: 'telemetry-hours', sql: telemetryHoursSchema },
  { name: 'audit-of-headend', sql: auditOfHeadendSchema },
  { name: 'rollout-soak', sql: rolloutSoakSchema },
  { name: 'requests', sql: requestsSchema },
];

/**
 * Brings a file up to date in place: each upgrade it has not had yet, in the order of the list, in a transaction of its own.
 * Throws when the file has had one that this headend does not know, for it was written by a newer one.
 */
export function upgrade(db: Db, file: string): void {
  db.exec('CREATE TABLE IF NOT EXISTS upgrades (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT');
  const applied = db.prepare<[], { name: string }>('SELECT name FROM upgrades').all();
  const unknown = applied.find(({ name }) => !upgrades.some((known) => known.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `${file} has had the upgrade "${unknown.name}", which this headend does not know: start the version that wrote it, or give another data_dir`,
    );
  }
  const note = db.prepare<[string, number]>('INSERT INTO upgrades (name, applied_at) VALUES (?, ?)');
  for (const { name, sql } of upgrades) {
    if (applied.some((one) => one.name === name)) continue;
    db.transaction(() => {
      db.exec(sql);
      note.run(name, Date.now());
    })();
  }
}
