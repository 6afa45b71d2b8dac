/** One programme of an XMLTV file. */
import { createHash } from 'node:crypto';
import type { Programme } from './store/programmes.ts';

/** Characters that are kept of one programme in all: SQLite reads a row that it passes whole, so a single huge one would slow down every other. */
export const programmeLength = 10_000;
/** As long as a channel's `epgId` may be. */
const epgIdLength = 200;

/** The elements that name somebody who takes part. */
export const people = new Set(['director', 'actor', 'writer', 'presenter', 'producer', 'guest', 'composer']);

/**
 * The zones that a time may name, in hours ahead of UTC: BST is the example of XMLTV's document, which lists no others; these are Europe's and, as
 * RFC 5322 (4.3) has them, America's. A name that means different things in different places (IST) is not among them.
 */
const zones: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ Z: 0, UT: 0, UTC: 0, GMT: 0, WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3 }),
  ...Object.entries({ EDT: -4, EST: -5, CDT: -5, CST: -6, MDT: -6, MST: -7, PDT: -7, PST: -8 }),
]);

/** A time of XMLTV, `20261121200000 +0100` or shorter, as milliseconds; without a zone it is UTC. NaN when it is none, or its zone is not known. */
export function xmltvTime(text: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)? *(?:([+-])(\d\d):?(\d\d)|([A-Z]+))?$/.exec(
    (text ?? '').trim(),
  );
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = 0, minute = 0, second = 0, sign, zoneHours = 0, zoneMinutes = 0, zone = 'UTC'] =
    match;
  const named = zones.get(zone) ?? Number.NaN;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const zoneMs = ((Number(zoneHours) + named) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '-' ? local + zoneMs : local - zoneMs;
}

/** A programme as far as it has been read. */
export type Found = {
  epgId: string;
  start: number;
  end: number;
  values: Map<string, string>;
  genres: string[];
  images: string[];
  credits: { type: string; name: string; role?: string }[];
  /** How many more characters are kept. */
  room: number;
};

/** A programme by the attributes of its element. */
export function newFound({ channel = '', start, stop }: Record<string, string>): Found {
  const found = { epgId: channel, start: xmltvTime(start), end: xmltvTime(stop) };
  return { ...found, values: new Map(), genres: [], images: [], credits: [], room: programmeLength };
}

/** Takes the text of an element over, as far as there is room; of a text in several languages the first counts. */
export function keep(found: Found, name: string, whole: string, wholeRole = ''): void {
  const text = whole.slice(0, found.room);
  if (text === '') return;
  found.room -= text.length;
  const role = wholeRole.slice(0, found.room);
  found.room -= role.length;
  if (name === 'category') found.genres.push(text);
  else if (people.has(name)) found.credits.push({ type: name.toUpperCase(), name: text, ...(role ? { role } : {}) });
  else if (!found.values.has(name)) found.values.set(name, text);
}

/** Takes the address of a picture over, if there is room for it. */
export function keepImage(found: Found, url: string): void {
  if (url.length > found.room) return;
  found.room -= url.length;
  found.images.push(url);
}

/** Undefined where it has no channel, time or title. */
export function toProgramme({
  epgId,
  start,
  end,
  values,
  genres,
  images,
  credits,
}: Found): Omit<Programme, 'id'> | undefined {
  const title = values.get('title');
  if (epgId === '' || epgId.length > epgIdLength || title === undefined || Number.isNaN(start) || end <= start)
    return undefined;
  const subTitle = values.get('sub-title');
  const description = values.get('desc');
  const country = values.get('country');
  const year = /^\d{4}/.exec(values.get('date') ?? '')?.[0];
  return {
    epgId,
    start,
    end,
    title,
    ...(subTitle === undefined ? {} : { subTitle }),
    ...(description === undefined ? {} : { description }),
    ...(country === undefined ? {} : { country }),
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(genres.length === 0 ? {} : { genres }),
    ...(images.length === 0 ? {} : { images }),
    ...(credits.length === 0 ? {} : { credits }),
    ...seriesOf(values.get('episode-num') ?? ''),
  };
}

/** `S01E02`, or XMLTV's own `0.1.`, which counts from 0. */
function seriesOf(text: string): { season?: number; episode?: number } {
  const onscreen = /S(\d{1,4})\s*E(\d{1,5})/i.exec(text);
  if (onscreen !== null) return { season: Number(onscreen[1]), episode: Number(onscreen[2]) };
  const numbered = /^\s*(\d{1,4})?[^.]*\.\s*(\d{1,5})?[^.]*\./.exec(text);
  return {
    ...(numbered?.[1] === undefined ? {} : { season: Number(numbered[1]) + 1 }),
    ...(numbered?.[2] === undefined ? {} : { episode: Number(numbered[2]) + 1 }),
  };
}

/** The same for a channel and a beginning, so that a guide that is read again keeps its ids. */
export function idOf({ epgId, start }: Pick<Programme, 'epgId' | 'start'>): string {
  const channel = createHash('sha256').update(epgId).digest('hex').slice(0, 12);
  return `${channel}_${Math.floor(start / 1000).toString(36)}`;
}
