import { ApiError } from '../errors.ts';
import { headendLimits } from '../limits.ts';

/** Counts wrong attempts, so that codes and passwords cannot be guessed. */
export type Guesses = {
  /** Throws 429 with `field` where the caller has been wrong too often. Call it before looking. */
  check(caller: string, field: string): void;
  /** The caller was wrong. */
  wrong(caller: string): void;
  /** The caller was right, and begins anew. */
  right(caller: string): void;
};

export function createGuesses(): Guesses {
  const { wrong: most, windowMs, callers } = headendLimits.guesses;
  const counted = new Map<string, { count: number; since: number }>();

  function current(caller: string): { count: number; since: number } | undefined {
    const entry = counted.get(caller);
    if (entry === undefined || performance.now() - entry.since < windowMs) return entry;
    counted.delete(caller);
    return undefined;
  }

  return {
    check(caller, field) {
      const entry = current(caller);
      if (entry === undefined || entry.count < most) return;
      const seconds = Math.ceil((entry.since + windowMs - performance.now()) / 1000);
      throw new ApiError(429, field, `Too many wrong attempts: try again in ${seconds} s`);
    },
    wrong(caller) {
      const entry = current(caller) ?? { count: 0, since: performance.now() };
      entry.count += 1;
      counted.delete(caller);
      counted.set(caller, entry);
      const oldest = counted.keys().next().value;
      if (counted.size > callers && oldest !== undefined) counted.delete(oldest);
    },
    right: (caller) => void counted.delete(caller),
  };
}
