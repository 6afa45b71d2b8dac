import { createHash } from 'node:crypto';

/**
 * Boxes in an order that looks like chance and is the same whenever it is computed: a first wave is then a sample of the whole fleet, and
 * another one for each rollout.
 */
export function sample(boxes: readonly string[], seed: string): string[] {
  const digest = (box: string) => createHash('sha256').update(`${seed} ${box}`).digest('hex');
  return boxes
    .map((box) => ({ box, rank: digest(box) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ box }) => box);
}
