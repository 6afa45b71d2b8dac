import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiError } from './errors.ts';

/** A gzip file begins with this byte, and no text does. */
const gzipStart = 0x1f;

/**
 * The bytes of a file, those of a gzip file unpacked, piece by piece. Throws ApiError 413 when more than `most` come in or out, and Error when they
 * cannot be unpacked.
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  most: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const pieces = limited(chunks, most);
  const first = await pieces.next();
  if (first.done) return;
  const whole = joined(first.value, pieces);
  yield* first.value[0] === gzipStart ? limited(gunzipped(whole), most) : whole;
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    // An error of either stream comes out of the second.
    yield* pipeline(Readable.from(chunks), createGunzip(), () => {});
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new Error(`the gzip file cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function* limited(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) throw new ApiError(413, 'body', `More than the ${most} bytes that are taken`);
    yield chunk;
  }
}
