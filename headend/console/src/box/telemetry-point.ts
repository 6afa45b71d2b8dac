import type { Telemetry } from '../types.ts';

type Figure = { least: number; mean: number; most: number };
/** One part of `GET /stb/v1/boxes/{id}/telemetry/history`. */
export type Part = { at: string; reports: number } & Partial<
  Record<'cpuPercent' | 'freeMemoryPercent' | 'temperature' | 'freeDiskBytes' | 'uptimeSeconds', Figure>
>;

export type Plotted = 'cpu' | 'memory' | 'temperature' | 'disk' | 'uptime';

/** What is plotted over one moment; null what the box did not say. `at` is in seconds. */
export type Point = { at: number; reports: number } & Record<Plotted, Figure | null>;

export function pointOf(part: Part): Point {
  return {
    at: Date.parse(part.at) / 1000,
    reports: part.reports,
    cpu: part.cpuPercent ?? null,
    memory: part.freeMemoryPercent === undefined ? null : usedOf(part.freeMemoryPercent),
    temperature: part.temperature ?? null,
    disk: part.freeDiskBytes ?? null,
    uptime: part.uptimeSeconds ?? null,
  };
}

/** A report that has just come. */
export function pointOfReport(said: Telemetry, at: string): Point {
  const one = (value: number | undefined) =>
    value === undefined ? undefined : { least: value, mean: value, most: value };
  const figures = {
    cpuPercent: one(said.cpuPercent),
    freeMemoryPercent: one(said.freeMemoryPercent),
    temperature: one(said.temperature),
    freeDiskBytes: one(said.freeDiskBytes),
    uptimeSeconds: one(said.uptimeSeconds),
  };
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  return pointOf({ at, reports: 1, ...Object.fromEntries(known) });
}

/** What is not free is used; the most free is the least used. */
function usedOf({ least, mean, most }: Figure): Figure {
  return { least: 100 - most, mean: 100 - mean, most: 100 - least };
}

/** A box says how it is about once a minute; much longer without a word is a gap, and no line is drawn over it. */
const silence = 200;

/** The points with an empty one in each gap. `size` is how many seconds a point stands for. */
export function withGaps(points: readonly Point[], size: number): Point[] {
  const nothing = { reports: 0, cpu: null, memory: null, temperature: null, disk: null, uptime: null };
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    const isGap = next !== undefined && next.at - point.at > Math.max(silence, 3 * size);
    return isGap ? [point, { at: point.at + 1, ...nothing }] : [point];
  });
}
