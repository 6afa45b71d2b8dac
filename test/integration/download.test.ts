import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { download, downloadPace } from '../../agent/download.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const content = randomBytes(300_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const pace = { ...downloadPace, stallMs: 300, attempts: 3, backOffMs: { first: 5, max: 20 } };

/** From some byte on: what a broken connection delivered last may be lost with it. */
const partly = expect.stringMatching(/^bytes=[1-9]\d*-$/);

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers the first request with the first of `answers`, and so on; the last stays. Resolves with the URL and what was asked. */
async function serve(...answers: Answer[]): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, requests };
}

/** The whole or the range that was asked for, as a file server answers. */
const whole: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const body = content.subarray(start);
  const range = start === 0 ? {} : { 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start === 0 ? 200 : 206, { ETag: '"one"', 'Content-Length': body.length, ...range }).end(body);
};

/** The first `bytes` of the whole, then nothing more; the connection is lost, or hangs. */
function part(bytes: number, then: 'lost' | 'hangs', headers: Record<string, string> = { ETag: '"one"' }): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'Content-Length': content.length, ...headers });
    response.write(content.subarray(0, bytes), () => {
      if (then === 'lost') setImmediate(() => response.destroy());
    });
  };
}

const status =
  (code: number): Answer =>
  (_request, response) =>
    response.writeHead(code).end('no');

function start(url: string, options: Partial<Parameters<typeof download>[2]> = {}) {
  const file = join(temporaryDirectory(), 'file');
  const signal = new AbortController().signal;
  return { file, result: download(url, file, { maxBytes: 1_000_000, signal, pace, ...options }) };
}

test('a file is downloaded with its digest and its progress, readable by its owner only', async () => {
  const { url } = await serve(whole);
  const seen: [number, number | undefined][] = [];
  const { file, result } = start(url, { progress: (received, total) => seen.push([received, total]) });
  expect(await result).toEqual({ bytes: content.length, sha256 });
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(seen.at(-1)).toEqual([content.length, content.length]);
});

test.each(['lost', 'hangs'] as const)(
  'a connection that %s in the middle is resumed from what is there',
  async (then) => {
    const { url, requests } = await serve(part(100_000, then), whole);
    const { file, result } = start(url);
    expect(await result).toEqual({ bytes: content.length, sha256 });
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.headers).toMatchObject({ range: partly, 'if-range': '"one"' });
  },
);

test('a server without ETag is resumed by Last-Modified', async () => {
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  const { url, requests } = await serve(part(100_000, 'lost', { 'Last-Modified': date }), whole);
  expect(await start(url).result).toEqual({ bytes: content.length, sha256 });
  expect(requests[1]?.headers).toMatchObject({ range: partly, 'if-range': date });
});

test.each([
  ['a weak ETag', { ETag: 'W/"one"' }],
  ['neither ETag nor Last-Modified', {}],
])('a server with %s is asked for the whole again', async (_what, headers) => {
  const { url, requests } = await serve(part(100_000, 'lost', headers as Record<string, string>), whole);
  expect(await start(url).result).toEqual({ bytes: content.length, sha256 });
  expect(requests[1]?.headers).not.toHaveProperty('range');
});

test('a file that changed in between is downloaded from its start', async () => {
  const other: Answer = (_request, response) => response.writeHead(200, { ETag: '"two"' }).end('the new one');
  const { url } = await serve(part(100_000, 'lost'), other);
  const { file, result } = start(url);
  expect(await result).toEqual({ bytes: 11, sha256: createHash('sha256').update('the new one').digest('hex') });
  expect(readFileSync(file, 'utf8')).toBe('the new one');
});

test.each([
  ['the wrong range', 206, { 'Content-Range': 'bytes 5-10/300000' }],
  ['a range without saying which', 206, {}],
  ['416', 416, {}],
])('a server that answers a resumption with %s is asked for the whole again', async (_what, code, headers) => {
  const wrong: Answer = (_request, response) =>
    response.writeHead(code, headers as Record<string, string>).end('wrong');
  const { url, requests } = await serve(part(100_000, 'lost'), wrong, whole);
  expect(await start(url).result).toEqual({ bytes: content.length, sha256 });
  expect(requests[2]?.headers).not.toHaveProperty('range');
});

test('a connection that breaks off many times is resumed as long as each attempt brings something', async () => {
  const piece: Answer = (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from === 0 ? 200 : 206, { ETag: '"one"', ...range, 'Content-Length': content.length - from });
    response.write(content.subarray(from, from + 30_000), () => {
      if (from + 30_000 < content.length) setImmediate(() => response.destroy());
    });
  };
  const { url, requests } = await serve(piece);
  const { result } = start(url, { pace: { ...pace, attempts: 20 } });
  expect(await result).toEqual({ bytes: content.length, sha256 });
  expect(requests.length).toBeGreaterThanOrEqual(10);
});

test.each([500, 502, 503, 429, 408])('HTTP %i is tried again', async (code) => {
  const { url } = await serve(status(code), whole);
  expect(await start(url).result).toEqual({ bytes: content.length, sha256 });
});

test.each([400, 401, 403, 404, 410, 304])('HTTP %i is DOWNLOAD_FAILED at once', async (code) => {
  const { url, requests } = await serve(status(code));
  await expect(start(url).result).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining(`HTTP ${code}`),
  });
  expect(requests).toHaveLength(1);
});

test('a server that only ever fails is DOWNLOAD_FAILED after some attempts, with the last reason', async () => {
  const { url, requests } = await serve(status(503));
  await expect(start(url).result).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(/gave up at byte 0 after 3 failures in a row, the last: HTTP 503/),
  });
  expect(requests).toHaveLength(3);
});

test('a server that is not there is DOWNLOAD_FAILED', async () => {
  await expect(start('http://127.0.0.1:1/file').result).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
});

test('a file that is announced too large is not downloaded at all', async () => {
  const { url } = await serve(whole);
  const { file, result } = start(url, { maxBytes: 299_999 });
  await expect(result).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(statSync(file).size).toBe(0);
});

test('a file of unknown length is cut off at the limit', async () => {
  const endless: Answer = (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 1);
    response.on('close', () => clearInterval(timer));
  };
  const { url } = await serve(endless);
  const { file, result } = start(url, { maxBytes: 100_000 });
  await expect(result).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(statSync(file).size).toBeLessThanOrEqual(100_000);
});

test('a compressed answer is refused, for its bytes are not those of the file', async () => {
  const { url } = await serve((_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x'));
  await expect(start(url).result).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('gzip'),
  });
});

test('a redirect is followed, an endless one is given up', async () => {
  const aside: Answer = (request, response) =>
    request.url === '/elsewhere' ? whole(request, response) : response.writeHead(302, { Location: '/elsewhere' }).end();
  expect(await start((await serve(aside)).url).result).toEqual({ bytes: content.length, sha256 });
  server?.close();
  const circle: Answer = (_request, response) => response.writeHead(302, { Location: '/file' }).end();
  await expect(start((await serve(circle)).url).result).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
});

test('an abort ends the download at once with its reason', async () => {
  const abort = new AbortController();
  const { url } = await serve(part(100_000, 'hangs'));
  const reason = new Error('over');
  const { result } = start(url, { signal: abort.signal, progress: () => abort.abort(reason) });
  await expect(result).rejects.toBe(reason);
});
