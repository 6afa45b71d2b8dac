import type { WaveReason } from '../store/rollout-boxes.ts';
import type { Standing } from './rollout-gate.ts';

/** So many reasons are named; the page lists all of them. */
const named = 3;

/** Why a rollout has stopped at the gate of a wave, in words. `wave` counts from 0. */
export function gateReason(lost: {
  wave: number;
  standing: Standing;
  gate: number;
  patienceMs: number;
  isOver: boolean;
  reasons: readonly WaveReason[];
}): string {
  const { wave, standing, gate, patienceMs, isOver } = lost;
  const { healthy, failed, underWay, waiting } = standing;
  const all = healthy + failed + underWay + waiting;
  const start = `Wave ${wave + 1}: `;
  if (healthy + failed === 0) {
    return `${start}none of ${boxes(all)} answered within ${span(patienceMs)}, so nothing is proven. See whether they are online, then resume.`;
  }
  const of = isOver && waiting + underWay > 0 ? `${boxes(healthy + failed)} that answered` : boxes(all);
  return `${start}${failed} of ${of} failed: ${why(lost)}. The gate asks for ${gate}% healthy.`;
}

/** What a box that took the image and never came back is said to have done. */
export function lostMessage(patienceMs: number): string {
  return `The box took the image and has not come back within ${span(patienceMs)}`;
}

/** What is said of a box that was healthy and did not stay so. */
export const unsteady = {
  fellBack: 'The box was healthy, and runs its old firmware again',
  wentOff: 'The box was healthy, and is off since',
};

function why({ wave, reasons }: { wave: number; reasons: readonly WaveReason[] }): string {
  const here = reasons.filter((reason) => reason.wave === wave);
  const words = here
    .slice(0, named)
    .map(({ code, message, count }) => `${code ?? 'no reason given'} (${count})${message ? `, ${message}` : ''}`);
  if (here.length > named) words.push(`${here.length - named} more`);
  return words.join('; ');
}

function boxes(count: number): string {
  return count === 1 ? '1 box' : `${count} boxes`;
}

/** A time in its largest unit that is exact. */
function span(ms: number): string {
  for (const [size, unit] of [
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const) {
    if (ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms / 1000} s`;
}
