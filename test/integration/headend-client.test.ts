import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { DigestedArtifact } from '../../agent/artifact-upload.ts';
import { createHeadendClient, type HeadendOptions } from '../../agent/headend-client.ts';
import { headendPace } from '../../agent/headend-request.ts';
import { limits } from '../../agent/protocol/limits.ts';
import { serve } from '../support/serve.ts';

const artifact = { contentType: 'image/png', bytes: randomBytes(500_000) };
const sha256 = createHash('sha256').update(artifact.bytes).digest('hex');
const never = new AbortController().signal;
const pace = { ...headendPace, requestMs: 2_000, backOffMs: { first: 5, max: 20 }, lineupMs: 500, uploadMs: 500 };

function client(options: Omit<HeadendOptions, 'log'>) {
  return createHeadendClient({ log: pino({ level: 'silent' }), pace, token: 'secret', ...options });
}

const lineup = {
  channels: [{ id: 'dr1', number: 1, name: 'DR1', reception: 'BASE', url: 'udp://239.0.0.1:1' }],
  radio: [{ id: 'p1', number: 1, name: 'P1', url: 'http://radio.example' }],
};

test('the line-up is fetched with the token of the box', async () => {
  const url = await serve((request, response) => {
    const known = request.url === '/stb/v1/lineup' && request.headers.authorization === 'Bearer secret';
    response.writeHead(known ? 200 : 403).end(JSON.stringify(lineup));
  });
  expect(await client({ url }).fetchLineup(never)).toEqual(lineup);
});

test('a headend that fails for a moment is asked again', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    if (requests === 1) response.destroy();
    else response.writeHead(requests === 2 ? 503 : 200).end(JSON.stringify(lineup));
  });
  expect(await client({ url }).fetchLineup(never)).toEqual(lineup);
});

test.each([
  ['401 names the token', 401, 'no', /HTTP 401 no; check the box's token/],
  ['404 says so', 404, 'not found', /HTTP 404 not found/],
  ['a redirect is not followed with the token', 302, '', /HTTP 302/],
  ['what is not JSON is no line-up', 200, '<html>', /not a line-up/],
  ['what is not a line-up is none', 200, '{"channels":[{"id":7}]}', /not a line-up/],
  ['more than a line-up may have is not read', 200, 'x'.repeat(limits.lineupBytes + 1), /more than 4194304 bytes/],
])('%s: HEADEND_FAILED without asking again', async (_what, status, body, message) => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {}).end(body);
  });
  await expect(client({ url }).fetchLineup(never)).rejects.toMatchObject({
    code: 'HEADEND_FAILED',
    message: expect.stringMatching(message),
  });
  expect(requests).toBe(1);
});

