/** Firmware rollouts, as the headend's API answers them. */
import type { InferOutput } from 'valibot';
import type { rolloutBoxView, rolloutView } from '../../../api/stb/rollout-views.ts';
import type { Page } from '../types.ts';

export type Rollout = InferOutput<typeof rolloutView>;
export type RolloutState = Rollout['state'];
export type Wave = Rollout['waves'][number];
export type Order = 'pause' | 'resume' | 'stop' | 'rollback';

/** One box of a rollout. */
export type Member = InferOutput<typeof rolloutBoxView>;
export type MemberState = Member['state'];
export const memberStates: readonly MemberState[] = [
  'waiting',
  'asked',
  'taken',
  'proving',
  'healthy',
  'failed',
  'lost',
  'cancelled',
];

export type WholeRollout = Rollout & { members: Page<Member> };

/** What can be ordered in each state. */
export const ordersIn: Record<RolloutState, readonly Order[]> = {
  running: ['pause', 'stop'],
  paused: ['resume', 'stop', 'rollback'],
  stopped: ['resume', 'rollback'],
  done: ['rollback'],
  'rolling-back': [],
  'rolled-back': [],
};

/** Shares in percent, growing, the last one 100; undefined when the text is none. */
export function readShares(text: string): number[] | undefined {
  const shares = text
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map(Number);
  const grows = shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 100);
  return grows && shares.at(-1) === 100 ? shares : undefined;
}
