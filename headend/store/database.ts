import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fold } from '../search.ts';
import { schema, schemaVersion } from './schema.ts';
import { upgrade } from './upgrades.ts';

export type Db = Database.Database;

/**
 * Opens the headend's database, makes its tables when it is new and brings older ones up to date. Throws when the file was made by a newer version.
 * SQL has `folded(text)` for searches: SQLite's own LIKE knows capitals of ASCII only.
 * `synchronous` is set in words: better-sqlite3 lowers it to NORMAL in WAL mode, which loses the last commits in a power cut.
 */
export function openDatabase(file: string): Db {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  db.function('folded', { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null));
  const version = db.pragma('user_version', { simple: true });
  if (version === 0) {
    db.transaction(() => {
      db.exec(schema);
      db.pragma(`user_version = ${schemaVersion}`);
    })();
  } else if (version !== schemaVersion) {
    db.close();
    throw new Error(
      `${file} has schema version ${String(version)}, this headend knows ${schemaVersion}: start the version that wrote it, or give another data_dir`,
    );
  }
  try {
    upgrade(db, file);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}
