import { showCount } from '../format.ts';
import { InRollouts } from '../rollouts/in-rollouts.tsx';
import { texts } from '../texts.ts';
import type { Reach } from './preview.ts';
import { isComplete, type Target } from './target.ts';

/** How many boxes are meant, how many are off, how many would be skipped or cannot. */
export function ReachLine(props: {
  target: Target;
  isReady: boolean;
  reach: Reach | undefined;
  error: string | undefined;
}) {
  const { target, isReady, reach, error } = props;
  const { words } = texts.reach;
  if (!isComplete(target)) return <p class="reach bad">{texts.reach.nobody}</p>;
  if (!isReady) return <p class="reach faint">{texts.reach.incomplete}</p>;
  if (error !== undefined) return <p class="reach bad">{error}</p>;
  if (reach === undefined) return <p class="reach faint">{texts.reach.counting}</p>;
  if (reach.boxes === 0) return <NoBox />;
  const rest = [
    [reach.off, words.off],
    [reach.skipped, words.skipped],
    [reach.unsupported, words.unsupported],
  ] as const;
  return (
    <p class="reach" role="status">
      <strong>{texts.reach.boxes(showCount(reach.boxes), reach.boxes)}</strong>
      {rest.map(([count, say]) => count > 0 && <span key={say(String(count))}>{say(showCount(count))}</span>)}
      <InRollouts reach={reach} means="disturbed" />
    </p>
  );
}

/** Says that nothing can be sent, as nobody would get it. */
export function NoBox() {
  return (
    <p class="reach bad" role="status">
      {texts.reach.none}
    </p>
  );
}
