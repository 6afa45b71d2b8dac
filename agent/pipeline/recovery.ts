/**
 * Recovery: settles what was going on when the agent last stopped, before any upstream starts.
 *
 * INVARIANTS
 * - What was waiting waits again; what was running and is idempotent runs again (promise 2).
 * - What was running and is not idempotent is never run again: its `settle` asks the box, or it is INTERRUPTED.
 * - A settlement that needs the headend goes on once an upstream is there; nothing waits for it.
 */
import type { Logger } from 'pino';
import type { ActionDefinition } from '../action.ts';
import type { Journal } from './journal.ts';
import type { Scheduler } from './scheduler.ts';

export type RecoveryDependencies = {
  journal: Journal;
  scheduler: Scheduler;
  log: Logger;
  definition(type: string): ActionDefinition | undefined;
  /** Resolves when a settlement began to wait for an upstream. */
  waitsForUpstream: Promise<void>;
};

/** Resolves when every settlement has ended or waits for an upstream. */
export async function recover({
  journal,
  scheduler,
  log,
  definition,
  waitsForUpstream,
}: RecoveryDependencies): Promise<void> {
  const unfinished = journal.unfinished();
  const settlements: Promise<void>[] = [];
  for (const action of unfinished) {
    if (action.state === 'running' && !definition(action.type)?.idempotent) {
      log.warn({ id: action.id, type: action.type }, 'settling an action that was interrupted');
      settlements.push(scheduler.resume(action));
    } else {
      // On a full disk the row goes on saying that it runs, which comes to the same at the next start.
      if (action.state === 'running') await journal.requeue(action).catch(() => {});
      scheduler.add({ ...action, state: 'waiting' });
    }
  }
  if (unfinished.length > 0)
    log.info({ settled: settlements.length, waiting: unfinished.length - settlements.length }, 'recovered');
  await Promise.race([Promise.all(settlements), waitsForUpstream]);
}
