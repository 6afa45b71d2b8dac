/** Reads programme data in the XMLTV format, piece by piece, however large the file is. */
import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import type { Programme } from './store/programmes.ts';
import {
  type Found,
  idOf,
  keep,
  keepImage,
  newFound,
  people,
  programmeLength,
  toProgramme,
} from './xmltv-programme.ts';

/** What came of a file. `skipped` had no channel, time or title that can be read. */
export type XmltvCount = { programmes: number; skipped: number };

/** Where the XML declaration ends at the latest. */
const headBytes = 200;
/** How many programmes are handed over at once. */
const batchSize = 500;
/** What the last programme of a channel lasts when nothing says how long, in milliseconds. */
const unknownLengthMs = 3_600_000;
/** The elements of a programme whose text is kept. */
const texts = new Set(['title', 'sub-title', 'desc', 'category', 'country', 'date', 'episode-num', 'value']);

/**
 * Reads the chunks of an XMLTV file and hands its programmes to `take`, some at a time. Throws when it is not XMLTV or breaks off; what was taken before stays
 * taken. The parser expands no entities but XML's own five and numbers.
 */
export async function readXmltv(
  chunks: AsyncIterable<Uint8Array>,
  take: (programmes: Programme[]) => Promise<void> | void,
): Promise<XmltvCount> {
  const count: XmltvCount = { programmes: 0, skipped: 0 };
  const root = { isOpen: false, isClosed: false };
  const open = new Map<string, Omit<Programme, 'id'>>();
  const ready: Programme[] = [];

  function finish(programme: Omit<Programme, 'id'>): void {
    ready.push({ id: idOf(programme), ...programme });
    count.programmes += 1;
  }

  /** One without an end lasts until the next of its channel begins. */
  function collect(programme: Omit<Programme, 'id'>): void {
    const before = open.get(programme.epgId);
    if (before !== undefined) {
      open.delete(programme.epgId);
      const end = programme.start > before.start ? programme.start : before.start + unknownLengthMs;
      finish({ ...before, end });
    }
    if (Number.isNaN(programme.end)) open.set(programme.epgId, programme);
    else finish(programme);
  }

  const parser = createProgrammeParser({ root, collect, skip: () => count.skipped++ });
  let decoder: TextDecoder | undefined;
  for await (const chunk of withWholeHead(chunks)) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    parser.write(decoder.decode(chunk, { stream: true }));
    while (ready.length >= batchSize) await take(ready.splice(0, batchSize));
  }
  parser.end();
  if (!root.isOpen) throw new Error('this is not XMLTV: there is no <tv> element');
  for (const programme of open.values()) finish({ ...programme, end: programme.start + unknownLengthMs });
  while (ready.length > 0) await take(ready.splice(0, batchSize));
  if (!root.isClosed) throw new Error(`the file breaks off before </tv>; ${count.programmes} programmes were taken`);
  return count;
}

/** Told of the elements of a file, one programme at a time. */
function createProgrammeParser(to: {
  root: { isOpen: boolean; isClosed: boolean };
  collect(programme: Omit<Programme, 'id'>): void;
  skip(): unknown;
}): Parser {
  let programme: Found | undefined;
  let text: string | undefined;
  let role: string | undefined;

  return new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'tv') to.root.isOpen = true;
        if (name === 'programme' && to.root.isOpen) programme = newFound(attributes);
        if (programme === undefined) return;
        if (texts.has(name) || people.has(name)) text = '';
        if (name === 'actor') role = attributes.role;
        if (name === 'icon' && attributes.src) keepImage(programme, attributes.src);
      },
      ontext(data) {
        if (text !== undefined && text.length < programmeLength) text += data;
      },
      onclosetag(name, isImplied) {
        if (name === 'tv' && !isImplied) to.root.isClosed = true;
        if (programme === undefined) return;
        if (text !== undefined && (texts.has(name) || people.has(name))) {
          keep(programme, name, text.replace(/\s+/g, ' ').trim(), role);
          text = undefined;
          role = undefined;
        }
        if (name !== 'programme') return;
        const made = isImplied ? undefined : toProgramme(programme);
        programme = undefined;
        if (made === undefined) to.skip();
        else to.collect(made);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
}

/** What the first bytes or the XML declaration say; UTF-8 where they say nothing that is known. */
function encodingOf(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  const head = Buffer.from(first.subarray(0, headBytes)).toString('latin1');
  const named = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\bencoding=["']([\w-]{1,40})["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return 'utf-8';
  }
}

/** The same bytes, of which the first piece holds the XML declaration. */
async function* withWholeHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array[] | undefined = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head.push(chunk);
    bytes += chunk.length;
    if (bytes < headBytes) continue;
    yield Buffer.concat(head);
    head = undefined;
  }
  if (head !== undefined && bytes > 0) yield Buffer.concat(head);
}
