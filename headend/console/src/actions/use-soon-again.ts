import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.ts';

/** At most so often a list is read again, however much happens. */
const everyMs = 1_000;

/** Calls `again` soon after something has happened to an action that the viewer sees. */
export function useSoonAgain(again: () => unknown): void {
  const { live } = useApp();
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, everyMs);
    };
    const stops = [live.on('action', soon), live.onGap(soon), () => clearTimeout(timer)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [live]);
}
