import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { canDraw, drawScreen } from '../../platform/drivers/simulator/screen/draw.ts';
import type { Background, Scene } from '../../platform/drivers/simulator/screen/scene.ts';

const at = Date.UTC(2026, 0, 1, 20, 15);
const channel: Background = {
  kind: 'channel',
  state: 'playing',
  id: 'c1',
  name: 'North',
  number: 1,
  reception: 'BASE',
  startedAt: at - 60_000,
};
const plain: Scene = { power: 'on', at, background: channel, clock: '20:15', model: 'SIM250', firmware: '1.0.0' };

const layers: Record<string, Partial<Scene>> = {
  banner: { banner: { name: 'North', number: 1, reception: 'DVB', programme: 'The fjord', percent: 40 } },
  volume: { volume: { percent: 40, muted: false } },
  message: { message: { html: 'Lunch is <b>ready</b>.' } },
  menu: { menu: { title: 'Menu', items: ['Channels', 'Standby'], selected: 0 } },
  digits: { digits: '12' },
  toast: { toast: 'No channels yet' },
  progress: { progress: { label: 'Installing 1.1.0', percent: 50 } },
  page: { page: { url: 'https://survey.example/a%20page' } },
  blocked: { blocked: { html: '<h2>Call us.</h2>' } },
};

const backgrounds: Record<string, Background> = {
  none: { kind: 'none', state: 'playing' },
  'a channel that starts': { ...channel, state: 'starting' },
  'a channel that failed': { ...channel, state: 'failed', reason: 'no signal' },
  'a channel that is paused': { ...channel, state: 'paused' },
  'a channel without a name': { kind: 'channel', state: 'playing' },
  radio: { kind: 'radio', state: 'playing', name: 'Skyline', number: 3, startedAt: at },
  video: { kind: 'video', state: 'playing', url: 'https://media.example/a%20film.mp4', startedAt: at },
  'a video with a broken address': { kind: 'video', state: 'playing', url: 'http://%%%' },
  stream: { kind: 'video', state: 'playing', url: 'udp://239.1.1.1:5000' },
};

/** One channel of each kind of scenery. */
const names = ['Sport', 'News', 'Music', 'Kids', 'Nature', 'Film', 'Sea', 'City'];

