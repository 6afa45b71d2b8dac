/**
 * The scheduler: which accepted action may start now.
 *
 * INVARIANTS
 * - An action with `when` or `expires` waits until the wall clock is known, then holds to it with the network down (promise 5).
 * - An expired action never starts (promise 5).
 * - Two actions of one group never run at once; one of the group `box`, or one that asked to be alone, runs beside nothing.
 * - Once an action of the group `box` is due, nothing else starts, so that it cannot be starved. What runs gets a limited
 *   time, then is aborted, as is what has no group when nothing else runs; what must not be disturbed makes the newcomer BUSY.
 */

import type { ExclusiveGroup } from '../action.ts';
import type { Clock } from '../clock.ts';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';
import type { JournaledAction } from './journal.ts';

export interface Scheduler {
  /** Takes an accepted action; starts it when it is due and nothing stands against it. */
  add(action: JournaledAction): void;
  /** Starts an action that recovery found running, whatever else waits; resolves when it has ended. */
  resume(action: JournaledAction): Promise<void>;
  /** Takes an action back that has not started; undefined when it has, or is unknown. */
  cancel(id: string): JournaledAction | undefined;
  /** Resolves when nothing but the action `id` runs, and holds everything back until it ends. Rejects BUSY after the limit. */
  alone(id: string): Promise<void>;
  counts(): { waiting: number; running: number };
  /** Starts what was added so far, and keeps going. */
  start(): void;
  /** Starts nothing more. Resolves when what runs has ended, at the latest after `graceMs` and an abort. */
  stop(graceMs: number): Promise<void>;
  /** When the loop last looked, in monotonic milliseconds: the watchdog's proof of life. */
  lookedAt(): number;
}

export type SchedulerDependencies = {
  clock: Clock;
  groupOf(action: JournaledAction): ExclusiveGroup | null;
  /** Runs an action to its end; never rejects. */
  run(action: JournaledAction, signal: AbortSignal): Promise<void>;
  /** Ends an action that did not start in time. */
  expire(action: JournaledAction): void;
  /** Ends an action that cannot start because of what runs. */
  refuse(action: JournaledAction, error: AgentError): void;
};

type Waiting = { action: JournaledAction; group: ExclusiveGroup | null };
type Running = Waiting & { abort: AbortController; ended: Promise<void>; holds: boolean };

/** The longest sleep: how late a clock that becomes known, or a box that wakes up, may be noticed. */
const longestSleepMs = 1_000;
/** How often it is looked whether what has no group is done, when the box is about to go down. */
const lookAgainMs = 50;

