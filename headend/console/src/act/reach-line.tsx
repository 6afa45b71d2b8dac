import { showCount } from '../format.ts';
import { InRollouts } from '../rollouts/in-rollouts.tsx';
import { texts } from '../texts.ts';
import type { Reach } from './preview.ts';

/** How many boxes are meant, how many are off, how many would be skipped or cannot. */
export function ReachLine(props: { isReady: boolean; reach: Reach | undefined; error: string | undefined }) {
  const { isReady, reach, error } = props;
  const { words } = texts.reach;
  if (!isReady) return <p class="reach faint">{texts.reach.incomplete}</p>;
  if (error !== undefined) return <p class="reach bad">{error}</p>;
  if (reach === undefined) return <p class="reach faint">{texts.reach.counting}</p>;
  const rest = [
    [reach.off, words.off],
    [reach.skipped, words.skipped],
    [reach.unsupported, words.unsupported],
  ] as const;
  return (
    <p class="reach" role="status">
      <strong>{texts.reach.boxes(showCount(reach.boxes), reach.boxes)}</strong>
      {rest.map(([count, say]) => count > 0 && <span key={say(String(count))}>{say(showCount(count))}</span>)}
      <InRollouts reach={reach} />
    </p>
  );
}
