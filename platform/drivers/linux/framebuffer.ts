/** The picture in a framebuffer: what the console and programs without a compositor show. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { PlatformError } from '../../contract.ts';
import type { System } from './system.ts';

/** How the pixels lie: sizes in pixels, `stride` in bytes from one row to the next, `x` and `y` where the visible part begins. */
export type Geometry = { width: number; height: number; x: number; y: number; stride: number; bits: 16 | 24 | 32 };

/** Reads sysfs; throws DEVICE_FAILED for pixels it does not know. */
export function readGeometry(system: System, device: string): Geometry {
  const at = `/sys/class/graphics/${basename(device)}`;
  const numbers = (file: string) => (system.readLine(`${at}/${file}`) ?? '').split(',').map(Number);
  const [virtualWidth = 0, virtualHeight = 0] = numbers('virtual_size');
  const [bits = 0] = numbers('bits_per_pixel');
  const [x = 0, y = 0] = numbers('pan');
  // The visible part is smaller where pictures are swapped by panning: U:1280x800p-0, the mode that is set or the only one.
  const mode = system.readLine(`${at}/mode`) ?? system.readLine(`${at}/modes`) ?? '';
  const [, width = virtualWidth, height = virtualHeight] = /(\d+)x(\d+)/.exec(mode)?.map(Number) ?? [];
  const [stride = 0] = numbers('stride');
  if (width > 0 && height > 0 && (bits === 16 || bits === 24 || bits === 32)) {
    return { width, height, x, y, stride: stride > 0 ? stride : (virtualWidth * bits) / 8, bits };
  }
  throw new PlatformError(
    'DEVICE_FAILED',
    `${device}: ${width}×${height} pixels of ${bits} bits cannot be read; set platform.linux.screenshot_command`,
  );
}

/** The visible part as RGBA. */
export async function readPixels(system: System, device: string, geometry: Geometry): Promise<Uint8Array> {
  const { width, height, x, y, stride, bits } = geometry;
  const bytes = Buffer.alloc(stride * height);
  const file = await open(system.path(device), 'r');
  try {
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, y * stride + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
  } finally {
    await file.close();
  }
  return toRgba(bytes.subarray((x * bits) / 8), { width, height, stride, bits });
}

/** Blue, green, red and a byte of nothing, as x86 and most boxes have them; RGB 5-6-5 with 16 bits (linux/fb.h). */
export function toRgba(
  from: Uint8Array,
  { width, height, stride, bits }: Pick<Geometry, 'width' | 'height' | 'stride' | 'bits'>,
): Uint8Array {
  const to = new Uint8Array(width * height * 4);
  const convert = bits === 16 ? fromRgb565 : fromBgr;
  for (let row = 0; row < height; row++) convert(from, row * stride, bits / 8, to, row * width * 4, width);
  return to;
}

/** A row of pixels of three or four bytes. */
function fromBgr(from: Uint8Array, at: number, step: number, to: Uint8Array, out: number, width: number): void {
  const end = out + width * 4;
  for (let i = at, o = out; o < end; i += step, o += 4) {
    to[o] = from[i + 2]!;
    to[o + 1] = from[i + 1]!;
    to[o + 2] = from[i]!;
    to[o + 3] = 255;
  }
}

/** A row of pixels of two bytes; the high bits fill the low ones, so that white is white. */
function fromRgb565(from: Uint8Array, at: number, step: number, to: Uint8Array, out: number, width: number): void {
  const end = out + width * 4;
  for (let i = at, o = out; o < end; i += step, o += 4) {
    const pixel = from[i]! | (from[i + 1]! << 8);
    const [red, green, blue] = [pixel >> 11, (pixel >> 5) & 63, pixel & 31];
    to[o] = (red << 3) | (red >> 2);
    to[o + 1] = (green << 2) | (green >> 4);
    to[o + 2] = (blue << 3) | (blue >> 2);
    to[o + 3] = 255;
  }
}
