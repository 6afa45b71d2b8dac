import type { Reach } from '../act/preview.ts';
import { NoBox } from '../act/reach-line.tsx';
import { texts } from '../texts.ts';
import { InRollouts } from './in-rollouts.tsx';

/** How many boxes a rollout would be for, how many of them are off, and how many are left out. */
export function RolloutReach(props: { isReady: boolean; reach: Reach | null | undefined; error: string | undefined }) {
  const { isReady, reach, error } = props;
  if (!isReady) return <p class="reach bad">{texts.reach.nobody}</p>;
  if (error !== undefined) return <p class="reach bad">{error}</p>;
  if (!reach) return <p class="reach faint">{texts.reach.counting}</p>;
  if (reach.boxes === 0) return <NoBox />;
  return (
    <p class="reach" role="status">
      <strong>{texts.rollouts.reach(reach.boxes - reach.unsupported)}</strong>
      {reach.off > 0 && <span>{texts.rollouts.off(reach.off)}</span>}
      {reach.unsupported > 0 && <span>{texts.rollouts.leftOut(reach.unsupported)}</span>}
      <InRollouts reach={reach} means="mustStop" />
    </p>
  );
}
