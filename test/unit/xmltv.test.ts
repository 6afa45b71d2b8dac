import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Programme } from '../../headend/store/programmes.ts';
import { unpacked } from '../../headend/unpacked.ts';
import { readXmltv } from '../../headend/xmltv.ts';
import { xmltvTime } from '../../headend/xmltv-programme.ts';

async function* inPieces(text: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Buffer): Promise<Programme[]> {
  const found: Programme[] = [];
  await readXmltv(inPieces(text), (programmes) => void found.push(...programmes));
  return found;
}

const head = '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE tv SYSTEM "xmltv.dtd"><tv>';

test('a programme is read with all that is kept of it, however the file is cut', async () => {
  const [programme] = await read(`${head}<channel id="a&amp;b"><display-name>A &amp; B</display-name></channel>
    <programme start="20260101100000 +0100" stop="20260101113000 +0100" channel="a&amp;b">
      <title lang="en"><![CDATA[Tom & Jerry]]></title><title lang="da">Nej</title><sub-title>Pilot</sub-title>
      <desc>A &lt;cat&gt; &#233;t un\n   chien æøå</desc><category>News</category><category>Local</category>
      <credits><director>Ann</director><actor role="Tom">Bo</actor></credits><date>20251231</date><country>DK</country>
      <icon src="http://pictures.example/1.png"/><episode-num system="onscreen">S02E13</episode-num>
    </programme></tv>`);
  expect(programme).toEqual({
    id: expect.any(String),
    epgId: 'a&b',
    start: Date.UTC(2026, 0, 1, 9),
    end: Date.UTC(2026, 0, 1, 10, 30),
    title: 'Tom & Jerry',
    subTitle: 'Pilot',
    description: 'A <cat> ét un chien æøå',
    genres: ['News', 'Local'],
    year: 2025,
    country: 'DK',
    images: ['http://pictures.example/1.png'],
    season: 2,
    episode: 13,
    credits: [
      { type: 'DIRECTOR', name: 'Ann' },
      { type: 'ACTOR', name: 'Bo', role: 'Tom' },
    ],
  });
});

test('a programme without an end lasts until the next of its channel, and what cannot be read is counted', async () => {
  const text = `${head}<programme start="202601011000" channel="c"><title>One</title></programme>
    <programme start="202601011045" channel="c"><title>Two</title></programme>
    <programme start="soon" channel="c"><title>Never</title></programme><programme start="202601011200" channel="c"/></tv>`;
  const found: Programme[] = [];
  const count = await readXmltv(inPieces(text), (programmes) => void found.push(...programmes));
  expect(count).toEqual({ programmes: 2, skipped: 2 });
  expect(found.map(({ title, start, end }) => [title, (end - start) / 60_000])).toEqual([
    ['One', 45],
    ['Two', 60],
  ]);
});

test('another encoding is read as its declaration says', async () => {
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?><tv><programme start="2026010110" stop="2026010111" channel="c"><title>Sk\u00f8n</title></programme></tv>`;
  expect((await read(Buffer.from(text, 'latin1')))[0]?.title).toBe('Sk\u00f8n');
});

test.each(['utf16le', 'utf16be'])('a file in %s is known by its first two bytes', async (encoding) => {
  const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?><tv><programme start="20260101" channel="c"><title>Ørsted</title></programme></tv>`;
  const bytes = Buffer.from(text, 'utf16le');
  expect((await read(encoding === 'utf16be' ? bytes.swap16() : bytes))[0]?.title).toBe('Ørsted');
});

test('a programme is kept within bounds, whatever stands in the file', async () => {
  const many = '<category>News</category><icon src="http://p.example/1"/><credits><actor>Bo</actor></credits>'.repeat(
    500,
  );
  const long = `http://p.example/${'x'.repeat(100_000)}`;
  const [programme, ...others] = await read(
    `${head}<programme start="20260101" channel="c"><title>${'x'.repeat(1_000_000)}</title><icon src="${long}"/>${many}</programme>
     <programme start="20260101" channel="${'c'.repeat(100_000)}"><title>x</title></programme></tv>`,
  );
  expect(programme?.title).toHaveLength(10_000);
  expect(JSON.stringify(programme).length).toBeLessThan(20_000);
  expect(others).toEqual([]);
});

