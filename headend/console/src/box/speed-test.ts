import type { Action } from '../types.ts';

export type Interval = { at: number; mbps: number };

/** The result of a SPEEDTEST, as the page plots it. */
export type SpeedTest = {
  id: string;
  at: string;
  downloadMbps: number;
  uploadMbps: number;
  latencyMs: number | null;
  jitterMs: number | null;
  server: string | null;
  link: string | null;
  down: Interval[];
  up: Interval[];
};

/** Reads the result of an action; undefined when it is no finished speed test. Boxes are believed nothing: what is not a number is left out. */
export function readSpeedTest(action: Action): SpeedTest | undefined {
  const { result } = action;
  if (action.type !== 'SPEEDTEST' || action.state !== 'done' || result === null) return undefined;
  const [downloadMbps, uploadMbps] = [numberOf(result.downloadMbps), numberOf(result.uploadMbps)];
  if (downloadMbps === null || uploadMbps === null) return undefined;
  return {
    id: action.id,
    at: action.changedAt,
    downloadMbps,
    uploadMbps,
    latencyMs: numberOf(result.latencyMs),
    jitterMs: numberOf(result.jitterMs),
    server: textOf(result.server),
    link: linkOf(result.link),
    down: intervalsOf(result.download),
    up: intervalsOf(result.upload),
  };
}

function intervalsOf(direction: unknown): Interval[] {
  const { intervals } = (direction ?? {}) as { intervals?: unknown };
  if (!Array.isArray(intervals)) return [];
  return intervals.flatMap((interval: { at?: unknown; mbps?: unknown } | null) => {
    const [at, mbps] = [numberOf(interval?.at), numberOf(interval?.mbps)];
    return at === null || mbps === null ? [] : [{ at, mbps }];
  });
}

/** The link in words: its kind, and what else the box says of it. */
function linkOf(link: unknown): string | null {
  if (typeof link === 'string') return link;
  if (typeof link !== 'object' || link === null) return null;
  const words = Object.entries(link).filter(([, value]) => ['string', 'number'].includes(typeof value));
  return words.length === 0 ? null : words.map(([name, value]) => `${name} ${value}`).join(', ');
}

const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
