/** The arithmetic of a speed test. */

/** How much had passed so long after the start. */
export type Sample = { ms: number; bytes: number };

/** The speed over one stretch: `at` is its end, in seconds after the start. */
export type Interval = { at: number; mbps: number };

/** Megabits per second, to three digits after the point. */
export function mbps(bytes: number, ms: number): number {
  return ms > 0 ? round((bytes * 8) / 1000 / ms) : 0;
}

/** The speeds between samples at least `minMs` apart; what is left over at the end belongs to the last interval. */
export function intervals(samples: readonly Sample[], minMs: number): Interval[] {
  const ends: Sample[] = [{ ms: 0, bytes: 0 }];
  for (const sample of samples) {
    if (sample.ms - (ends.at(-1)?.ms ?? 0) >= minMs) ends.push(sample);
  }
  const last = samples.at(-1);
  if (last !== undefined && last.ms > (ends.at(-1)?.ms ?? 0)) ends.splice(Math.max(1, ends.length - 1), 1, last);
  return ends.slice(1).map((end, index) => {
    const start = ends[index] ?? { ms: 0, bytes: 0 };
    return { at: round(end.ms / 1000), mbps: mbps(end.bytes - start.bytes, end.ms - start.ms) };
  });
}

/** The middle value; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : round((upper + lower) / 2);
}

/** The mean difference between each value and the next; undefined of fewer than two. */
export function jitter(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const steps = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? value)));
  return round(steps.reduce((sum, step) => sum + step, 0) / steps.length);
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
