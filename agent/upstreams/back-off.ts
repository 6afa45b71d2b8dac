/** How long to wait before the next try. */
export interface BackOff {
  /** The next wait in milliseconds; each call counts as one more failed try. */
  next(): number;
  /** Starts over, because a try succeeded. */
  reset(): void;
}

/**
 * Exponential back-off with wide jitter: the n-th wait lies anywhere between half of `first` and `first` · 2ⁿ, at most `max`.
 * The span is wide from the first try on, because all boxes of a fleet lose a restarted headend in the same millisecond.
 */
export function createBackOff(range: { first: number; max: number }, random: () => number = Math.random): BackOff {
  const floor = range.first / 2;
  let tries = 0;
  return {
    next() {
      const ceiling = Math.min(range.max, range.first * 2 ** tries);
      tries += 1;
      return floor + random() * (ceiling - floor);
    },
    reset() {
      tries = 0;
    },
  };
}
