import { headendLimits } from '../limits.ts';
import type { Rollout } from '../store/rollouts.ts';
import type { Store } from '../store/store.ts';
import type { Presence } from './presence.ts';
import { judge, type Standing, standingsOf } from './rollout-gate.ts';
import { gateReason, lostMessage, unsteady } from './rollout-reason.ts';
import type { Made, Scheduler } from './schedule.ts';

/** What one step of a rollout did, and what is left to do once it is committed. */
export type Step = {
  /** Actions to announce. */
  made: Made[];
  /** Actions that had not left and are cancelled. */
  cancelled: { box: string; action: string }[];
  /** Actions that have left: their boxes are to be asked to cancel them. */
  toCancel: string[];
  /** There is more to do at once. */
  again: boolean;
  /** When to look again though nothing was heard; null for never. */
  nextAt: number | null;
};

/**
 * Takes a rollout one step further, within a transaction. `isBehind` says that boxes have reported what was not taken over yet: then nobody's
 * time is over.
 *
 * INVARIANTS
 * - Whether a gate is met is judged in the transaction that asks the next boxes, so no box is asked after the rollout was stopped.
 * - A box is asked in the transaction that notes its action, so a crash in between asks it neither twice nor never.
 * - It reads what has happened from the store alone (and who is online), so that it may be run at any time, and once too often.
 * - Nothing is held against a box while the headend was down: after a start all have time to come back before any patience is over.
 */
