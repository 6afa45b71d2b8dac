import type { Telemetry } from '../../agent/protocol/messages.ts';

/** The figures of telemetry that can be plotted. */
export const figureNames = [
  'cpuPercent',
  'freeMemoryPercent',
  'temperature',
  'freeDiskBytes',
  'uptimeSeconds',
  'wifiSignalDbm',
  'wifiLinkMbps',
  'volume',
] as const satisfies readonly (keyof Telemetry)[];
export type FigureName = (typeof figureNames)[number];

/** A figure over some reports: of how many, their sum, the least and the most. */
export type Tally = [count: number, sum: number, least: number, most: number];
export type Tallies = Partial<Record<FigureName, Tally>>;

/** Some reports together; `last` is when the newest of them came. */
export type Gathered = { reports: number; last: number; figures: Tallies };

/** Two lots of reports as one. */
export function gather(one: Gathered, other: Gathered): Gathered {
  const figures = { ...one.figures };
  for (const name of figureNames) {
    const [a, b] = [figures[name], other.figures[name]];
    if (b !== undefined) figures[name] = a === undefined ? b : merge(a, b);
  }
  return { reports: one.reports + other.reports, last: Math.max(one.last, other.last), figures };
}

/** One report. */
export function gatheredOf(said: Partial<Record<FigureName, unknown>>, at: number): Gathered {
  const figures: Tallies = {};
  for (const name of figureNames) {
    const value = said[name];
    if (typeof value === 'number') figures[name] = [1, value, value, value];
  }
  return { reports: 1, last: at, figures };
}

function merge(a: Tally, b: Tally): Tally {
  return [a[0] + b[0], a[1] + b[1], Math.min(a[2], b[2]), Math.max(a[3], b[3])];
}