test('entities of its own make nothing of a file', async () => {
  const bomb = '<?xml version="1.0"?><!DOCTYPE tv [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>';
  const [programme] = await read(
    `${bomb}<tv><programme start="2026010110" stop="2026010111" channel="c"><title>&b;</title></programme></tv>`,
  );
  expect(programme?.title).toBe('&b;');
});

test.each(['', 'garbage', '{}', '<html></html>'])('%j is not XMLTV', async (text) => {
  await expect(read(text)).rejects.toThrow(/not XMLTV/);
});

test('a file that breaks off is an error that says how much was taken', async () => {
  const text = `${head}<programme start="2026010110" stop="2026010111" channel="c"><title>x</title></programme><progr`;
  await expect(read(text)).rejects.toThrow(/breaks off.*1 programmes/);
});

test('a programme in which a file breaks off is not taken', async () => {
  const found: Programme[] = [];
  const text = `${head}<programme start="2026010110" stop="2026010111" channel="c"><title>whole</title></programme>
    <programme start="2026010111" stop="2026010112" channel="c"><title>The news at t`;
  await expect(readXmltv(inPieces(text), (programmes) => void found.push(...programmes))).rejects.toThrow(/breaks off/);
  expect(found.map(({ title }) => title)).toEqual(['whole']);
});

test.each([
  ['20261121200000 +0100', '2026-11-21T19:00:00.000Z'],
  ['20261121200000 -0330', '2026-11-21T23:30:00.000Z'],
  ['20261121200000', '2026-11-21T20:00:00.000Z'],
  ['202611212000', '2026-11-21T20:00:00.000Z'],
  ['20261121', '2026-11-21T00:00:00.000Z'],
  ['20261121200000 GMT', '2026-11-21T20:00:00.000Z'],
  ['202607281733 BST', '2026-07-28T16:33:00.000Z'],
  ['20261121200000 CET', '2026-11-21T19:00:00.000Z'],
  ['20260721200000 CEST', '2026-07-21T18:00:00.000Z'],
  ['20261121200000 PST', '2026-11-22T04:00:00.000Z'],
])('the time %s is %s', (text, expected) => {
  expect(new Date(xmltvTime(text)).toISOString()).toBe(expected);
});

test.each(['20261121200000 IST', '20261121200000 Europe/Copenhagen', '20261121200000 cet', '2026', 'soon'])(
  'the time %s is not guessed',
  (text) => expect(xmltvTime(text)).toBeNaN(),
);

describe('unpacked', () => {
  const text = `${head}<programme start="2026010110" stop="2026010111" channel="c"><title>x</title></programme></tv>`;
  const bytes = async (file: Buffer, most?: number, size?: number) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of unpacked(inPieces(file, size), most)) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  test.each([1, 7, 10_000])('a gzip file that comes %i bytes at a time is what was packed', async (size) => {
    expect((await bytes(gzipSync(text), undefined, size)).toString()).toBe(text);
    const twice = Buffer.concat([gzipSync(text), gzipSync(text)]);
    expect((await bytes(twice, undefined, size)).toString()).toBe(text + text);
  });

  test('anything else stays as it is', async () => {
    expect((await bytes(Buffer.from(text))).toString()).toBe(text);
    expect(await bytes(Buffer.alloc(0))).toHaveLength(0);
  });

  test('neither what comes in nor what comes out is more than is taken', async () => {
    expect(await bytes(gzipSync(Buffer.alloc(10_000)), 10_000)).toHaveLength(10_000);
    await expect(bytes(gzipSync(Buffer.alloc(1_000_000)), 10_000)).rejects.toMatchObject({ code: 413 });
    await expect(bytes(Buffer.alloc(10_001), 10_000)).rejects.toMatchObject({ code: 413 });
    const empty = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')));
    await expect(bytes(empty, 10_000)).rejects.toMatchObject({ code: 413 });
  });

  test('a gzip file that breaks off or is damaged is an error that says so', async () => {
    const file = gzipSync(text);
    const damaged = Buffer.from(file.with(20, 255 - file[20]!));
    for (const bad of [file.subarray(0, -9), damaged, Buffer.from([0x1f]), Buffer.from([0x1f, 0x20, 0x20])]) {
      await expect(bytes(bad)).rejects.toThrow(/gzip file cannot be unpacked/);
    }
  });
});
