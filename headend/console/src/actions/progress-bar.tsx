import { showCount } from '../format.ts';
import { texts } from '../texts.ts';
import type { Progress } from './fleet-action.ts';

const parts = ['done', 'running', 'planned', 'waiting', 'failed', 'cancelled'] as const;

/** How far many boxes are, as a bar in colours and in words. */
export function ProgressBar({ progress }: { progress: Progress }) {
  const present = parts.filter((part) => progress[part] > 0);
  return (
    <div class="progress">
      <div class="stack" aria-hidden="true">
        {present.map((part) => (
          <span key={part} class={part} style={{ flexGrow: progress[part] }} />
        ))}
      </div>
      <p class="progress-words">
        {present.map((part) => (
          <span key={part} class={part}>
            {texts.progress[part](showCount(progress[part]))}
          </span>
        ))}
      </p>
    </div>
  );
}
