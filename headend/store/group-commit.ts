import type { Db } from './database.ts';

/** Runs `work` inside a transaction and resolves with what it returned once that is on disk. */
export type Commit = <T>(work: () => T) => Promise<T>;

type Waiting = { work: () => unknown; resolve: (value: never) => void; reject: (reason: unknown) => void };

/** A batch of so many is a sign of a rush; the next one then waits this long for more, because a commit costs an fsync. */
const rush = { jobs: 4, gatherMs: 3 };

/**
 * Gathers the writes of one turn of the event loop into one transaction, so that many boxes share one fsync.
 *
 * INVARIANTS
 * - A promise resolves only after the transaction that holds its work is committed.
 * - Work that throws is undone alone, and rejects alone.
 * - Work is committed in the order it came.
 */
export function createGroupCommit(db: Db): Commit {
  let waiting: Waiting[] = [];
  let isRush = false;

  const runOne = db.transaction((job: Waiting) => job.work());
  const runAll = db.transaction((jobs: Waiting[]) =>
    jobs.map((job) => {
      try {
        const value = runOne(job);
        return () => job.resolve(value as never);
      } catch (error) {
        // A full disk may have undone the whole transaction, and with it the neighbours' work.
        if (!db.inTransaction) throw error;
        return () => job.reject(error);
      }
    }),
  );

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    isRush = jobs.length >= rush.jobs;
    try {
      for (const settle of runAll.immediate(jobs)) settle();
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, resolve, reject });
      if (waiting.length > 1) return;
      if (isRush) setTimeout(flush, rush.gatherMs);
      else setImmediate(flush);
    });
}
