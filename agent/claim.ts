/** One agent on a state directory: two would each carry out what the headend asks once. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { messageOf } from './errors.ts';

/** How long two that start at the same moment may hold each other up. */
const contentionMs = 2_000;

/**
 * Claims a directory for this process, whatever path it is named by; the function returned gives it back. Throws where another has it.
 * INVARIANTS
 * - The kernel gives the claim to one process and takes it back when that is gone or replaced, however it ended (fcntl(2)).
 * - Only the owner of the directory can hold it.
 */
export function claim(directory: string): () => void {
  try {
    const lock = lockFile(join(directory, 'agent.lock'));
    return () => lock.close();
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'SQLITE_BUSY')
      throw new Error(`an agent already runs on ${directory}; stop it, or give this one another state_dir`, { cause });
    throw new Error(
      `state_dir = ${JSON.stringify(directory)}: cannot be claimed: ${messageOf(cause)}; check that it is writable and has space`,
      { cause },
    );
  }
}

/** Locks a file by a transaction that writes nothing: it stays empty, and so needs no space. */
function lockFile(file: string): Database.Database {
  // SQLite would let others read it, and whoever can read a file can keep it from being locked.
  if (!existsSync(file)) writeFileSync(file, '', { flag: 'a', mode: 0o600 });
  const lock = new Database(file, { timeout: contentionMs });
  lock.pragma('journal_mode = MEMORY');
  lock.exec('BEGIN EXCLUSIVE');
  return lock;
}
