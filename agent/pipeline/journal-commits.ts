/**
 * Group commit, and what becomes of it when the disk is full.
 *
 * INVARIANTS
 * - Writes that come in one turn of the event loop share one commit. If it fails, all of them reject, and nothing of them is stored.
 * - Those that may use the reserve are then tried again, alone, for each portion of it that is given up.
 * - The fault stands from a commit that failed until one got through without the reserve while that is whole.
 */
import type Database from 'better-sqlite3';
import { AgentError } from '../errors.ts';
import type { JournalReserve } from './journal-reserve.ts';

export interface Commits {
  /** Adds a write to the commit of this turn of the event loop: FULL when it is durable, else NORMAL. */
  write<T>(how: { durable: boolean; mayUseReserve: boolean }, apply: () => T): Promise<T>;
  /** Commits what was asked for so far. */
  now(): void;
  /** Why the last commit failed. */
  fault(): AgentError | null;
  /** The fault, while what room there is was given up from the reserve. */
  reserved(): AgentError | null;
}

export type CommitsDependencies = {
  db: Database.Database;
  file: string;
  reserve: JournalReserve;
  isFull: () => boolean;
  onFault(sentence: string | null): void;
};

type Write = {
  durable: boolean;
  mayUseReserve: boolean;
  apply: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};

export function createCommits({ db, file, reserve, isFull, onFault }: CommitsDependencies): Commits {
  let queue: Write[] = [];
  let fault: AgentError | null = null;
  let synchronous: 'FULL' | 'NORMAL' | undefined;

  function setFault(error: AgentError | null): void {
    const [before, after] = [fault?.message ?? null, error?.message ?? null];
    fault = error;
    if (after !== before) onFault(after);
  }

  const isWhole = () => !isFull() && reserve.restore();

  /** Every look at a pragma is compiled anew, so it is only set when it changes. */
  function setSynchronous(level: 'FULL' | 'NORMAL'): void {
    if (level !== synchronous) db.pragma(`synchronous = ${level}`);
    synchronous = level;
  }

  const applyAll = db.transaction((batch: readonly Write[]) => batch.map((write) => write.apply()));

  /** Stores a batch and resolves it; the error when that cannot be. */
  function store(batch: readonly Write[]): AgentError | undefined {
    try {
      setSynchronous(batch.some(({ durable }) => durable) ? 'FULL' : 'NORMAL');
      const results = applyAll.immediate(batch);
      for (const [index, write] of batch.entries()) write.resolve(results[index]);
    } catch (cause) {
      return cannotWrite(file, cause);
    }
    return undefined;
  }

  function now(): void {
    const batch = queue;
    queue = [];
    if (batch.length === 0 || !db.open) return;
    const error = isFull() ? cannotWrite(file, simulatedFault()) : store(batch);
    if (error === undefined) {
      // A small write may find room where the next one does not.
      if (fault && batch.some(({ durable }) => durable) && isWhole()) setFault(null);
      return;
    }
    setFault(error);
    for (const write of batch) if (!write.mayUseReserve) write.reject(error);
    storeFromReserve(
      batch.filter(({ mayUseReserve }) => mayUseReserve),
      error,
    );
  }

  function storeFromReserve(batch: readonly Write[], error: AgentError): void {
    if (batch.length === 0) return;
    let last: AgentError | undefined = error;
    while (last && isOutOfSpace(last) && reserve.giveUp()) last = store(batch);
    if (last) for (const write of batch) write.reject(last);
  }

  return {
    write<T>(how: { durable: boolean; mayUseReserve: boolean }, apply: () => T) {
      return new Promise<T>((resolve, reject) => {
        if (queue.length === 0) setImmediate(now);
        queue.push({ ...how, apply, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    now,
    fault: () => fault,
    reserved: () => (fault && !isWhole() ? fault : null),
  };
}

/** Whether a STORAGE error of the journal is for want of space, as far as SQLite tells. */
export function isOutOfSpace({ cause }: { cause?: unknown }): boolean {
  return /^SQLITE_(FULL|IOERR|CANTOPEN)/.test(String((cause as { code?: unknown } | undefined)?.code));
}

function cannotWrite(file: string, cause: unknown): AgentError {
  return new AgentError('STORAGE', `the journal ${file} cannot be written: ${(cause as Error).message}`, { cause });
}

function simulatedFault(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
}
