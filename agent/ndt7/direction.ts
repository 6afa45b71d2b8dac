/** What one of the two tests found. */
import { AgentError } from '../errors.ts';
import type { Ndt7Test } from '../protocol/ndt7.ts';
import type { Connection, Target } from './connection.ts';
import { type Interval, intervals, mbps, median, round, type Sample } from './figures.ts';

export type Direction = {
  mbps: number;
  bytes: number;
  seconds: number;
  /** `broken off`: the connection was lost before the end; the figures are of what passed. */
  ended: 'complete' | 'broken off';
  /** Who counted: the receiving end, where it says what it got. */
  countedBy: 'box' | 'server';
  intervals: Interval[];
  /** The median round trip under load. */
  latencyMs?: number;
  /** The smallest round trip that the server's kernel saw. */
  minRttMs?: number;
  /** The server's own name for the test. */
  uuid?: string;
};

/** The shortest stretch that gets a figure of its own; a short test is cut into six. */
const intervalMs = ({ testMs }: Target) => Math.min(500, testMs / 6);

export type Findings = {
  samples: readonly Sample[];
  countedBy: Direction['countedBy'];
  ended: Direction['ended'];
  /** Round trips under load, in milliseconds. */
  roundTrips: readonly number[];
};

/** Sums a test up. The last sample is the whole. Throws SPEEDTEST_FAILED when nothing passed. */
export function sumUp(test: Ndt7Test, target: Target, told: Connection['told'], findings: Findings): Direction {
  const { samples, countedBy, ended, roundTrips } = findings;
  const whole = samples.at(-1);
  if (whole === undefined || whole.bytes === 0) {
    const message = `the ${test} test with ${target.server} ended (${ended}) before any data passed; try again, or another server`;
    throw new AgentError('SPEEDTEST_FAILED', message);
  }
  const latencyMs = median(roundTrips);
  const minRtt = told.findLast(({ TCPInfo }) => TCPInfo?.MinRTT)?.TCPInfo?.MinRTT;
  const uuid = told.find(({ ConnectionInfo }) => ConnectionInfo?.UUID)?.ConnectionInfo?.UUID;
  return {
    mbps: mbps(whole.bytes, whole.ms),
    bytes: whole.bytes,
    seconds: round(whole.ms / 1000),
    ended,
    countedBy,
    intervals: intervals(samples, intervalMs(target)),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(minRtt === undefined ? {} : { minRttMs: minRtt / 1000 }),
    ...(uuid === undefined ? {} : { uuid }),
  };
}
