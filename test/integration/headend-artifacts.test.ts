/** Artifacts on their way to the headend and back: whole, in pieces, over MQTT, damaged, and in the wrong hands. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../agent/protocol/topics.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openMqttBox, openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let box: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend();
  box = head.demo.boxes[0] as DemoBox;
});
afterAll(() => head.close());

const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64' = 'hex') =>
  createHash('sha256').update(bytes).digest(encoding);

/** A new SCREENSHOT action that has ended, so that the next one is not skipped. */
async function newAction(): Promise<string> {
  const id = await head.act(box, 'SCREENSHOT');
  await head.call(box.token, '/stb/v1/reports', { body: report(id, 'done') });
  return id;
}

async function put(
  action: string,
  body: Uint8Array | undefined,
  {
    whole = body,
    range,
    token = box.token,
    headers = {},
  }: Partial<{ whole: Uint8Array; range: string; token: string; headers: Record<string, string> }> = {},
) {
  const response = await fetch(`${head.headend.url}/stb/v1/artifacts/${action}`, {
    method: 'PUT',
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'image/png',
      ...(whole === undefined ? {} : { 'content-digest': `sha-256=:${sha256(whole, 'base64')}:` }),
      ...(range === undefined ? {} : { 'content-range': range }),
      ...headers,
    },
    body: body === undefined ? null : Buffer.from(body),
  });
  return { status: response.status, range: response.headers.get('range'), body: await response.json() };
}

