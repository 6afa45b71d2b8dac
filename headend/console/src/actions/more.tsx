import { useRef, useState } from 'preact/hooks';
import { pageSize } from '../api.ts';
import { showCount } from '../format.ts';
import { texts } from '../texts.ts';

const step = 100;

/** How much of a list is asked for. */
export type Length = { current: number };

export const useLength = (): Length => useRef(step);

/** Offers more of a list of which the newest `shown` are there; at the headend's end it says that there may be others. */
export function More({ shown, length, again }: { shown: number; length: Length; again(): Promise<void> }) {
  // The button stays until there is more, and with it the focus.
  const [isAsking, setIsAsking] = useState(false);
  if (shown < length.current && !isAsking) return null;
  if (length.current >= pageSize) return <p class="row pages faint">{texts.actions.onlyNewest(showCount(pageSize))}</p>;
  const more = async () => {
    length.current += step;
    setIsAsking(true);
    await again();
    setIsAsking(false);
  };
  return (
    <div class="row pages">
      <button type="button" class="plain" onClick={() => void more()}>
        {texts.timeline.more}
      </button>
    </div>
  );
}
