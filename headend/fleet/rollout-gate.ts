import type { WaveCount } from '../store/rollout-boxes.ts';

/** The boxes of a wave that its gate looks at. Cancelled and excused ones are not among them. */
export type Standing = {
  healthy: number;
  failed: number;
  /** Have the image and have not reported yet. */
  underWay: number;
  /** Not asked, or off: not reached yet, or not seen since they were done. */
  waiting: number;
};

/** How a wave stands before its gate. */
export type Verdict = 'open' | 'met' | 'lost';

/** What the gate looks at, wave by wave, of how many boxes are in which state. */
export function standingsOf(counts: readonly WaveCount[], waves: number): Standing[] {
  const standings = Array.from({ length: waves }, () => ({ healthy: 0, failed: 0, underWay: 0, waiting: 0 }));
  for (const { wave, state, excused, count } of counts) {
    const standing = standings[wave];
    if (standing === undefined || excused === 1) continue;
    if (state === 'healthy') standing.healthy += count;
    else if (state === 'failed' || state === 'lost') standing.failed += count;
    else if (state === 'taken') standing.underWay += count;
    else if (state !== 'cancelled') standing.waiting += count;
  }
  return standings;
}

/**
 * Judges a wave. `gate` is the share in percent that has to be proven healthy.
 *
 * - Met as soon as so many of the whole wave are healthy, lost as soon as so many cannot become it any more.
 * - When the wave has waited long enough (`isOver`), boxes that were never reached count no longer: the share is that of the boxes that
 *   answered. With no answer at all nothing is proven, and it is lost.
 */
export function judge(standing: Standing, gate: number, isOver: boolean): Verdict {
  const { healthy, failed, underWay, waiting } = standing;
  const all = healthy + failed + underWay + waiting;
  if (healthy >= needed(all, gate)) return 'met';
  if (all - failed < needed(all, gate)) return 'lost';
  if (!isOver) return 'open';
  const answered = healthy + failed;
  if (answered === 0) return underWay > 0 ? 'open' : 'lost';
  return healthy >= needed(answered, gate) ? 'met' : 'lost';
}

/** How many of `boxes` the gate asks for. */
function needed(boxes: number, gate: number): number {
  return Math.ceil((boxes * gate) / 100 - 1e-9);
}
