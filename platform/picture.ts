/** What a PNG says of itself (PNG specification, third edition). */
import { inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Deflate makes at best 1 of 1032 bytes; a picture that is not far from that is of more than one colour. */
const leastRatio = 100;

/** Width and height; undefined when the bytes are not a PNG. */
export function pngSize(png: Uint8Array): { width: number; height: number } | undefined {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(signature)) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** `#000000` when every pixel has that colour; undefined when not, or when it is a PNG of a kind that no screenshot is. */
export function singleColour(png: Uint8Array): string | undefined {
  const size = pngSize(png);
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  // Eight bits a channel, red green blue with or without alpha, not interlaced.
  const channels = bytes[25] === 2 ? 3 : bytes[25] === 6 ? 4 : 0;
  if (size === undefined || bytes[24] !== 8 || channels === 0 || bytes[28] !== 0) return undefined;
  if (bytes.length > 1_000 && bytes.length * leastRatio > size.width * size.height * channels) return undefined;
  return colourOf(inflateSync(imageData(bytes)), size.width * channels, channels);
}

function imageData(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  return Buffer.concat(parts);
}

/** Undoes the filters row by row, until one differs from a row of the first pixel's colour. */
function colourOf(rows: Buffer, rowBytes: number, channels: number): string | undefined {
  const nothing = Buffer.alloc(rowBytes);
  let above = nothing;
  let expected: Buffer | undefined;
  for (let at = 0; at + rowBytes < rows.length; at += rowBytes + 1) {
    const stored = rows.subarray(at + 1, at + 1 + rowBytes);
    const filter = rows[at] ?? 0;
    // No difference from the row above, which was as expected.
    if (expected !== undefined && filter === 2 && stored.equals(nothing)) continue;
    const row = Buffer.from(stored);
    if (filter !== 0) unfilter(row, above, filter, channels);
    expected ??= Buffer.alloc(rowBytes, Buffer.from(row.subarray(0, channels)));
    if (!row.equals(expected)) return undefined;
    above = row;
  }
  return expected && `#${expected.toString('hex', 0, 3)}`;
}

/** PNG, section 9: each byte was stored as its difference from one it is likely to resemble. */
function unfilter(row: Buffer, above: Buffer, filter: number, channels: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = row[i - channels] ?? 0;
    const up = above[i]!;
    let likely = up;
    if (filter === 1) likely = left;
    else if (filter === 3) likely = (left + up) >> 1;
    else if (filter === 4) likely = paeth(left, up, above[i - channels] ?? 0);
    row[i] = row[i]! + likely;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
