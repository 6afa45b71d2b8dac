import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { serveConsole } from '../../platform/drivers/simulator/console.ts';
import { openSimulator, type SimulatorSettings, type Snapshot } from '../../platform/drivers/simulator/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

async function openBox(settings: Partial<SimulatorSettings> = {}) {
  const platform = await openSimulator({
    stateFile: join(temporaryDirectory(), 'box.json'),
    tvPort: 0,
    bootMs: 0,
    ...settings,
  });
  onTestFinished(platform.close);
  const url = platform.simulator.tvUrl ?? '';
  return {
    platform,
    url,
    /** A request with any header a browser might send; resolves with status and body. */
    ask: (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
      ask(url, method, path, body, headers),
  };
}

async function ask(
  url: string,
  method: string,
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
) {
  const { hostname, port } = new URL(url);
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request({ hostname, port, method, path, agent: false, headers: { ...json, ...headers } });
  sent.on('error', () => {});
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: Number(response.statusCode),
    body: Buffer.concat(chunks),
    type: String(response.headers['content-type']),
  };
}

test('the state is what the box is', async () => {
  const { platform, ask } = await openBox({ lacks: ['tuner'] });
  await platform.audio?.setVolume(12);
  const { status, body } = await ask('GET', '/state');
  expect(status).toBe(200);
  expect(JSON.parse(String(body))).toMatchObject({
    identity: { model: 'SIM250', firmware: '1.0.0' },
    power: 'on',
    led: 'green',
    volume: 12,
    missing: { tuner: expect.any(String), firmware: expect.any(String) },
    slots: [
      { name: 'A', booted: true },
      { name: 'B', state: 'empty' },
    ],
  });
});

test('a key that is pressed on the page is pressed by the viewer', async () => {
  const { platform, ask } = await openBox();
  expect((await ask('POST', '/keys', '{"key":"VOL_UP"}')).status).toBe(200);
  expect(await platform.audio?.volume()).toBe(45);
  const key = platform.simulator.snapshot().events.find(({ event }) => event === 'key');
  expect(key?.detail).toEqual({ key: 'VOL_UP', by: 'viewer' });
});

test('faults are set, listed and cleared', async () => {
  const { platform, ask } = await openBox();
  await ask('POST', '/faults', '{"kind":"fail","capability":"audio"}');
  await ask('POST', '/faults', '{"kind":"disk-full"}');
  await expect(platform.audio?.volume()).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  expect(platform.storageFull?.()).toBe(true);
  const { body } = await ask('DELETE', '/faults?kind=disk-full');
  expect(JSON.parse(String(body))).toEqual({ faults: [{ kind: 'fail', capability: 'audio' }] });
  await ask('DELETE', '/faults');
  expect(await platform.audio?.volume()).toBe(40);
});

test('the picture is a PNG', async () => {
  const { ask } = await openBox();
  const { type, body } = await ask('GET', '/screen.png');
  expect(type).toBe('image/png');
  expect(body.subarray(1, 4).toString()).toBe('PNG');
});

test('every change comes to the page by itself', async () => {
  const { platform, url } = await openBox();
  const ending = new AbortController();
  const response = await fetch(`${url}/events`, { signal: ending.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => {});
  await until(() => text.includes('event: state'), 'the first state');
  await platform.audio?.setVolume(91);
  const newest = () => JSON.parse(text.trim().split('\n\n').at(-1)?.split('data: ')[1] ?? '{}') as Snapshot;
  await until(() => newest().volume === 91, 'the new volume');
  ending.abort();
  await reading;
});

test('the page and its files are served, and nothing else is', async () => {
  const { ask } = await openBox();
  expect(await ask('GET', '/')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  expect((await ask('GET', '/tv.js')).status).toBe(200);
  expect((await ask('GET', '/shared/keys.js')).status).toBe(200);
  for (const path of [
    '/../index.ts',
    '/%2e%2e/index.ts',
    '/..%2findex.ts',
    '/state.json',
    '//',
    '/tv/',
    '/.html',
    '/shared/',
  ]) {
    expect((await ask('GET', path)).status, path).toBe(404);
  }
  expect((await ask('PUT', '/keys', '{}')).status).toBe(404);
});

test.each([
  ['a name that only looks like this machine', 'GET', '/state', undefined, { host: 'box.example' }, 403],
  ['a foreign page', 'POST', '/keys', '{"key":"OK"}', { origin: 'http://evil.example' }, 403],
  ['a page on another port', 'POST', '/keys', '{"key":"OK"}', { origin: 'http://127.0.0.1:1' }, 403],
  ['a foreign form', 'POST', '/keys', '{"key":"OK"}', { 'content-type': 'text/plain' }, 415],
  ['no JSON', 'POST', '/keys', '{', {}, 400],
  ['a list', 'POST', '/keys', '[]', {}, 400],
  ['a key that is none', 'POST', '/keys', '{"key":"EJECT"}', {}, 422],
  ['a switch that is none', 'POST', '/power', '{"mains":"maybe"}', {}, 422],
  ['a fault that is none', 'POST', '/faults', '{"kind":"fail"}', {}, 422],
  ['a step that is none', 'POST', '/faults', '{"kind":"kill","step":"nope"}', {}, 422],
  ['a kind to clear that is none', 'DELETE', '/faults?kind=nope', undefined, {}, 422],
  ['a body without end', 'POST', '/faults', `{"kind":"${'x'.repeat(100_000)}"}`, {}, 413],
])('%s is refused', async (_, method, path, body, headers: Record<string, string>, status) => {
  const { platform, ask } = await openBox();
  const answer = await ask(method, path, body, headers);
  expect(answer.status).toBe(status);
  expect(JSON.parse(String(answer.body)).error).toEqual(expect.any(String));
  expect(platform.simulator.snapshot().events.map(({ event }) => event)).toEqual(['boot']);
});

test('the page answers while the box is booting, and opening can be given up meanwhile', async () => {
  const ending = new AbortController();
  const stateFile = join(temporaryDirectory(), 'box.json');
  const opening = openSimulator({ stateFile, tvPort: 0, bootMs: 60_000, signal: ending.signal });
  const rejected = expect(opening).rejects.toThrow('enough');
  const tvPort = await until(() => Number(JSON.parse(readFileSync(stateFile, 'utf8')).tvPort), 'the page');
  const { body } = await ask(`http://127.0.0.1:${tvPort}`, 'GET', '/state', undefined, {});
  expect(JSON.parse(String(body))).toMatchObject({ power: 'booting', led: 'orange' });
  ending.abort(new Error('enough'));
  await rejected;
});

test('the console at the end of a tunnel tells how the box is, and hangs up when asked', async () => {
  const { platform } = await openBox();
  const [there, back] = [new PassThrough(), new PassThrough()];
  serveConsole(Duplex.from({ readable: there, writable: back }), platform.simulator.snapshot);
  let said = '';
  back.on('data', (chunk) => (said += chunk));
  there.write('help\nstatus\nevents\nrm -rf /\n\nexit\n');
  await once(back, 'end');
  expect(said).toContain('Type help.');
  expect(said).toMatch(/firmware {2,}\*A 1\.0\.0 good, B - empty/);
  expect(said).toContain('Started by power');
  expect(said).toContain('rm -rf /: no such command');
  expect(said.endsWith('bye\n')).toBe(true);
});