export function createRolloutStep(parts: {
  store: Store;
  presence: Presence;
  scheduler: Scheduler;
}): (id: string, now: number, isBehind: boolean) => Step {
  const { store, presence, scheduler } = parts;
  const { rollouts, rolloutBoxes } = store;
  const { boxesPerStep: batch, graceMs } = headendLimits.rollout;
  const upSince = Date.now();
  /** Before this moment no box of a rollout can be given up; it is looked up anew when that has come. */
  const loseAt = new Map<string, number>();

  function step(id: string, now: number, isBehind: boolean): Step {
    const done: Step = { made: [], cancelled: [], toCancel: [], again: false, nextAt: null };
    const rollout = rollouts.get(id);
    if (rollout === undefined) return done;
    for (const box of rolloutBoxes.proving(id)) if (presence.isOnline(box)) rolloutBoxes.prove(id, box);
    if (!isBehind) giveUp(rollout, now);
    if (rollout.state === 'running') advance(rollout, now, isBehind, done);
    else if (rollout.state !== 'done') withdraw(rollout, done);
    if (rollout.state === 'rolling-back' || rollout.state === 'rolled-back') goBack(rollout, now, done);
    return done;
  }

  /** When who waits since then has waited long enough. */
  function endOfPatience(since: number, patienceMs: number): number {
    return Math.max(since + patienceMs, upSince + Math.min(graceMs, patienceMs));
  }

  /** Gives up the boxes that took the image too long ago. */
  function giveUp({ id, patienceMs }: Rollout, now: number): void {
    if (now < (loseAt.get(id) ?? endOfPatience(0, patienceMs))) return;
    rolloutBoxes.lose(id, now - patienceMs, lostMessage(patienceMs));
    loseAt.set(id, (rolloutBoxes.oldestTaken(id) ?? now) + patienceMs);
  }

  function lookAgain(done: Step, at: number): void {
    done.nextAt = Math.min(done.nextAt ?? at, at);
  }

  function advance(rollout: Rollout, now: number, isBehind: boolean, done: Step): void {
    const { id, gate, patienceMs, wave, waves } = rollout;
    const endOf = (index: number) => endOfPatience(waves[index]?.begunAt ?? now, patienceMs);
    const unasked = rolloutBoxes.waiting(id, wave, batch);
    const isPatienceOver = (index: number) => !isBehind && unasked.length === 0 && now >= endOf(index);
    const standings = standingsOf(rolloutBoxes.counts(id), waves.length);
    for (const [index, standing] of standings.slice(0, wave + 1).entries()) {
      const isOver = isPatienceOver(index);
      if (judge(standing, gate, isOver) !== 'lost') continue;
      // A wave that was passed answered then; what it lost since are boxes that were deleted.
      if (index < wave && standing.healthy + standing.failed === 0) continue;
      const reasons = rolloutBoxes.reasons(id);
      rollouts.move(id, 'stopped', gateReason({ wave: index, standing, gate, patienceMs, isOver, reasons }));
      done.again = true;
      return;
    }
    if (unasked.length > 0) {
      ask(rollout, unasked, now, done);
      return;
    }
    const current = standings[wave];
    if (current === undefined) return;
    const isOver = isPatienceOver(wave);
    const isMet = judge(current, gate, isOver) === 'met';
    const isLast = wave + 1 === waves.length;
    if (!isMet && waves[wave]?.metAt) rollouts.meet(id, wave, null);
    if (isMet && !isLast && hasSoaked(rollout, current, now, { isOver, isBehind }, done)) {
      rollouts.enter(id, wave + 1, now);
      done.again = true;
    } else if (isMet && isLast && (isOver || standings.every(({ underWay, waiting }) => underWay + waiting === 0))) {
      rollouts.move(id, 'done', null);
    } else {
      lookAgain(done, loseAt.get(id) ?? endOfPatience(0, patienceMs));
      if (!isOver) lookAgain(done, endOf(wave));
    }
  }

  /**
   * Whether a wave whose gate is met has stayed healthy for as long as it has to. Who is off when that is over may come back for as long as a wave
   * waits for boxes; then it counts as failed, and the gate is judged anew.
   */
  function hasSoaked(
    { id, gate, patienceMs, soakMs, wave, waves }: Rollout,
    standing: Standing,
    now: number,
    { isOver, isBehind }: { isOver: boolean; isBehind: boolean },
    done: Step,
  ): boolean {
    if (soakMs === 0 || standing.healthy === 0) return true;
    const metAt = waves[wave]?.metAt ?? now;
    rollouts.meet(id, wave, metAt);
    const soakedAt = metAt + soakMs;
    if (now < soakedAt || isBehind) {
      lookAgain(done, soakedAt);
      return false;
    }
    if (rolloutBoxes.fallBack(id, wave, unsteady.fellBack) > 0) {
      done.again = true;
      return false;
    }
    const off = rolloutBoxes.healthy(id, wave).filter((box) => !presence.isOnline(box));
    const stayed = { ...standing, healthy: standing.healthy - off.length, failed: standing.failed + off.length };
    if (judge(stayed, gate, isOver) === 'met') return true;
    const endAt = endOfPatience(soakedAt, patienceMs);
    lookAgain(done, endAt);
    if (now < endAt) return false;
    for (const box of off) rolloutBoxes.goOff(id, box, unsteady.wentOff);
    done.again = true;
    return false;
  }

  /**
   * Asks boxes of the waves that have begun; one for which the same action waits already is not asked once more. The wave's patience
   * begins when the last of its boxes is asked.
   */
  function ask({ id, wave, firmware, createdBy }: Rollout, boxes: string[], now: number, done: Step): void {
    done.made = scheduler.make({ boxes, type: 'FIRMWARE', params: { firmware }, createdBy });
    for (const { box, id: action, isNew } of done.made) {
      rolloutBoxes.link(id, box, action, isNew);
      if (isNew) continue;
      rolloutBoxes.follow(action);
      loseAt.delete(id);
    }
    rollouts.enter(id, wave, now);
    done.again = true;
  }

  /** No box begins any more: what has not left is taken back, and a box that has it already is asked to leave it unless it has begun. */
  function withdraw({ id, state }: Rollout, done: Step): void {
    const now = Date.now();
    const unsent = rolloutBoxes.unsent(id, batch);
    for (const { box, action } of unsent) {
      if (!store.actions.cancelUnsent(action, now)) continue;
      rolloutBoxes.unlink(id, box);
      done.cancelled.push({ box, action });
    }
    done.again = unsent.length === batch;
    if (state !== 'paused') done.toCancel = rolloutBoxes.sent(id);
  }

  /** Sends the boxes that run the new image to the one to go back to, also those that turn out later to run it. */
  function goBack({ id, back, state, reason, patienceMs }: Rollout, now: number, done: Step): void {
    if (back === null) return;
    const boxes = rolloutBoxes.toSendBack(id, batch);
    done.made = scheduler.make({
      boxes,
      type: 'FIRMWARE',
      params: { firmware: back.firmware },
      createdBy: back.by,
    });
    for (const { box, id: action } of done.made) rolloutBoxes.linkBack(id, box, action);
    if (boxes.length > 0) done.again = true;
    if (done.again || state === 'rolled-back') return;
    const isOpen =
      rolloutBoxes.backCounts(id).some((count) => count.state === 'asked') ||
      rolloutBoxes.counts(id).some((count) => count.state === 'taken');
    const endAt = endOfPatience(back.at, patienceMs);
    if (!isOpen || now >= endAt) rollouts.move(id, 'rolled-back', reason);
    else done.nextAt = endAt;
  }

  return step;
}
