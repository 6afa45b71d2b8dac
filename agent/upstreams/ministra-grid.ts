/** When to poll; pure. */

export type Grid = {
  /** Between two polls, in seconds. */
  periodSeconds: number;
  /** The box's place on the grid, in seconds. */
  slotSeconds: number;
  /** Whose midnight the grid begins at; UTC where it is not known. */
  zone?: string | undefined;
};

/**
 * Milliseconds from `now` (wall, milliseconds) to the next place on the grid, more than none and at most the period. The grid begins anew at local
 * midnight, as the portal's own page has it, so that the boxes of a portal spread by their slots.
 */
export function untilNextPoll(now: number, { periodSeconds, slotSeconds, zone }: Grid): number {
  const period = periodSeconds * 1000;
  const slot = (slotSeconds * 1000) % period;
  const sinceSlot = (sinceMidnight(now, zone) - slot + period) % period;
  const toMidnight = 86_400_000 - sinceMidnight(now, zone);
  const left = period - sinceSlot;
  // The last place before midnight may be cut short by the first one after it.
  return Math.max(1, left <= toMidnight ? left : Math.min(left, toMidnight + slot));
}

/** Milliseconds since midnight in a zone. */
function sinceMidnight(now: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone ?? 'UTC',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    fractionalSecondDigits: 3,
  }).formatToParts(now);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000 + part('fractionalSecond');
}
