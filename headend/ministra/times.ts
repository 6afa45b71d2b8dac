/** A moment as Ministra writes it, `2018-10-10 16:25:22`, in a time zone; zeros for none. `ms` counts from 1970. */
export function toDateTime(ms: number | null, timezone: string): string {
  if (ms === null) return '0000-00-00 00:00:00';
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** What an operator wrote as a date, `2026-12-31` or with a time of day, in UTC; NaN for anything else. A date alone means its end. */
export function readDate(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(text.trim());
  if (match === null) return Number.NaN;
  return Date.parse(`${match[1]}T${match[2] ?? '23:59:59'}Z`);
}
