import { texts } from './texts.ts';

const { dates, words } = texts.locale;
const { units } = texts.time;

const dateTime = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeStyle: 'medium' });
const dayTime = new Intl.DateTimeFormat(dates, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const point = new Intl.DateTimeFormat(dates, { dateStyle: 'short', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const relative = new Intl.RelativeTimeFormat(words, { numeric: 'auto', style: 'narrow' });
const number = new Intl.NumberFormat(words, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(words);

/** A time with its date, in the viewer's zone. */
export const showTime = (value: string | number | Date): string => dateTime.format(new Date(value));
/** The time of day; with the date when it is not today. */
export function showClock(value: string | number | Date): string {
  const date = new Date(value);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : dayTime.format(date);
}
/** The name of the viewer's zone. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time of day in another zone; null when this browser does not know the zone. */
export function showTimeIn(timeZone: string, at: number): string | null {
  try {
    return new Intl.DateTimeFormat(dates, { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(
      at,
    );
  } catch {
    return null;
  }
}

/** A time as a plot's legend has it. */
export const showPoint = (value: number): string => point.format(value);

const namesOf = (count: number, options: Intl.DateTimeFormatOptions, dateOf: (index: number) => Date) =>
  Array.from({ length: count }, (_, index) => new Intl.DateTimeFormat(dates, options).format(dateOf(index)));
const months = (month: 'long' | 'short') => namesOf(12, { month }, (index) => new Date(2026, index, 15));
// The 4th of January 2026 is a Sunday.
const days = (weekday: 'long' | 'short') => namesOf(7, { weekday }, (index) => new Date(2026, 0, 4 + index));
/** The names of months and days, by the letters that stand for them in uPlot's templates. */
export const dateNames = { MMMM: months('long'), MMM: months('short'), WWWW: days('long'), WWW: days('short') };

/** How long ago or ahead, in its largest unit. */
export function showAgo(value: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.round((new Date(value).getTime() - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return texts.time.now;
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** A span of seconds in its two largest units. */
export function showSpan(seconds: number): string {
  const sizes = [
    [86_400, units.day],
    [3_600, units.hour],
    [60, units.minute],
    [1, units.second],
  ] as const;
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of sizes) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.join(' ') || `0 ${units.second}`;
}

export function showBytes(bytes: number): string {
  for (const [size, unit] of [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ] as const) {
    if (bytes >= size) return `${number.format(bytes / size)} ${unit}`;
  }
  return `${bytes} B`;
}

export const showNumber = (value: number): string => number.format(value);
export const showCount = (value: number): string => whole.format(value);
export const showPercent = (value: number): string => `${Math.round(value)}%`;
export const showDegrees = (value: number): string => `${Math.round(value)} °C`;
