import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { Json } from '../../agent/action.ts';
import { runScript } from '../../agent/actions/run-script.ts';
import { testSpeed } from '../../agent/actions/test-speed.ts';
import { upgradeFirmware } from '../../agent/actions/upgrade-firmware.ts';
import { limits } from '../../agent/protocol/limits.ts';
import { createServer as createHeadend } from '../../headend/api/server.ts';
import { ndt7 } from '../../headend/ndt7.ts';
import { createBundle } from '../../platform/drivers/simulator/bundle.ts';
import type { SimulatedPlatform } from '../../platform/drivers/simulator/index.ts';
import { type ContextParts, createContext, openTestBox, platformWith } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A file server with one file. */
async function serve(body: string | Uint8Array): Promise<string> {
  server = createServer((request, response) => {
    if (request.url?.endsWith('/missing')) return response.writeHead(404).end();
    return response.writeHead(200, { ETag: '"one"', 'Content-Length': Buffer.byteLength(body) }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('SCRIPT downloads a script and reports its exit code and both streams', async () => {
  const text = '#!/bin/sh\necho out\necho err >&2\n';
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box });
  expect(await runScript.run({ script: `${await serve(text)}/script` }, context)).toMatchObject({
    exitCode: 0,
    endedBy: 'exit',
    stdout: 'out\n',
    stderr: 'err\n',
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  expect(context.said.map(({ phase }) => phase)).toEqual(['downloading', 'running']);
});

test('a SCRIPT that fails is SCRIPT_FAILED, with its output in the result', async () => {
  const box = await openTestBox(temporaryDirectory());
  const script = `${await serve('#!/bin/sh\necho sorry\nexit 7\n')}/script`;
  await expect(runScript.run({ script }, createContext({ platform: box }))).rejects.toMatchObject({
    code: 'SCRIPT_FAILED',
    message: expect.stringContaining('exit code 7'),
    result: { exitCode: 7, endedBy: 'exit', stdout: 'sorry\n' },
  });
});

test('a SCRIPT that is too large, or not there, is not run', async () => {
  const platform = platformWith({ script: { run: () => Promise.reject(new Error('must not run')) } });
  const url = await serve(Buffer.alloc(limits.scriptBytes + 1));
  await expect(runScript.run({ script: url }, createContext({ platform }))).rejects.toMatchObject({
    code: 'TOO_LARGE',
  });
  const missing = runScript.run({ script: `${url}/missing` }, createContext({ platform }));
  await expect(missing).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
});

test('SPEEDTEST measures against the headend by default and reports the link of the box', async () => {
  const headend = await createHeadend(pino({ level: 'silent' }));
  onTestFinished(() => headend.close());
  await headend.register(ndt7);
  const url = await headend.listen({ port: 0, host: '127.0.0.1' });
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({
    platform: box,
    headend: { url },
    settings: { speedtest: { url: undefined, seconds: 1 } },
  });
  expect(await testSpeed.run({}, context)).toMatchObject({
    downloadMbps: expect.any(Number),
    uploadMbps: expect.any(Number),
    latencyMs: expect.any(Number),
    jitterMs: expect.any(Number),
    server: url.replace('http', 'ws'),
    link: await box.network?.link(),
  });
  expect(context.said[0]).toMatchObject({ phase: 'download' });
  expect(context.said.at(-1)).toMatchObject({ phase: 'upload' });
});

test('SPEEDTEST without a server is NOT_CONFIGURED', async () => {
  const context = createContext({ platform: platformWith() });
  await expect(testSpeed.run({}, context)).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
});

const keys = generateKeyPairSync('ed25519');
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const bundleKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const down = new Error('the box is down');

/** A box that trusts our bundles, opened again after each of its restarts. */
function createFirmwareBox() {
  const directory = temporaryDirectory();
  return { open: () => openTestBox(directory, { bundleKey }) };
}

function bundleFor(box: SimulatedPlatform, version = '2.0.0', behaviour: 'healthy' | 'crash' = 'healthy'): Buffer {
  const compatible = box.simulator.snapshot().identity.model;
  return createBundle({ version, compatible, payload: Buffer.alloc(100_000, 'x'), privateKey, behaviour });
}

type Parts = Omit<ContextParts, 'platform'>;

/** Runs FIRMWARE on the box until it goes down; resolves with what was committed. */
async function upgradeUntilDown(platform: SimulatedPlatform, bundle: Uint8Array, parts: Parts = {}) {
  const context = createContext({ platform, sleep: () => Promise.reject(down), ...parts });
  const prepared = (await upgradeFirmware.prepare?.({}, context)) ?? {};
  await expect(upgradeFirmware.run({ firmware: `${await serve(bundle)}/b` }, context)).rejects.toBe(down);
  await platform.close();
  return { context, prepared, intent: context.remembered.at(-1) ?? prepared };
}

/** Settles at the next start, as recovery does. */
async function settle(platform: SimulatedPlatform, intent: Json, parts: Parts = {}) {
  const context = createContext({ platform, ...parts });
  const result = upgradeFirmware.settle?.({}, context, intent) ?? Promise.reject(new Error('no settle'));
  return { context, result };
}

const unreached = () => new Promise<void>(() => {});

test('FIRMWARE: downloaded, checked, installed, restarted into, reached from, confirmed', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const [running] = (await first.firmware?.slots())?.filter(({ booted }) => booted) ?? [];
  const { context, prepared, intent } = await upgradeUntilDown(first, bundleFor(first));
  expect(prepared).toEqual({ bootId: expect.any(String), slot: running?.name, version: running?.version });
  expect(context.alones()).toBe(1);
  expect(context.remembered).toEqual([
    { ...prepared, installing: '2.0.0' },
    { ...prepared, installing: '2.0.0', installed: { slot: expect.any(String), version: '2.0.0' } },
  ]);
  const phases = [...new Set(context.said.map(({ phase }) => phase))];
  expect(phases).toEqual(['downloading', 'installing', 'rebooting']);
  for (const phase of ['downloading', 'installing']) expect(context.said).toContainEqual({ phase, percent: 100 });

  const second = await box.open();
  const { result } = await settle(second, intent);
  expect(await result).toEqual({
    from: running?.version,
    to: '2.0.0',
    slot: (intent.installed as Json).slot,
    bootIdBefore: prepared.bootId,
    bootIdAfter: await second.identity.bootId(),
  });
  expect(await second.firmware?.slots()).toContainEqual(
    expect.objectContaining({ version: '2.0.0', state: 'good', booted: true }),
  );
});

test('FIRMWARE from which no upstream is reached is given up, and the old slot reports FELL_BACK', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const { intent } = await upgradeUntilDown(first, bundleFor(first));
  const second = await box.open();
  const trial = await settle(second, intent, {
    reached: unreached,
    sleep: async (ms) => {
      if (ms === limits.goingDownMs) throw down;
    },
  });
  await expect(trial.result).rejects.toBe(down);
  expect(trial.context.slept).toEqual([5_000, limits.goingDownMs]);
  const after = trial.context.remembered.at(-1) ?? {};
  await second.close();

  const third = await box.open();
  const { result } = await settle(third, after);
  await expect(result).rejects.toMatchObject({
    code: 'FELL_BACK',
    message: expect.stringContaining('reached no upstream within 5 s'),
    result: {
      to: '2.0.0',
      slot: intent.slot,
      slots: expect.arrayContaining([expect.objectContaining({ version: '2.0.0', state: 'bad' })]),
    },
  });
});

test('FIRMWARE whose image crashes while it starts is FELL_BACK', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const { intent } = await upgradeUntilDown(first, bundleFor(first, '2.0.0', 'crash'));
  const { result } = await settle(await box.open(), intent);
  await expect(result).rejects.toMatchObject({ code: 'FELL_BACK', message: expect.stringContaining('did not start') });
});

test('FIRMWARE whose agent died before anything was written is INTERRUPTED', async () => {
  const box = createFirmwareBox();
  const platform = await box.open();
  const context = createContext({ platform });
  const prepared = (await upgradeFirmware.prepare?.({}, context)) ?? {};
  const { result } = await settle(platform, prepared);
  await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('FIRMWARE whose box lost its power before anything was written is INTERRUPTED', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const prepared = (await upgradeFirmware.prepare?.({}, createContext({ platform: first }))) ?? {};
  await first.power?.reboot();
  await first.close();
  const { result } = await settle(await box.open(), { ...prepared, installing: '2.0.0' });
  await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('FIRMWARE whose agent died between the installation and the restart goes on with the restart', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const installed = { slot: 'B', version: '2.0.0' };
  const prepared = (await upgradeFirmware.prepare?.({}, createContext({ platform: first }))) ?? {};
  const { context, result } = await settle(
    first,
    { ...prepared, installing: '2.0.0', installed },
    {
      sleep: () => Promise.reject(down),
    },
  );
  await expect(result).rejects.toBe(down);
  expect(context.alones()).toBe(1);
  await first.close();
  expect(await (await box.open()).identity.bootId()).not.toBe(prepared.bootId);
});

test('FIRMWARE whose agent died while it gave the new slot up goes on with that', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const { intent } = await upgradeUntilDown(first, bundleFor(first));
  const second = await box.open();
  const rolledBackAt = await second.identity.bootId();
  const { result } = await settle(second, { ...intent, rolledBackAt }, { sleep: () => Promise.reject(down) });
  await expect(result).rejects.toBe(down);
  await second.close();
  expect((await (await box.open()).firmware?.slots())?.find(({ booted }) => booted)?.name).toBe(intent.slot);
});

test('a box that starts a slot again that was given up is DEVICE_FAILED, not a circle of restarts', async () => {
  const box = createFirmwareBox();
  const first = await box.open();
  const { intent } = await upgradeUntilDown(first, bundleFor(first));
  const { result } = await settle(await box.open(), { ...intent, rolledBackAt: 'an earlier boot' });
  await expect(result).rejects.toMatchObject({ code: 'DEVICE_FAILED', message: expect.stringContaining('given up') });
});

type Image = Parameters<typeof createBundle>[0];

test.each([
  [
    'signed by another key',
    'BUNDLE_INVALID',
    (image: Image, other: string) => createBundle({ ...image, privateKey: other }),
  ],
  ['cut short', 'BUNDLE_INVALID', (image: Image) => createBundle(image).subarray(0, -1)],
  ['for another model', 'BUNDLE_INCOMPATIBLE', (image: Image) => createBundle({ ...image, compatible: 'other' })],
])('FIRMWARE with a bundle %s is %s, and nothing is written', async (_what, code, make) => {
  const box = createFirmwareBox();
  const platform = await box.open();
  const slots = await platform.firmware?.slots();
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const model = platform.simulator.snapshot().identity.model;
  const image = { version: '2.0.0', compatible: model, payload: Buffer.alloc(1_000), privateKey };
  const context = createContext({ platform });
  const firmware = await serve(make(image, other));
  await expect(upgradeFirmware.run({ firmware }, context)).rejects.toMatchObject({ code });
  expect(await platform.firmware?.slots()).toEqual(slots);
  expect(context.remembered).toEqual([]);
  expect(context.alones()).toBe(0);
});

test('FIRMWARE takes the configured URL, then that of the headend, and without either is NOT_CONFIGURED', async () => {
  const box = createFirmwareBox();
  const platform = await box.open();
  const asked: (string | undefined)[] = [];
  const base = await serve('');
  server?.prependListener('request', (request) => asked.push(request.url));
  const run = (parts: Parts) => upgradeFirmware.run({}, createContext({ platform, ...parts }));
  const configured = { firmware: { url: `${base}/mine`, confirmSeconds: 1 } };
  await expect(run({ settings: configured, headend: { url: base } })).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
  await expect(run({ headend: { url: base } })).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
  await expect(run({})).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
  expect(asked).toEqual(['/mine', '/stb/v1/firmware/default.bundle']);
});
