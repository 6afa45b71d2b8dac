import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createHeadendClient } from '../../agent/headend-client.ts';
import { headendPace } from '../../agent/headend-request.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

const never = new AbortController().signal;
const pace = { ...headendPace, backOffMs: { first: 10, max: 50 } };
const log = pino({ level: 'silent' });
const artifact = { contentType: 'image/png', bytes: randomBytes(2_000_000) };
const sha256 = createHash('sha256').update(artifact.bytes).digest('hex');

let site: TestHeadend;
beforeAll(async () => {
  site = await openTestHeadend();
});
afterAll(() => site.close());

/** The headend behind a line that breaks after each of `bytes` sent to it, then holds. */
async function startLine(...bytes: number[]): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const { hostname, port } = new URL(site.headend.url);
  const line = createServer((near) => {
    let left = bytes[connections] ?? Number.POSITIVE_INFINITY;
    connections += 1;
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => {}).on('close', () => far.destroy() && near.destroy());
    far.pipe(near);
    near.on('data', (piece) => {
      far.write(piece.subarray(0, Math.max(0, left)));
      left -= piece.length;
      if (left <= 0) setTimeout(() => near.destroy(), 20);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void line.close());
  await once(line, 'listening');
  return { url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`, connections: () => connections };
}

test('the line-up of a real headend is one', async () => {
  const [box] = site.demo.boxes;
  const client = createHeadendClient({ url: site.headend.url, token: box?.token, log });
  const { channels, radio } = await client.fetchLineup(never);
  expect(channels.length).toBeGreaterThan(0);
  expect(radio.length).toBeGreaterThan(0);
});

test('a screenshot over a line that breaks twice arrives whole at a real headend', async () => {
  const [box] = site.demo.boxes;
  if (box === undefined) throw new Error('the demonstration has no box');
  const action = await site.act(box, 'SCREENSHOT');
  const { url, connections } = await startLine(500_000, 10_000, 900_000);
  const client = createHeadendClient({ url, token: box.token, log, pace });
  expect(await client.upload(action, artifact, never)).toEqual({ bytes: artifact.bytes.length, sha256 });
  expect(connections()).toBeGreaterThanOrEqual(4);
  const stored = await fetch(
    `${site.headend.url}/iptv/device/${box.id}/screenshot?token=${site.demo.users.admin.token}`,
  );
  expect(stored.headers.get('content-type')).toBe('image/png');
  expect(
    createHash('sha256')
      .update(Buffer.from(await stored.arrayBuffer()))
      .digest('hex'),
  ).toBe(sha256);
});

test('an artifact of an action that the box does not have is UPLOAD_FAILED at once', async () => {
  const [box] = site.demo.boxes;
  const client = createHeadendClient({ url: site.headend.url, token: box?.token, log, pace });
  const failed = client.upload('nobody', artifact, never);
  await expect(failed).rejects.toMatchObject({ code: 'UPLOAD_FAILED', message: expect.stringContaining('HTTP 404') });
});
