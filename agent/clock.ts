import { uptime } from 'node:os';

/**
 * Time as the agent uses it.
 *
 * INVARIANTS
 * - `now()` never jumps: it is the wall clock as it was when it became known, carried on by the monotonic clock. Somebody
 *   setting the wall clock neither fires nor starves a scheduled action.
 * - It is anchored anew only when the clock becomes known: at start if the time is plausible, when it first becomes so (a box
 *   without a battery starts in 1970), and once when the box says that it is synchronised.
 */
export interface Clock {
  /** Wall time in milliseconds, free of jumps. Meaningless while `isSet` is false. */
  now(): number;
  /** Whether the wall clock is known: not before any time this box has seen, or synchronised. */
  isSet(): boolean;
  /** Milliseconds since an arbitrary moment; counts on while the box sleeps. */
  monotonic(): number;
  /** Calls `wake` once after `ms`; the function returned cancels it. */
  timer(ms: number, wake: () => void): () => void;
}

/** How much later than it woke up a box may notice that it slept. */
const uptimeLookMs = 250;

/** The oldest time that can be true: when this version was made. */
const builtAt = Date.parse('2026-11-01T00:00:00Z');

/** `seenAt` is the latest wall time this box has recorded; `synchronised` asks the platform, where it can tell. */
export function createClock(options: { seenAt: number; synchronised?: (() => boolean) | undefined }): Clock {
  const floor = Math.max(builtAt, options.seenAt);
  const monotonic = createMonotonic();
  let offset = Date.now() - monotonic();
  let known = Date.now() >= floor;
  let confirmed = options.synchronised?.() ?? false;

  function look(): void {
    if (!known && Date.now() >= floor) anchor();
    if (!confirmed && options.synchronised?.()) {
      confirmed = true;
      anchor();
    }
  }

  function anchor(): void {
    known = true;
    offset = Date.now() - monotonic();
  }

  return {
    now() {
      look();
      return known ? Math.round(monotonic() + offset) : Date.now();
    },
    isSet() {
      look();
      return known;
    },
    monotonic,
    timer(ms, wake) {
      const timer = setTimeout(wake, Math.min(ms, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
  };
}

/**
 * Node's own monotonic clock stands still while the box is suspended; the kernel's uptime does not, but is coarse. This one
 * is fine and counts on: what the two differ by is the time slept.
 */
function createMonotonic(): () => number {
  const base = uptime() * 1000 - performance.now();
  let sleptMs = 0;
  let lookedAt = 0;
  return () => {
    const now = performance.now();
    // The uptime is read from a file, too slow for every look at the clock.
    if (now - lookedAt >= uptimeLookMs) {
      lookedAt = now;
      const behindMs = uptime() * 1000 - now - base;
      if (Math.abs(behindMs - sleptMs) > 1000) sleptMs = behindMs;
    }
    return now + sleptMs;
  };
}