test('a headend that is not there is HEADEND_FAILED after a while, with the reason', async () => {
  const failed = client({ url: 'http://127.0.0.1:1' }).fetchLineup(never);
  await expect(failed).rejects.toMatchObject({
    code: 'HEADEND_FAILED',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('without an address both calls are NOT_CONFIGURED', async () => {
  await expect(client({}).fetchLineup(never)).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
  await expect(client({}).upload('a1', artifact, never)).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
});

test('an abort ends the attempts with its reason', async () => {
  const abort = new AbortController();
  const reason = new Error('over');
  const url = await serve((_request, response) => {
    response.writeHead(503).end();
    abort.abort(reason);
  });
  await expect(client({ url }).fetchLineup(abort.signal)).rejects.toBe(reason);
});

/** A headend that stores artifacts and loses the connection where `lose` says, by the number of the request. */
async function startStore(lose: (request: number) => number | undefined) {
  let stored = Buffer.alloc(0);
  const requests: IncomingMessage['headers'][] = [];
  const url = await serve((request, response) => {
    requests.push({ ':path': request.url, ...request.headers } as IncomingMessage['headers']);
    const limit = lose(requests.length);
    const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(request.headers['content-range'] ?? '');
    const total = Number(range?.[3] ?? request.headers['content-length']);
    if (range?.[1] === undefined && range !== null) {
      const end = stored.length === 0 ? {} : { Range: `bytes=0-${stored.length - 1}` };
      if (stored.length === total) response.writeHead(200).end();
      else response.writeHead(308, end).end();
      return;
    }
    stored = stored.subarray(0, Number(range?.[1] ?? 0));
    request.on('data', (piece: Buffer) => {
      stored = Buffer.concat([stored, piece]);
      if (limit !== undefined && stored.length >= limit) request.destroy();
    });
    request.on('end', () => response.writeHead(stored.length === total ? 201 : 308).end());
    request.on('error', () => {});
  });
  return { url, requests, stored: () => stored };
}

test('an artifact is uploaded with its type and digest', async () => {
  const store = await startStore(() => undefined);
  expect(await client({ url: store.url }).upload('a/1', artifact, never)).toEqual({ bytes: 500_000, sha256 });
  expect(store.stored().equals(artifact.bytes)).toBe(true);
  expect(store.requests).toEqual([
    expect.objectContaining({
      ':path': '/stb/v1/artifacts/a%2F1',
      authorization: 'Bearer secret',
      'content-type': 'image/png',
      'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'content-length': '500000',
    }),
  ]);
});

test('an upload whose connection breaks off twice goes on from what the headend has', async () => {
  const store = await startStore((request) => ({ 1: 100_000, 3: 300_000 })[request]);
  const { url } = store;
  expect(await client({ url }).upload('a1', artifact, never)).toEqual({ bytes: 500_000, sha256 });
  expect(store.stored().equals(artifact.bytes)).toBe(true);
  const ranges = store.requests.map((headers) => headers['content-range']);
  expect(ranges).toEqual([
    undefined,
    'bytes */500000',
    expect.stringMatching(/^bytes [1-9]\d*-499999\/500000$/),
    'bytes */500000',
    expect.stringMatching(/^bytes [1-9]\d*-499999\/500000$/),
  ]);
});

test('an upload of which the headend had everything when the connection was lost is not sent again', async () => {
  let whole = false;
  const requests: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    requests.push(request.headers['content-range']);
    request.resume();
    request.on('end', () => {
      if (whole) response.writeHead(200).end();
      else response.destroy();
      whole = true;
    });
  });
  expect(await client({ url }).upload('a1', artifact, never)).toEqual({ bytes: 500_000, sha256 });
  expect(requests).toEqual([undefined, 'bytes */500000']);
});

test.each([400, 403, 404, 413])('HTTP %i is UPLOAD_FAILED without asking again', async (status) => {
  let requests = 0;
  const url = await serve((request, response) => {
    requests += 1;
    request.resume();
    request.on('end', () => response.writeHead(status).end('no'));
  });
  await expect(client({ url }).upload('a1', artifact, never)).rejects.toMatchObject({
    code: 'UPLOAD_FAILED',
    message: expect.stringContaining(`HTTP ${status} no`),
  });
  expect(requests).toBe(1);
});

/** An upstream that carries artifacts, and what it carried. */
function createCarrier(works = true) {
  const carried: (DigestedArtifact & { action: string })[] = [];
  async function fallback(action: string, each: DigestedArtifact): Promise<void> {
    if (!works) throw new Error('no upstream is up');
    carried.push({ action, ...each });
  }
  return { carried, fallback };
}

test('without an address an artifact goes over an upstream', async () => {
  const { carried, fallback } = createCarrier();
  expect(await client({ fallback }).upload('a1', artifact, never)).toEqual({ bytes: 500_000, sha256 });
  expect(carried).toEqual([{ action: 'a1', ...artifact, sha256 }]);
});

test('where the upload keeps failing it goes over an upstream', async () => {
  const { carried, fallback } = createCarrier();
  expect(await client({ url: 'http://127.0.0.1:1', fallback }).upload('a1', artifact, never)).toMatchObject({ sha256 });
  expect(carried).toHaveLength(1);
});

test('where no upstream carries it either, the upload is tried on and then UPLOAD_FAILED', async () => {
  const { fallback } = createCarrier(false);
  await expect(client({ url: 'http://127.0.0.1:1', fallback }).upload('a1', artifact, never)).rejects.toMatchObject({
    code: 'UPLOAD_FAILED',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
