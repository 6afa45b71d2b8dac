import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.ts';
import type { Rollout } from './rollout.ts';

/** Calls `take` with each rollout that has moved, and `again` when something may have been missed. */
export function useRolloutNews(take: (rollout: Rollout) => void, again: () => unknown): void {
  const { live } = useApp();
  const latest = useRef({ take, again });
  latest.current = { take, again };
  useEffect(() => {
    const stops = [
      live.on('rollout', (rollout) => latest.current.take(rollout)),
      live.onGap(() => void latest.current.again()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [live]);
}