const sizeOf = (png: Uint8Array) => {
  const bytes = Buffer.from(png);
  return { signature: bytes.toString('latin1', 1, 4), width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
};
const full = { signature: 'PNG', width: 1280, height: 720 };

async function pixelsOf(scene: Scene): Promise<Uint8ClampedArray> {
  const brush = createCanvas(1280, 720).getContext('2d');
  brush.drawImage(await loadImage(Buffer.from(await drawScreen(scene))), 0, 0);
  return brush.getImageData(0, 0, 1280, 720).data;
}

/** The share of pixels that differ, 0 to 1. */
async function difference(one: Scene, other: Scene): Promise<number> {
  const [left, right] = [
    new Uint32Array((await pixelsOf(one)).buffer),
    new Uint32Array((await pixelsOf(other)).buffer),
  ];
  return left.reduce((count, pixel, index) => count + (pixel === right[index] ? 0 : 1), 0) / left.length;
}

async function isBlack(scene: Scene): Promise<boolean> {
  return (await pixelsOf(scene)).every((value, index) => value === (index % 4 === 3 ? 255 : 0));
}

test('this installation can draw', async () => {
  expect(await canDraw()).toBe(true);
});

describe('every scene is a picture of 1280×720', () => {
  test.each(Object.entries(backgrounds))('%s', async (_, background) => {
    expect(sizeOf(await drawScreen({ ...plain, background }))).toEqual(full);
  });
  test.each(names)('the channel %s', async (name) => {
    expect(sizeOf(await drawScreen({ ...plain, background: { ...channel, name } }))).toEqual(full);
  });
  test.each(['off', 'standby', 'booting'] as const)('%s', async (power) => {
    expect(sizeOf(await drawScreen({ ...plain, power }))).toEqual(full);
  });
});

describe('what can be seen', () => {
  test.each(Object.entries(layers))('%s changes the picture', async (_, layer) => {
    expect(await difference(plain, { ...plain, ...layer })).toBeGreaterThan(0.005);
  });

  test('another message is another picture', async () => {
    const other = { ...plain, message: { html: 'Dinner is <b>ready</b>.' } };
    expect(await difference({ ...plain, ...layers.message }, other)).toBeGreaterThan(0.001);
  });

  test('bold text looks other than plain text', async () => {
    const message = (html: string) => ({ ...plain, message: { html } });
    expect(await difference(message('<b>Lunch</b>'), message('Lunch'))).toBeGreaterThan(0);
  });

  test('muted sound looks other than sound of the same volume', async () => {
    const muted = { ...plain, volume: { percent: 40, muted: true } };
    expect(await difference({ ...plain, ...layers.volume }, muted)).toBeGreaterThan(0);
  });

  test('a message covers the banner', async () => {
    expect(await difference({ ...plain, ...layers.message }, { ...plain, ...layers.message, ...layers.banner })).toBe(
      0,
    );
  });

  test('a blocked screen hides everything but a message', async () => {
    const { message, ...rest } = layers;
    const wall = { ...plain, ...layers.blocked };
    const everything: Scene = Object.assign({}, plain, ...Object.values(rest));
    expect(await difference(wall, { ...everything, background: { kind: 'none', state: 'playing' } })).toBe(0);
    expect(await difference(wall, { ...wall, ...message })).toBeGreaterThan(0.05);
  });

  test('each channel has a picture of its own', async () => {
    const pictures = await Promise.all(
      [...names, 'One', 'Two'].map((name, index) =>
        drawScreen({ ...plain, background: { ...channel, id: `c${index}`, name, number: index } }),
      ),
    );
    expect(new Set(pictures.map((png) => Buffer.from(png).toString('base64'))).size).toBe(pictures.length);
  });

  test('the same scene is the same picture, byte for byte', async () => {
    expect(await drawScreen(plain)).toEqual(await drawScreen(structuredClone(plain)));
  });

  test('a playing picture moves, a paused one stands still', async () => {
    const later = { ...plain, at: at + 2_000 };
    expect(await difference(plain, later)).toBeGreaterThan(0.01);
    const background: Background = { ...channel, state: 'paused', pausedAt: at - 5_000 };
    expect(await difference({ ...plain, background }, { ...later, background })).toBe(0);
  });

  test('standby and off are black, whatever else is in the scene', async () => {
    const everything = Object.assign({}, plain, ...Object.values(layers));
    expect(await isBlack({ ...everything, power: 'standby' })).toBe(true);
    expect(await isBlack({ ...everything, power: 'off' })).toBe(true);
  });

  test('the boot logo shows model and firmware', async () => {
    const boot: Scene = { ...plain, power: 'booting' };
    expect(await isBlack(boot)).toBe(false);
    expect(await difference(boot, { ...boot, model: 'SIM100' })).toBeGreaterThan(0);
    expect(await difference(boot, { ...boot, firmware: '2.0.0' })).toBeGreaterThan(0);
  });
});

describe('hostile scenes are drawn all the same', () => {
  const strange = `${'漢字مرحبا\u0000\u202e'.repeat(2_000)}${'\u0301'.repeat(5_000)}\ud83d`;

  test.each([
    ['100 kB of one word', 'x'.repeat(100_000)],
    ['deep nesting', '<ul><li><b>'.repeat(9_000)],
    ['a tower of accents', `e${'\u0301'.repeat(50_000)}`],
    ['missing glyphs and emoji', strange],
    ['nothing', ''],
  ])('a message of %s', async (_, html) => {
    expect(sizeOf(await drawScreen({ ...plain, message: { html } }))).toEqual(full);
  });

  test('strange texts and figures everywhere', async () => {
    const scene: Scene = {
      ...plain,
      background: { ...channel, name: strange, number: Number.MAX_VALUE, startedAt: Number.NaN },
      banner: { name: strange, number: -1, programme: strange, percent: Number.POSITIVE_INFINITY },
      volume: { percent: Number.NaN, muted: false },
      menu: { title: strange, items: Array.from({ length: 500 }, () => strange), selected: 9_999 },
      digits: strange,
      toast: strange,
      clock: strange,
    };
    expect(sizeOf(await drawScreen(scene))).toEqual(full);
    const failed: Background = { ...channel, state: 'failed', name: strange, reason: strange };
    expect(sizeOf(await drawScreen({ ...scene, background: failed, banner: { name: '' } }))).toEqual(full);
    const progress = { label: strange, percent: -5 };
    expect(sizeOf(await drawScreen({ ...scene, power: 'booting', model: strange, firmware: '', progress }))).toEqual(
      full,
    );
  });
});
