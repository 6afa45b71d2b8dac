/** Downloads over http and https to a file, resuming where an attempt broke off. */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Response } from 'node-fetch';
import { AgentError, messageOf } from './errors.ts';

/** The pace of a download. Times are milliseconds. */
export const downloadPace = {
  /** An attempt that brings nothing for so long is broken off. */
  stallMs: 30_000,
  /** Attempts in a row that bring nothing before it is given up. */
  attempts: 6,
  backOffMs: { first: 500, max: 15_000 },
  redirects: 5,
};

export type DownloadOptions = {
  maxBytes: number;
  signal: AbortSignal;
  /** Told after each piece; `total` where the server says it. */
  progress?: (received: number, total: number | undefined) => void;
  pace?: typeof downloadPace;
};

export type Downloaded = { bytes: number; sha256: string };

/**
 * Downloads `url` to `file` (mode 0600, replaced). Throws DOWNLOAD_FAILED, TOO_LARGE beyond `maxBytes`, or STORAGE; the file
 * is incomplete then. A part is kept across attempts only where the server names what it sent, by ETag or Last-Modified.
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<Downloaded> {
  const { signal, pace = downloadPace } = options;
  const part: Part = {
    handle: await open(file, 'w', 0o600),
    hash: createHash('sha256'),
    bytes: 0,
    validator: undefined,
  };
  try {
    for (let failures = 0; ; ) {
      const before = part.bytes;
      try {
        await attempt(url, part, options, pace);
        await part.handle.sync();
        return { bytes: part.bytes, sha256: part.hash.digest('hex') };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AgentError) throw error;
        failures = part.bytes > before ? 1 : failures + 1;
        if (failures >= pace.attempts) throw givenUp(url, part, failures, error);
        await wait(Math.min(pace.backOffMs.first * 2 ** (failures - 1), pace.backOffMs.max), undefined, { signal });
      }
    }
  } finally {
    await part.handle.close();
  }
}

/** What is on disk so far, and what the server called it. */
type Part = { handle: FileHandle; hash: Hash; bytes: number; validator: string | undefined };

/** Asks for the rest, or for the whole. Throws an AgentError when trying again is of no use, another error else. */
async function attempt(url: string, part: Part, options: DownloadOptions, pace: typeof downloadPace): Promise<void> {
  const { default: fetch } = await import('node-fetch');
  if (part.validator === undefined) await startOver(part);
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), pace.stallMs);
  try {
    const response = await fetch(url, {
      headers: {
        // A range counts bytes as they are sent, so nothing may compress them on the way.
        'Accept-Encoding': 'identity',
        ...(part.bytes > 0 ? { Range: `bytes=${part.bytes}-`, 'If-Range': part.validator ?? '' } : {}),
      },
      compress: false,
      follow: pace.redirects,
      signal: AbortSignal.any([options.signal, stalled.signal]),
    });
    try {
      const total = await begin(url, part, response, options.maxBytes);
      for await (const piece of response.body ?? []) {
        timer.refresh();
        await append(url, part, piece as Buffer, options.maxBytes);
        options.progress?.(part.bytes, total);
      }
      if (total !== undefined && part.bytes !== total) throw new Error(`got ${part.bytes} of ${total} bytes`);
    } finally {
      (response.body as Readable | null)?.destroy();
    }
  } catch (error) {
    throw stalled.signal.aborted ? new Error(`nothing came for ${pace.stallMs} ms`, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Judges the answer and puts the part in step with it; resolves with the size of the whole, where it is told. */
async function begin(url: string, part: Part, response: Response, maxBytes: number): Promise<number | undefined> {
  const { status, headers } = response;
  if (status === 416) {
    part.validator = undefined;
    throw new Error(`the server no longer has byte ${part.bytes}`);
  }
  if (status >= 500 || [408, 425, 429].includes(status)) throw new Error(`HTTP ${status}`);
  if (status !== 200 && status !== 206) {
    throw new AgentError('DOWNLOAD_FAILED', `${url} answered HTTP ${status} ${response.statusText}; check the URL`);
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new AgentError('DOWNLOAD_FAILED', `${url} is sent with content encoding ${encoding}; serve it as it is`);
  }
  const total = status === 206 ? await resumed(part, headers.get('content-range')) : await fromStart(part, headers);
  if (total !== undefined && total > maxBytes) throw tooLarge(url, total, maxBytes);
  return total;
}

/** RFC 9110, 15.3.7: a 206 says which bytes it brings. Any but the next ones are of no use. */
async function resumed(part: Part, range: string | null): Promise<number | undefined> {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? '');
  if (match === null || Number(match[1]) !== part.bytes) {
    part.validator = undefined;
    throw new Error(`asked for byte ${part.bytes} and later, the server sent ${range ?? 'no Content-Range'}`);
  }
  return match[2] === '*' ? undefined : Number(match[2]);
}

async function fromStart(part: Part, headers: Response['headers']): Promise<number | undefined> {
  if (part.bytes > 0) await startOver(part);
  // RFC 9110, 13.1.5: a weak ETag must not be used with If-Range.
  const etag = headers.get('etag');
  part.validator = (etag?.startsWith('"') ? etag : headers.get('last-modified')) ?? undefined;
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

async function startOver(part: Part): Promise<void> {
  await part.handle.truncate(0);
  part.bytes = 0;
  part.hash = createHash('sha256');
}

async function append(url: string, part: Part, piece: Buffer, maxBytes: number): Promise<void> {
  if (part.bytes + piece.length > maxBytes) throw tooLarge(url, part.bytes + piece.length, maxBytes);
  const at = `storing ${url} at byte ${part.bytes}`;
  const { bytesWritten } = await part.handle.write(piece, 0, piece.length, part.bytes).catch((cause) => {
    throw new AgentError('STORAGE', `${at}: ${cause}; free space on the box`, { cause });
  });
  if (bytesWritten < piece.length) throw new AgentError('STORAGE', `${at}: the disk is full; free space on the box`);
  part.hash.update(piece);
  part.bytes += piece.length;
}

function tooLarge(url: string, bytes: number, maxBytes: number): AgentError {
  return new AgentError('TOO_LARGE', `${url} has ${bytes} bytes or more, at most ${maxBytes} are taken`);
}

function givenUp(url: string, part: Part, failures: number, cause: unknown): AgentError {
  const reason = messageOf(cause);
  return new AgentError(
    'DOWNLOAD_FAILED',
    `${url}: gave up at byte ${part.bytes} after ${failures} failures in a row, the last: ${reason}; check the server and the network`,
    { cause },
  );
}
