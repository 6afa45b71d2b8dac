import { showCount } from '../format.ts';
import type { Wave } from './rollout.ts';

const parts = ['done', 'running', 'waiting', 'failed', 'cancelled'] as const;
export type Parts = Record<(typeof parts)[number], number>;

/** How many boxes are how far, as a bar and in words. `gate` is the share that must be healthy: a mark on the bar. */
export function WaveBar(props: {
  counts: Parts;
  words: Record<keyof Parts, (count: string) => string>;
  gate?: number;
}) {
  const { counts, words, gate } = props;
  const present = parts.filter((part) => counts[part] > 0);
  return (
    <div class="progress">
      <div class="gauge" aria-hidden="true">
        <div class="stack">
          {present.map((part) => (
            <span key={part} class={part} style={{ flexGrow: counts[part] }} />
          ))}
        </div>
        {gate !== undefined && <i class="gate-mark" style={{ left: `${gate}%` }} />}
      </div>
      <p class="progress-words">
        {present.map((part) => (
          <span key={part} class={part}>
            {words[part](showCount(counts[part]))}
          </span>
        ))}
      </p>
    </div>
  );
}

/** The counts of a wave, or of several. */
export function partsOf(waves: readonly Wave[]): Parts {
  const sum = (name: 'healthy' | 'running' | 'waiting' | 'failed' | 'cancelled') =>
    waves.reduce((total, wave) => total + wave[name], 0);
  return {
    done: sum('healthy'),
    running: sum('running'),
    waiting: sum('waiting'),
    failed: sum('failed'),
    cancelled: sum('cancelled'),
  };
}
