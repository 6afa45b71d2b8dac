import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AgentError } from '../errors.ts';

/** Raised with the schema; a journal of another version is set aside, for its rows cannot be trusted. */
const schemaVersion = 1;

// What may be long stands last: to reach a column, SQLite reads every page of those before it.
const schema = `
  CREATE TABLE action (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    expires_at INTEGER,
    received_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    report_id TEXT,
    params TEXT NOT NULL,
    intent TEXT,
    report TEXT
  );
  CREATE INDEX action_open ON action (seq) WHERE state <> 'ended' OR reported = 0;
  CREATE UNIQUE INDEX action_report ON action (report_id) WHERE report_id IS NOT NULL AND reported = 0;
`;

/**
 * Opens or makes the journal's database. A file that is damaged is renamed to `….damaged-1` (the next free number), never
 * deleted, and a new one made; `onSetAside` is told so in a sentence. Throws STORAGE when even that fails.
 */
export function openDatabase(file: string, onSetAside: (sentence: string) => void): Database.Database {
  try {
    return open(file);
  } catch (error) {
    if (!isDamage(error)) throw storageError(file, error);
    const aside = setAside(file);
    onSetAside(`the journal was damaged (${(error as Error).message}); it was kept as ${aside} and a new one begun`);
    try {
      return open(file);
    } catch (cause) {
      throw storageError(file, cause);
    }
  }
}

function open(file: string): Database.Database {
  // SQLite would take it for a new file. It is what a power cut makes of a file on some flash, and the journal has been lost.
  if (isEmpty(file)) throw damage('the file is empty');
  const db = new Database(file, { timeout: 2_000 });
  try {
    // Small pages keep the flash writes of one commit small; the size is fixed when the file is made.
    db.pragma('page_size = 1024');
    db.pragma('journal_mode = WAL');
    // better-sqlite3 chooses NORMAL in WAL mode, which loses the last commits in a power cut.
    db.pragma('synchronous = FULL');
    const version = db.pragma('user_version', { simple: true });
    if (version === 0) db.exec(`BEGIN; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
    else if (version !== schemaVersion) throw damage(`schema version ${version}, expected ${schemaVersion}`);
    const check = db.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw damage(String(check).replace(/\s+/g, ' '));
    return db;
  } catch (error) {
    db.close();
    // On a full disk not a byte was written; left behind, the file would be taken for a lost journal at the next start.
    if (isEmpty(file)) rmSync(file);
    throw error;
  }
}

function isEmpty(file: string): boolean {
  return existsSync(file) && statSync(file).size === 0;
}

function damage(message: string): Error {
  return Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' });
}

function isDamage(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return (
    /^SQLITE_(CORRUPT|NOTADB)/.test(code) || (code === 'SQLITE_ERROR' && /malformed|already exists/.test(String(error)))
  );
}

function setAside(file: string): string {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number += 1;
  const aside = `${file}.damaged-${number}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

function storageError(file: string, cause: unknown): AgentError {
  return new AgentError(
    'STORAGE',
    `the journal ${file} cannot be opened: ${(cause as Error).message}; check that the directory exists, is writable and has space`,
    { cause },
  );
}
