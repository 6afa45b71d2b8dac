import type { Logger } from 'pino';
import { newId } from '../../agent/protocol/id.ts';
import { ApiError, conflict } from '../errors.ts';
import { headendLimits } from '../limits.ts';
import type { NewRollout, Rollout, RolloutState } from '../store/rollouts.ts';
import type { Store } from '../store/store.ts';
import type { FleetEvent, FleetEvents } from './events.ts';
import type { Presence } from './presence.ts';
import { createRolloutAudit } from './rollout-audit.ts';
import { sample } from './rollout-sample.ts';
import { createRolloutStep, type Step } from './rollout-step.ts';
import { createTurns } from './rollout-turns.ts';
import { dealOut } from './rollout-waves.ts';
import type { Scheduler } from './schedule.ts';

/** What an operator asks for. `boxes` in any order; `shares` are the waves, as cumulative percentages that grow to 100. */
export type RolloutRequest = Omit<NewRollout, 'id' | 'waves'> & {
  boxes: readonly string[];
  shares: readonly number[];
};

/** Firmware rollouts. Each of these resolves when it is on disk, and throws 409 in a state in which it means nothing. */
export type Rollouts = {
  /** Makes a rollout, which begins at once; resolves with its id. Throws 409 when one of its boxes is in a rollout that is under way. */
  create(request: RolloutRequest): Promise<string>;
  /** No further box begins. `by` is the name that the reason gives. */
  pause(id: string, by: string): Promise<void>;
  /** It goes on where it stood. Boxes that have failed before it was stopped count no longer; then it throws 409 as `create` does. */
  resume(id: string): Promise<void>;
  /** No further box begins, and those that have the image and have not begun are asked to leave it. */
  stop(id: string, by: string): Promise<void>;
  /** The same, and the boxes that run the image are given the one at `firmware`; `user` is who asked. */
  rollBack(id: string, firmware: string, user: string): Promise<void>;
  /** The box is deleted in this turn of the event loop: who waits for it goes on. */
  leave(box: string): void;
  close(): Promise<void>;
};

/** From which states each order is taken. */
const takenFrom = {
  pause: ['running'],
  resume: ['paused', 'stopped'],
  stop: ['running', 'paused'],
  rollback: ['running', 'paused', 'stopped', 'done'],
} as const satisfies Record<string, readonly RolloutState[]>;

/**
 * Runs the rollouts: `rollout-step.ts` says what is done, this says when. A rollout goes on when an action of it has moved, when a box
 * that is done is online again, when an operator orders it, when time is up, and once after every start of the headend.
 */
