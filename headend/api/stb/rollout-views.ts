import * as v from 'valibot';
import type { Fleet } from '../../fleet/fleet.ts';
import { type RolloutBox, type RolloutBoxState, rolloutBoxStates, type WaveCount } from '../../store/rollout-boxes.ts';
import { type Rollout, rolloutStates } from '../../store/rollouts.ts';
import { toInstant } from '../read.ts';

const waveView = v.object({
  percent: v.pipe(v.number(), v.description('The share of all boxes that have been asked when it is over.')),
  boxes: v.number(),
  begunAt: v.nullable(v.string()),
  metAt: v.pipe(
    v.nullable(v.string()),
    v.description('Since when its gate is met, where it has to stay healthy for a time.'),
  ),
  waiting: v.pipe(v.number(), v.description('Not asked yet, or asked and off.')),
  running: v.pipe(v.number(), v.description('Have the image and have not proven it yet.')),
  healthy: v.pipe(v.number(), v.description('Confirmed by the agent after the restart, and online again.')),
  failed: v.number(),
  cancelled: v.number(),
  excused: v.pipe(v.number(), v.description('Of the failed, those that count no more since somebody resumed.')),
  reasons: v.array(v.object({ code: v.nullable(v.string()), message: v.nullable(v.string()), count: v.number() })),
});

export const rolloutView = v.object({
  id: v.string(),
  name: v.string(),
  firmware: v.string(),
  gate: v.pipe(v.number(), v.description('Percent of a wave that have to be healthy before the next.')),
  patienceSeconds: v.number(),
  soakSeconds: v.number(),
  state: v.picklist(rolloutStates),
  wave: v.pipe(v.number(), v.description('The wave it is in, from 0.')),
  waves: v.array(waveView),
  boxes: v.number(),
  leftOut: v.pipe(v.number(), v.description('Boxes that were meant and have said that they take no firmware.')),
  partial: v.pipe(
    v.boolean(),
    v.description('Whether boxes of customers that the caller does not see are in it, too.'),
  ),
  reason: v.pipe(v.nullable(v.string()), v.description('Why it stopped or stands still.')),
  createdAt: v.string(),
  createdBy: v.nullable(v.pipe(v.string(), v.description('The name of the user who began it.'))),
  back: v.pipe(
    v.nullable(
      v.object({
        firmware: v.string(),
        by: v.nullable(v.string()),
        at: v.string(),
        running: v.number(),
        done: v.number(),
        failed: v.number(),
        cancelled: v.number(),
      }),
    ),
    v.description('The way back, once it was asked for.'),
  ),
});

export const rolloutBoxView = v.object({
  box: v.string(),
  name: v.string(),
  wave: v.number(),
  state: v.picklist(rolloutBoxStates),
  action: v.nullable(v.string()),
  code: v.nullable(v.string()),
  message: v.nullable(v.string()),
  back: v.nullable(v.object({ action: v.string(), state: v.picklist(['asked', 'done', 'failed', 'cancelled']) })),
});

/** What somebody is told who does not see all boxes of a rollout that stopped: the numbers and errors are others'. */
const partialReason = 'It has stopped. Why is told to those who see all of its boxes.';

/** A rollout as an operator sees it who sees the boxes of the customers in `scope`. */
export function viewRollout(
  fleet: Fleet,
  scope: readonly string[],
  rollout: Rollout,
): v.InferOutput<typeof rolloutView> {
  const { id, waves, back, reason, patienceMs, soakMs, ...rest } = rollout;
  const { counts, reasons, backCounts } = fleet.store.rolloutBoxes;
  const seen = seenOf(rollout, scope);
  const partial = seen !== null;
  const counted = counts(id, seen);
  const why = reasons(id, seen);
  const views = waves.map(({ percent, begunAt, metAt }, wave) => ({
    percent,
    begunAt: toInstant(begunAt),
    metAt: toInstant(metAt),
    ...countWave(counted.filter((count) => count.wave === wave)),
    reasons: why.filter((each) => each.wave === wave).map(({ code, message, count }) => ({ code, message, count })),
  }));
  const turned = backCounts(id, seen);
  const backCount = (state: string) => turned.find((each) => each.state === state)?.count ?? 0;
  return {
    id,
    name: rest.name,
    firmware: rest.firmware,
    gate: rest.gate,
    patienceSeconds: patienceMs / 1000,
    soakSeconds: soakMs / 1000,
    state: rest.state,
    wave: rest.wave,
    waves: views,
    boxes: views.reduce((sum, wave) => sum + wave.boxes, 0),
    leftOut: rest.leftOut,
    partial,
    reason: reason !== null && partial ? partialReason : reason,
    createdAt: new Date(rest.createdAt).toISOString(),
    createdBy: nameOf(fleet, rest.createdBy),
    back: back && {
      firmware: back.firmware,
      by: nameOf(fleet, back.by),
      at: new Date(back.at).toISOString(),
      running: backCount('asked'),
      done: backCount('done'),
      failed: backCount('failed'),
      cancelled: backCount('cancelled'),
    },
  };
}

/** Whose boxes of a rollout somebody sees: of these customers, or null for all of them. */
export function seenOf({ customers }: Rollout, scope: readonly string[]): readonly string[] | null {
  return customers.every((customer) => scope.includes(customer)) ? null : scope;
}

/** One of its boxes, with the name that it has now. */
export function viewRolloutBox(fleet: Fleet, box: RolloutBox): v.InferOutput<typeof rolloutBoxView> {
  return { ...box, name: fleet.store.boxes.get(box.box)?.name ?? '' };
}

function countWave(counts: readonly WaveCount[]) {
  const sum = (...states: RolloutBoxState[]) =>
    counts.reduce((total, { state, count }) => total + (states.includes(state) ? count : 0), 0);
  return {
    boxes: sum(...rolloutBoxStates),
    waiting: sum('waiting', 'asked'),
    running: sum('taken', 'proving'),
    healthy: sum('healthy'),
    failed: sum('failed', 'lost'),
    cancelled: sum('cancelled'),
    excused: counts.reduce((total, { excused, count }) => total + (excused === 1 ? count : 0), 0),
  };
}

function nameOf(fleet: Fleet, user: string | null): string | null {
  return user === null ? null : (fleet.store.users.get(user)?.name ?? user);
}
