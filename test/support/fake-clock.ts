import type { Clock } from '../../agent/clock.ts';

/** A clock that tests move: `advance` fires the timers that are due on the way, `jump` sets nothing but the wall time. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`, letting promises settle around every timer. */
  advance(ms: number): Promise<void>;
  /** Makes the wall clock known, or unknown. */
  setKnown(known: boolean): void;
}

/** Starts at `now`, wall milliseconds. */
export function createFakeClock(now = Date.parse('2026-11-21T12:00:00Z')): FakeClock {
  let elapsed = 0;
  let known = true;
  let timers: { at: number; wake: () => void }[] = [];

  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  return {
    now: () => now + elapsed,
    isSet: () => known,
    monotonic: () => elapsed,
    timer(ms, wake) {
      const timer = { at: elapsed + ms, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const [next] = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        elapsed = Math.max(elapsed, next.at);
        next.wake();
        await settle();
      }
      elapsed = end;
      await settle();
    },
    setKnown(value) {
      known = value;
    },
  };
}