const fetchArtifact = async (action: string) => {
  const response = await fetch(`${head.headend.url}/stb/v1/artifacts/${action}`, {
    headers: { authorization: `Bearer ${head.demo.users.admin.token}` },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

describe('an upload in one piece', () => {
  it('is stored and given back as it was', async () => {
    const action = await newAction();
    const bytes = randomBytes(100_000);
    expect(await put(action, bytes)).toMatchObject({ status: 201, body: { bytes: 100_000, sha256: sha256(bytes) } });
    const stored = await fetchArtifact(action);
    expect(stored).toMatchObject({ status: 200, type: 'image/png' });
    expect(stored.bytes.equals(bytes)).toBe(true);
    expect((await head.action(action)).artifact).toMatchObject({ bytes: 100_000, contentType: 'image/png' });
  });

  it('may be repeated', async () => {
    const action = await newAction();
    const bytes = randomBytes(500);
    await put(action, bytes);
    expect(await put(action, bytes)).toMatchObject({ status: 201, body: { sha256: sha256(bytes) } });
  });

  it('with another digest than its bytes is refused and thrown away', async () => {
    const action = await newAction();
    const bytes = randomBytes(500);
    expect(await put(action, bytes, { whole: randomBytes(3) })).toMatchObject({
      status: 400,
      body: { message: 'digest' },
    });
    expect((await fetchArtifact(action)).status).toBe(404);
    expect(await put(action, undefined, { whole: bytes, range: 'bytes */500' })).toMatchObject({
      status: 308,
      range: null,
    });
    expect((await put(action, bytes)).status).toBe(201);
  });

  it.each([
    ['no digest', 400, { 'content-digest': '' }],
    ['another algorithm', 400, { 'content-digest': 'md5=:AAAA:' }],
    ['a range that is none', 400, { 'content-range': 'lines 1-2/3' }],
    ['a range that ends before it begins', 400, { 'content-range': 'bytes 9-3/10' }],
    ['a range beyond the end', 400, { 'content-range': 'bytes 0-10/10' }],
    ['too many bytes', 413, { 'content-range': 'bytes 0-9/99999999' }],
  ])('with %s is answered with %i', async (_, status, headers) => {
    const answer = await put(await newAction(), randomBytes(10), { headers });
    expect(answer).toMatchObject({ status, body: { code: status } });
  });

  it("for another box's action, an unknown one, or by an operator is refused", async () => {
    const action = await newAction();
    const bytes = randomBytes(10);
    expect((await put(action, bytes, { token: head.demo.boxes[1]?.token as string })).status).toBe(404);
    expect((await put('ffffffffffffffffffffffff', bytes)).status).toBe(404);
    expect((await put(action, bytes, { token: head.demo.users.admin.token })).status).toBe(403);
  });
});

describe('an upload in pieces', () => {
  it('goes on where it was, and answers with what is there until it is whole', async () => {
    const action = await newAction();
    const whole = randomBytes(1_000);
    const piece = (start: number, end: number) =>
      put(action, whole.subarray(start, end), { whole, range: `bytes ${start}-${end - 1}/1000` });
    const ask = () => put(action, undefined, { whole, range: 'bytes */1000' });
    expect(await ask()).toMatchObject({ status: 308, range: null });
    expect(await piece(0, 400)).toMatchObject({ status: 308, range: 'bytes=0-399' });
    expect(await ask()).toMatchObject({ status: 308, range: 'bytes=0-399' });
    expect(await piece(600, 1_000)).toMatchObject({ status: 308, range: 'bytes=0-399' });
    expect(await piece(300, 700)).toMatchObject({ status: 308, range: 'bytes=0-699' });
    expect(await piece(700, 1_000)).toMatchObject({ status: 201, body: { bytes: 1_000, sha256: sha256(whole) } });
    expect(await ask()).toMatchObject({ status: 200, body: { bytes: 1_000 } });
    expect((await fetchArtifact(action)).bytes.equals(whole)).toBe(true);
  });

  it('goes on after the connection broke in the middle, and after a restart of the headend', async () => {
    const action = await newAction();
    const whole = randomBytes(200_000);
    await new Promise<void>((resolve) => {
      const sending = request(`${head.headend.url}/stb/v1/artifacts/${action}`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${box.token}`,
          'content-length': whole.length,
          'content-digest': `sha-256=:${sha256(whole, 'base64')}:`,
        },
      });
      sending.on('error', () => resolve());
      sending.write(whole.subarray(0, 120_000), () => sending.destroy());
      sending.on('close', () => resolve());
    });
    await head.restart();
    const asked = await put(action, undefined, { whole, range: 'bytes */200000' });
    expect(asked.status).toBe(308);
    const there = asked.range === null ? 0 : Number(asked.range.split('-')[1]) + 1;
    const rest = await put(action, whole.subarray(there), { whole, range: `bytes ${there}-199999/200000` });
    expect(rest).toMatchObject({ status: 201, body: { sha256: sha256(whole) } });
  });
});

describe('an artifact over MQTT', () => {
  it('is stored like any other, and belongs to an action of the box that sends it', async () => {
    const action = await newAction();
    const foreign = await head.act(head.demo.boxes[1] as DemoBox, 'SCREENSHOT');
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(300_000)]);
    const raw = await openMqttBox(head.headend, box);
    await raw.client.publishAsync(topics.artifact(box.id, foreign), png, { qos: 1 });
    await raw.client.publishAsync(topics.artifact(box.id, action), png, { qos: 1 });
    await until(async () => (await fetchArtifact(action)).status === 200, 'the artifact');
    expect(await fetchArtifact(action)).toMatchObject({ type: 'image/png', bytes: png });
    expect((await fetchArtifact(foreign)).status).toBe(404);
    await raw.close();
  });
});

it('an operator sees artifacts of its own boxes only, and screenshots only with a role that may take them', async () => {
  const action = await newAction();
  await put(action, randomBytes(10));
  const get = async (token: string) => (await head.call(token, `/stb/v1/artifacts/${action}`)).status;
  expect(await get(head.demo.users.reseller.token)).toBe(200);
  expect(await get(head.demo.users.manager.token)).toBe(403);
  expect(await get(head.demo.users.privateOwner.token)).toBe(404);
});

it('nothing but whole artifacts and half ones lie in the folder', () => {
  for (const name of readdirSync(join(head.dataDir, 'artifacts'))) expect(name).toMatch(/^[0-9a-f]{24}(\.part)?$/);
});
