import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { HttpError } from './tv-request.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** One of the page's files, from the folder `tv`: a plain name in it or in `shared`, never a path out of it. */
export async function fileOf(
  method: string | undefined,
  path: string,
): Promise<{ status: number; type: string; body: Uint8Array }> {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const type = types[extname(name)];
  if (method !== 'GET' || type === undefined || !/^(shared\/)?[a-z0-9][a-z0-9.-]*$/.test(name)) {
    throw new HttpError(404, `${method} ${path}: no such thing here`);
  }
  try {
    return { status: 200, type, body: await readFile(new URL(`./tv/${name}`, import.meta.url)) };
  } catch {
    throw new HttpError(404, `${path}: no such file`);
  }
}
