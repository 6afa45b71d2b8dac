import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodePng } from '../../../platform/conformance/png.ts';
import {
  createCommandCamera,
  createDisplay,
  createFramebufferCamera,
  type OnScreen,
} from '../../../platform/drivers/linux/display.ts';
import { readGeometry, toRgba } from '../../../platform/drivers/linux/framebuffer.ts';
import { pngSize, singleColour } from '../../../platform/picture.ts';
import { encodePng } from '../../../platform/png.ts';
import { fakeBox } from '../../support/fake-box.ts';

const calm = new AbortController().signal;
const on: OnScreen = { isStandby: async () => false, isPlaying: () => false };

const sysfs = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`/sys/class/graphics/fb0/${name}`, `${value}\n`]));

test('the geometry is that of sysfs: the visible part, where it begins, and how long a row is', () => {
  const virtual = { virtual_size: '1280,1600', bits_per_pixel: '32', stride: '5120' };
  const swapped = fakeBox(sysfs({ ...virtual, mode: 'U:1280x800p-0', pan: '0,800' }));
  expect(readGeometry(swapped.system, '/dev/fb0')).toEqual({
    width: 1280,
    height: 800,
    x: 0,
    y: 800,
    stride: 5120,
    bits: 32,
  });
  const plain = fakeBox(sysfs({ virtual_size: '720,576', bits_per_pixel: '16' }));
  expect(readGeometry(plain.system, '/dev/fb0')).toMatchObject({ width: 720, height: 576, x: 0, y: 0, stride: 1440 });
});

test('pixels that it does not know are DEVICE_FAILED', () => {
  const palette = fakeBox(sysfs({ virtual_size: '640,480', bits_per_pixel: '8', stride: '640' }));
  expect(() => readGeometry(palette.system, '/dev/fb0')).toThrow(/640×480 pixels of 8 bits cannot be read/);
});

test.each([
  { bits: 32 as const, bytes: [0x33, 0x66, 0x99, 0, 1, 2, 3, 0] },
  { bits: 24 as const, bytes: [0x33, 0x66, 0x99, 1, 2, 3] },
])('$bits bits are blue, green, red; what follows a row is left out', ({ bits, bytes }) => {
  const stride = bytes.length + 5;
  const from = Buffer.concat([Buffer.from(bytes), Buffer.alloc(5, 9), Buffer.from(bytes), Buffer.alloc(5, 9)]);
  const row = [0x99, 0x66, 0x33, 255, 3, 2, 1, 255];
  expect([...toRgba(from, { width: 2, height: 2, stride, bits })]).toEqual([...row, ...row]);
});

test('16 bits are red, green, blue of 5, 6 and 5 bits, and white is white', () => {
  const from = Buffer.from(new Uint16Array([0xffff, 0xf800, 0x07e0, 0x001f]).buffer);
  expect([...toRgba(from, { width: 4, height: 1, stride: 8, bits: 16 })]).toEqual([
    ...[255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255],
  ]);
});

test('a screenshot of the framebuffer has its visible pixels', async () => {
  const box = fakeBox(sysfs({ virtual_size: '4,6', bits_per_pixel: '32', stride: '20', mode: 'U:3x3p-0', pan: '1,2' }));
  const fb = Buffer.alloc(20 * 6);
  for (let i = 0; i < fb.length; i++) fb[i] = i;
  box.put('/dev/fb0', '');
  writeFileSync(join(box.root, 'dev/fb0'), fb);
  const display = createDisplay(createFramebufferCamera(box.system, '/dev/fb0'), on);
  const { png, width, height, note } = await display.screenshot(calm);
  expect([width, height, note]).toEqual([3, 3, undefined]);
  const expected = await encodePng(
    toRgba(fb.subarray(2 * 20 + 4), { width: 3, height: 3, stride: 20, bits: 32 }),
    3,
    3,
  );
  expect(decodePng(png).data.equals(decodePng(expected).data)).toBe(true);
});

test('a framebuffer that cannot be read is DEVICE_FAILED', async () => {
  const box = fakeBox(sysfs({ virtual_size: '4,4', bits_per_pixel: '32' }));
  const display = createDisplay(createFramebufferCamera(box.system, '/dev/fb0'), on);
  await expect(display.screenshot(calm)).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
});

const plainPicture = () => encodePng(Buffer.alloc(320 * 240 * 4, Buffer.from([0x12, 0x34, 0x56, 255])), 320, 240);

test('a picture of one colour is known as that, one of two is not', async () => {
  expect(singleColour(await plainPicture())).toBe('#123456');
  const spot = Buffer.alloc(320 * 240 * 4, Buffer.from([0x12, 0x34, 0x56, 255]));
  spot[320 * 120 * 4 + 400] = 0;
  expect(singleColour(await encodePng(spot, 320, 240))).toBeUndefined();
  expect(pngSize(Buffer.from('not a picture'))).toBeUndefined();
});

test.each([
  { what: 'standby', screen: { ...on, isStandby: async () => true }, note: /#123456; the box is in standby$/ },
  { what: 'nothing playing', screen: on, note: /#123456, although something should be on$/ },
  { what: 'something playing', screen: { ...on, isPlaying: () => true }, note: /a plane of the hardware/ },
])('with $what, a screenshot of one colour says so', async ({ screen, note }) => {
  const display = createDisplay({ name: 'camera', take: plainPicture }, screen);
  expect((await display.screenshot(calm)).note).toMatch(note);
});

test('a configured command writes the picture to {file}, which is gone afterwards', async () => {
  const box = fakeBox();
  writeFileSync(join(box.root, 'picture.png'), await plainPicture());
  box.program('grab', 'cp "$ROOT/picture.png" "$2"; printf "$2" > "$ROOT/file"');
  const camera = createCommandCamera([box.system.program('grab') ?? '', '-o', '{file}']);
  expect(await createDisplay(camera, on).screenshot(calm)).toMatchObject({ width: 320, height: 240 });
  expect(box.system.exists(box.get('/file'))).toBe(false);
});

test.each([
  { what: 'fails', script: 'echo "no display" >&2; exit 1', message: /grab.*exit code 1.*no display/ },
  { what: 'writes nothing', script: '', message: /wrote nothing to \{file\}/ },
  { what: 'writes no PNG', script: 'echo GIF89a > "$1"', message: /not a PNG but 7 other bytes/ },
])('a command that $what is DEVICE_FAILED', async ({ script, message }) => {
  const box = fakeBox();
  box.program('grab', script);
  const display = createDisplay(createCommandCamera([box.system.program('grab') ?? '', '{file}']), on);
  await expect(display.screenshot(calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(message),
  });
});

test('an aborted screenshot is not taken', async () => {
  const display = createDisplay({ name: 'camera', take: plainPicture }, on);
  await expect(display.screenshot(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
