import { createReadStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { serve } from '../../support/serve.ts';
import type { After } from '../../support/undo.ts';

/** A web server for the files of a directory, with ranges and ETags as any has, and a line that can be cut. */
export type FileServer = {
  readonly url: string;
  /** The ranges that were asked for, in order; `null` for a request without one. */
  readonly ranges: (string | null)[];
  /** The next answer is broken off after so many bytes. */
  cutNextAfter(bytes: number): void;
};

export async function serveFiles(directory: string, after: After): Promise<FileServer> {
  const ranges: (string | null)[] = [];
  let cut: number | undefined;
  const url = await serve((request, response) => {
    const file = join(directory, basename(request.url ?? ''));
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const { size, mtimeMs } = found;
    const range = request.headers.range ?? null;
    ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      ETag: `"${size}-${mtimeMs}"`,
      'Content-Length': size - from,
      ...(from > 0 && { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
    });
    const end = cut === undefined ? size : from + cut;
    cut = undefined;
    const stream = createReadStream(file, { start: from, end: end - 1 });
    stream.pipe(response, { end: end === size });
    if (end < size) stream.on('end', () => response.socket?.end());
    response.on('close', () => stream.destroy());
  }, after);
  return {
    url,
    ranges,
    cutNextAfter(bytes) {
      cut = bytes;
    },
  };
}
