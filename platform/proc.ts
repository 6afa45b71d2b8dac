/** What Linux says in /proc about the machine, and about its disks: for every driver on it. */
import { statfsSync } from 'node:fs';

export type CpuTimes = { busy: number; total: number };

/** The first line of /proc/stat: ticks per kind of work, of which the 4th and 5th are idle (proc(5)). */
export function parseCpu(text: string): CpuTimes | undefined {
  const ticks = /^cpu +(.+)/.exec(text)?.[1]?.split(' ').slice(0, 8).map(Number);
  if (ticks === undefined || ticks.length < 5 || ticks.some(Number.isNaN)) return undefined;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total };
}

/** How busy the processors were between two readings, in percent; undefined when no time has passed. */
export function busyPercent(before: CpuTimes, now: CpuTimes): number | undefined {
  const total = now.total - before.total;
  return total > 0 ? toTenths(Math.min(100, Math.max(0, (100 * (now.busy - before.busy)) / total))) : undefined;
}

/** MemAvailable of MemTotal, in percent (proc(5)). */
export function parseFreeMemory(text: string): number | undefined {
  const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]);
  const percent = (100 * kilobytes('MemAvailable')) / kilobytes('MemTotal');
  return Number.isFinite(percent) ? toTenths(percent) : undefined;
}

/** The interface of the default route with the lowest metric, of those that are up (proc(5); linux/route.h: RTF_UP is 1). */
export function parseDefaultRoute(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , flags, , , , mask]) => {
      const isUp = (Number.parseInt(flags ?? '0', 16) & 1) !== 0;
      return destination === '00000000' && mask === '00000000' && isUp;
    });
  return routes.toSorted((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0];
}

/** Bytes that are free where a folder is; undefined where that cannot be told. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Rounded to one decimal. */
export function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
