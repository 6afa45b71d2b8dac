import { limits } from '../../../../agent/protocol/limits.ts';
import { texts } from '../texts.ts';

/** When: as the fields have it, local times without a zone. Blank is not set. */
export type Timing = { isLater: boolean; when: string; expires: string; spreadMinutes: string };
export const now: Timing = { isLater: false, when: '', expires: '', spreadMinutes: '' };

const mostMinutes = limits.spreadSeconds / 60;

export type TimingProblems = Partial<Record<'when' | 'expires' | 'spreadMinutes', string>>;

/**
 * What cannot be sent at `at`, in words; empty when all can. To the headend a `when` that has passed means now, but whoever has chosen one
 * here has slipped. A time that is half typed is blank, and must never mean now.
 */
export function timingProblems({ isLater, when, expires, spreadMinutes }: Timing, at: number): TimingProblems {
  const words = texts.act.timing;
  const problems: TimingProblems = {};
  const begin = isLater ? Date.parse(when) : at;
  const end = Date.parse(expires);
  const spread = Number(spreadMinutes);
  if (isLater && when === '') problems.when = words.missing;
  else if (isLater && begin <= at) problems.when = words.passedWhen;
  else if (begin > at + limits.scheduleAheadMs) problems.when = words.tooFar;
  if (end <= at) problems.expires = words.passed;
  else if (end <= begin) problems.expires = words.beforeBegin;
  if (!(spread >= 0 && spread <= mostMinutes)) problems.spreadMinutes = words.spread;
  return problems;
}

/** The part of `POST /stb/v1/actions` that says when. */
export function timingBody({ isLater, when, expires, spreadMinutes }: Timing): Record<string, unknown> {
  return {
    ...(isLater ? { when: when === '' ? '' : new Date(when).toISOString() } : {}),
    ...(expires === '' ? {} : { expires: new Date(expires).toISOString() }),
    ...(spreadMinutes === '' ? {} : { spread: Number(spreadMinutes) * 60 }),
  };
}
