import { createHash } from 'node:crypto';

/** Where a box stands in a span that the fleet is spread over, from 0 to 1; always the same for one box. */
export function shareOf(box: string): number {
  return createHash('sha256').update(box).digest().readUInt32BE(0) / 0x1_0000_0000;
}
