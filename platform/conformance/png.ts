import assert from 'node:assert/strict';
import { crc32, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Samples per pixel of each colour type (PNG specification, 11.2.2). */
const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export type Picture = { width: number; height: number /** The filtered scan lines, as inflated. */; data: Buffer };

/** Reads a PNG to the last byte: every checksum, and exactly as much picture as its header says. Fails an assertion else. */
export function decodePng(bytes: Uint8Array): Picture {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.ok(png.subarray(0, 8).equals(signature), 'it begins like a PNG');
  const parts: Buffer[] = [];
  let header: Buffer | undefined;
  let at = 8;
  let last = '';
  while (at < png.length) {
    assert.ok(at + 12 <= png.length, 'it is cut off');
    const length = png.readUInt32BE(at);
    const [type, data] = [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    assert.ok(at + 12 + length <= png.length, `its chunk ${type} is cut off`);
    assert.equal(
      png.readUInt32BE(at + 8 + length),
      crc32(png.subarray(at + 4, at + 8 + length)),
      `checksum of ${type}`,
    );
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') parts.push(data);
    last = type;
    at += 12 + length;
  }
  assert.equal(last, 'IEND', 'its last chunk');
  assert.ok(header, 'it has a header');
  return picture(header, parts);
}

function picture(header: Buffer, parts: Buffer[]): Picture {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0, , , interlaced] = header.subarray(8);
  const data = inflateSync(Buffer.concat(parts));
  const lineBytes = 1 + Math.ceil((width * depth * (samples[colour] ?? 0)) / 8);
  if (interlaced === 0) assert.equal(data.length, lineBytes * height, 'the picture is as large as its header says');
  return { width, height, data };
}
