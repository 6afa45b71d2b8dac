import type { Reach } from '../act/preview.ts';
import { texts } from '../texts.ts';

/** Which rollouts under way some of the boxes are in: two images for one box get in each other's way. */
export function InRollouts({ reach, means }: { reach: Reach; means: keyof typeof texts.rollouts.inRollout }) {
  return (
    <>
      {reach.rollouts.map(({ id, name, boxes }) => (
        <span key={id} class="bad">
          {texts.rollouts.inRollout[means](boxes)} <a href={`#/rollouts/${id}`}>{name}</a>
        </span>
      ))}
    </>
  );
}