export function createRollouts(parts: {
  store: Store;
  events: FleetEvents;
  presence: Presence;
  scheduler: Scheduler;
  cancel(id: string): unknown;
  log: Logger;
}): Rollouts {
  const { store, events, scheduler, log } = parts;
  const { rollouts, rolloutBoxes } = store;
  const step = createRolloutStep(parts);
  const note = createRolloutAudit(store);
  const turns = createTurns(log, turn);
  /** Actions that have moved and were not followed yet. */
  const moved = new Set<string>();
  const telling = new Map<string, NodeJS.Timeout>();

  async function turn(id: string): Promise<number | null> {
    const taken = await store.commit(() => {
      const now = Date.now();
      const followed = [...moved].slice(0, headendLimits.rollout.boxesPerStep);
      for (const action of followed) rolloutBoxes.follow(action);
      const before = rollouts.get(id);
      const done = step(id, now, moved.size > followed.length);
      const after = rollouts.get(id);
      if (before && after) note(before, after, now);
      return { followed, ...done, hasMoved: before?.state !== after?.state || before?.wave !== after?.wave, after };
    });
    for (const action of taken.followed) moved.delete(action);
    carryOut(taken);
    const { hasMoved, after } = taken;
    if (hasMoved) {
      log.info({ rollout: id, state: after?.state, wave: after?.wave, reason: after?.reason }, 'a rollout has moved');
      tell(id);
    } else {
      tellSoon(id);
    }
    if (taken.again || moved.size > 0) turns.wake(id);
    return taken.nextAt;
  }

  function tell(id: string): void {
    clearTimeout(telling.get(id));
    telling.delete(id);
    events.publish({ event: 'rollout', rollout: id });
  }

  /** However many boxes report, those who watch are told now and then only. */
  function tellSoon(id: string): void {
    if (telling.has(id)) return;
    telling.set(id, setTimeout(() => tell(id), headendLimits.rollout.tellMs).unref());
  }

  /** What can be done only after the commit. */
  function carryOut({ made, cancelled, toCancel }: Step): void {
    scheduler.announce(made);
    for (const { box, action } of cancelled) events.publish({ event: 'action', box, action });
    for (const action of toCancel) {
      try {
        parts.cancel(action);
      } catch (error) {
        // It has ended meanwhile.
        if (!(error instanceof ApiError)) throw error;
      }
    }
  }

  function onEvent(event: FleetEvent): void {
    if (event.event === 'action') {
      const waiting = rolloutBoxes.rolloutsOfAction(event.action);
      if (waiting.length > 0) moved.add(event.action);
      for (const id of waiting) turns.wake(id);
    } else if (event.event === 'box' && event.online) {
      for (const id of rolloutBoxes.rolloutsAwaiting(event.box)) turns.wake(id);
    }
  }

  /** Gives an order within one transaction; throws 404 and 409. */
  async function order(id: string, name: keyof typeof takenFrom, carry: (rollout: Rollout) => void): Promise<void> {
    await store.commit(() => {
      const rollout = rollouts.get(id);
      if (rollout === undefined) throw new ApiError(404, 'id', 'Not found');
      const states: readonly RolloutState[] = takenFrom[name];
      if (!states.includes(rollout.state)) {
        throw conflict('state', `The rollout is ${rollout.state}; ${name} is for one that is ${states.join(' or ')}`);
      }
      carry(rollout);
    });
    tell(id);
    turns.wake(id);
  }

  /** Throws 409 when one of the boxes is in a rollout that is under way. To be called within the transaction that sends them on. */
  function requireFree(boxes: readonly string[]): void {
    const [other] = rolloutBoxes.underWay(boxes);
    if (other === undefined) return;
    const said = `${other.boxes} of the boxes are in the rollout “${other.name}” (${other.id}), which is under way`;
    throw conflict('boxes', `${said}: stop it first, or choose other boxes`);
  }

  rolloutBoxes.followAll();
  for (const id of rollouts.unfinished()) turns.wake(id);
  const unsubscribe = events.subscribe(onEvent);

  return {
    async create({ boxes, shares, ...rest }) {
      const id = newId();
      const waves = dealOut(sample(boxes, id), shares);
      await store.commit(() => {
        requireFree(boxes);
        rollouts.create({ ...rest, id, waves }, Date.now());
      });
      log.info({ rollout: id, boxes: boxes.length, firmware: rest.firmware }, 'a rollout begins');
      tell(id);
      turns.wake(id);
      return id;
    },
    pause: (id, by) => order(id, 'pause', () => rollouts.move(id, 'paused', `Paused by ${by}.`)),
    resume: (id) =>
      order(id, 'resume', ({ state, wave }) => {
        if (state === 'stopped') {
          requireFree(rolloutBoxes.boxesOf(id));
          rolloutBoxes.excuse(id);
        }
        rollouts.enter(id, wave, Date.now());
        rollouts.move(id, 'running', null);
      }),
    stop: (id, by) => order(id, 'stop', () => rollouts.move(id, 'stopped', `Stopped by ${by}.`)),
    rollBack: (id, firmware, user) => order(id, 'rollback', () => rollouts.turnBack(id, firmware, user, Date.now())),
    leave(box) {
      for (const id of rolloutBoxes.rolloutsOf(box)) turns.wake(id);
    },
    async close() {
      unsubscribe();
      for (const timer of telling.values()) clearTimeout(timer);
      await turns.close();
    },
  };
}