export function createScheduler({ clock, groupOf, run, expire, refuse }: SchedulerDependencies): Scheduler {
  /** In the order they came. */
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Running>();
  let boxDueSince: number | undefined;
  let looked = clock.monotonic();
  let planned = false;
  let started = false;
  let stopping = false;
  let cancelTimer = () => {};

  const holder = () => [...running.values()].find((entry) => entry.holds || entry.group === 'box');

  function look(): void {
    cancelTimer();
    looked = clock.monotonic();
    if (!started || stopping) return;
    const now = clock.isSet() ? clock.now() : undefined;
    let sleep = longestSleepMs;
    const busy = new Set([...running.values()].map((entry) => entry.group));
    const blocked = holder() !== undefined;
    let boxDue: Waiting | undefined;

    for (const entry of waiting.values()) {
      const { toDue, toExpiry } = distances(entry.action, now);
      if (toExpiry <= 0) {
        waiting.delete(entry.action.id);
        expire(entry.action);
        continue;
      }
      sleep = Math.min(sleep, toExpiry, toDue > 0 ? toDue : sleep);
      if (toDue > 0) continue;
      if (entry.group === 'box') boxDue ??= entry;
      else if (!boxDue && !blocked && (entry.group === null || !busy.has(entry.group))) {
        busy.add(entry.group);
        begin(entry);
      }
    }
    if (boxDue) sleep = Math.min(sleep, makeRoom(boxDue));
    else boxDueSince = undefined;
    cancelTimer = clock.timer(Math.max(1, Math.ceil(sleep)), look);
  }

  /** Starts an action of the group `box` when nothing runs; else aborts what runs after the limit. Milliseconds to wait. */
  function makeRoom(entry: Waiting): number {
    if (running.size === 0) {
      boxDueSince = undefined;
      begin(entry);
      return longestSleepMs;
    }
    boxDueSince ??= clock.monotonic();
    const waitedMs = clock.monotonic() - boxDueSince;
    const left = limits.exclusiveWaitMs - waitedMs;
    if (left > 0) {
      if ([...running.values()].some(({ group }) => group !== null)) return left;
      for (const other of running.values())
        if (other.action.report || waitedMs >= limits.ungroupedWaitMs) interrupt(other, entry);
      return Math.min(left, lookAgainMs);
    }
    const undisturbed = holder();
    if (undisturbed) {
      waiting.delete(entry.action.id);
      boxDueSince = undefined;
      const { type, id } = undisturbed.action;
      refuse(
        entry.action,
        new AgentError('BUSY', `${type} ${id} runs and must not be disturbed; ask again when it has ended`),
      );
      return 1;
    }
    for (const other of running.values()) interrupt(other, entry);
    return longestSleepMs;
  }

  function begin(entry: Waiting): Promise<void> {
    const { action } = entry;
    waiting.delete(action.id);
    const abort = new AbortController();
    const ended = run(action, abort.signal).finally(() => {
      running.delete(action.id);
      soon();
    });
    running.set(action.id, { ...entry, abort, ended, holds: false });
    return ended;
  }

  return {
    add(action) {
      waiting.set(action.id, { action, group: groupOf(action) });
      soon();
    },
    resume: (action) => begin({ action, group: groupOf(action) }),
    cancel(id) {
      const entry = waiting.get(id);
      waiting.delete(id);
      return entry?.action;
    },
    async alone(id) {
      const entry = running.get(id);
      if (!entry) return;
      const other = holder();
      if (other && other !== entry)
        throw new AgentError('BUSY', `${other.action.type} ${other.action.id} runs alone; ask again when it has ended`);
      entry.holds = true;
      const others = [...running.values()].filter((candidate) => candidate !== entry && candidate.group !== null);
      const cancel = clock.timer(limits.exclusiveWaitMs, () => {
        for (const other of others) interrupt(other, entry);
      });
      await Promise.all(others.map((other) => other.ended));
      cancel();
    },
    counts: () => ({ waiting: waiting.size, running: running.size }),
    start() {
      started = true;
      look();
    },
    async stop(graceMs) {
      stopping = true;
      cancelTimer();
      const halt = (entry: Running) => entry.abort.abort(new AgentError('INTERRUPTED', 'the agent was stopped'));
      for (const entry of running.values()) if (entry.group === null || entry.group === 'box') halt(entry);
      const cancel = clock.timer(graceMs, () => {
        for (const entry of running.values()) halt(entry);
      });
      await Promise.all([...running.values()].map((entry) => entry.ended));
      cancel();
    },
    lookedAt: () => looked,
  };

  /** Looks once for all that changes in this turn of the event loop. */
  function soon(): void {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      look();
    });
  }
}

/** Milliseconds until an action may start and until it expires, 0 or less when it is so; never while the clock is unknown. */
function distances(
  { dueAt, expiresAt }: JournaledAction,
  now: number | undefined,
): { toDue: number; toExpiry: number } {
  const never = Number.POSITIVE_INFINITY;
  if (now === undefined) return { toDue: dueAt === null && expiresAt === null ? 0 : never, toExpiry: never };
  return { toDue: dueAt === null ? 0 : dueAt - now, toExpiry: expiresAt === null ? never : expiresAt - now };
}

function interrupt(entry: Running, by: Waiting): void {
  const { type, id } = by.action;
  entry.abort.abort(new AgentError('INTERRUPTED', `${type} ${id} was due and could wait no longer`));
}
