import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Artifact } from '../../agent/action.ts';
import { debugUi } from '../../agent/actions/debug-ui.ts';
import { openManagement } from '../../agent/actions/open-management.ts';
import { pressKeys } from '../../agent/actions/press-keys.ts';
import { reloadUi } from '../../agent/actions/reload-ui.ts';
import { runJs } from '../../agent/actions/run-js.ts';
import { setVolume } from '../../agent/actions/set-volume.ts';
import { takeScreenshot } from '../../agent/actions/take-screenshot.ts';
import { keyNames } from '../../agent/protocol/keys.ts';
import { limits } from '../../agent/protocol/limits.ts';
import {
  type Audio,
  type Keys,
  type Management,
  PlatformError,
  type TunnelTarget,
  type Ui,
} from '../../platform/contract.ts';
import { createContext, openTestBox, platformWith } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';

test('VOLUME sets the volume and reports what was read back', async () => {
  const box = await openTestBox(temporaryDirectory());
  expect(await setVolume.run({ volume: 37 }, createContext({ platform: box }))).toEqual({ volume: 37 });
  expect(await box.audio?.volume()).toBe(37);
});

test.each([
  [50, 51, 'done'],
  [50, 49, 'done'],
  [50, 52, 'DEVICE_FAILED'],
  [0, 100, 'DEVICE_FAILED'],
])('VOLUME %i read back as %i is %s', async (asked, has, outcome) => {
  const audio: Partial<Audio> = { setVolume: async () => has };
  const run = setVolume.run({ volume: asked }, createContext({ platform: platformWith({ audio: audio as Audio }) }));
  if (outcome === 'done') expect(await run).toEqual({ volume: has });
  else await expect(run).rejects.toMatchObject({ code: outcome, result: { volume: has } });
});

test('EMULATEKEYS presses all 55 keys in order, with the gap between them', async () => {
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box, settings: { keyGapMs: 70 } });
  const result = await pressKeys.run({ keys: [...keyNames] }, context);
  expect(result).toEqual({ pressed: [...keyNames], ms: expect.any(Number) });
  expect(context.slept).toEqual(keyNames.slice(1).map(() => 70));
});

test('the gap of the action wins over the configured one, and the deadline has room for every key', async () => {
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box, settings: { keyGapMs: 70 } });
  const params = { keys: ['NUM1' as const, 'OK' as const], gap: 500 };
  await pressKeys.run(params, context);
  expect(context.slept).toEqual([500]);
  expect(pressKeys.deadlineMs(params, context.settings)).toBeGreaterThan(1_000);
});

test('a key that fails ends it, and the report lists those that were pressed', async () => {
  const pressed: string[] = [];
  const keys: Keys = {
    async press(key) {
      if (key === 'OK') throw new PlatformError('DEVICE_FAILED', 'the input device is gone');
      pressed.push(key);
    },
  };
  const context = createContext({ platform: platformWith({ keys }) });
  await expect(pressKeys.run({ keys: ['NUM1', 'NUM2', 'OK', 'NUM3'] }, context)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: 'key 3, OK: the input device is gone',
    result: { pressed: ['NUM1', 'NUM2'] },
  });
  expect(pressed).toEqual(['NUM1', 'NUM2']);
});

test('SCREENSHOT uploads the picture and reports its size and digest', async () => {
  const box = await openTestBox(temporaryDirectory());
  const uploads: { action: string; artifact: Artifact }[] = [];
  const headend = {
    async upload(action: string, artifact: Artifact) {
      uploads.push({ action, artifact });
      const sha256 = createHash('sha256').update(artifact.bytes).digest('hex');
      return { bytes: artifact.bytes.length, sha256 };
    },
  };
  const context = createContext({ platform: box, headend });
  const result = await takeScreenshot.run({}, context);
  const [upload] = uploads;
  expect(upload).toMatchObject({ action: 'action-1', artifact: { contentType: 'image/png' } });
  const png = Buffer.from(upload?.artifact.bytes ?? []);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(result).toEqual({
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    bytes: png.length,
    sha256: createHash('sha256').update(png).digest('hex'),
    contentType: 'image/png',
  });
});

test('UI reloads the user interface', async () => {
  const box = await openTestBox(temporaryDirectory());
  expect(await reloadUi.run({}, createContext({ platform: box }))).toEqual({ ms: expect.any(Number) });
  expect(box.simulator.snapshot().events.map(({ event }) => event)).toContain('ui-reload');
});

test.each([
  ['1 + 1', 2],
  ['({ a: [1, "x", null] })', { a: [1, 'x', null] }],
  ['undefined', null],
])('JS %s reports its value', async (js, value) => {
  const box = await openTestBox(temporaryDirectory());
  expect(await runJs.run({ js }, createContext({ platform: box }))).toEqual({ value });
});

test('JS that throws is SCRIPT_ERROR with the exception', async () => {
  const box = await openTestBox(temporaryDirectory());
  const run = runJs.run({ js: 'throw new Error("broken")' }, createContext({ platform: box }));
  await expect(run).rejects.toMatchObject({ code: 'SCRIPT_ERROR', message: expect.stringContaining('broken') });
});

test('JS whose value is larger than a report may be is TOO_LARGE', async () => {
  const box = await openTestBox(temporaryDirectory());
  const js = `"x".repeat(${limits.jsResultBytes})`;
  await expect(runJs.run({ js }, createContext({ platform: box }))).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test.each([
  ['debug.example:9000', '', 'debug.example:9000'],
  ['debug.example', '', 'debug.example:8080'],
  ['[::1]', '', '[::1]:8080'],
  ['[::1]:99', '', '[::1]:99'],
  ['', 'default.example', 'default.example:8080'],
  ['', 'default.example:81', 'default.example:81'],
])('UIDEBUG with %j and the default %j connects to %s', async (debugserver, debugServer, expected) => {
  const servers: string[] = [];
  const ui: Partial<Ui> = {
    async debug(server) {
      servers.push(server);
    },
  };
  const context = createContext({ platform: platformWith({ ui: ui as Ui }), settings: { debugServer } });
  expect(await debugUi.run({ debugserver }, context)).toEqual({ server: expected });
  expect(servers).toEqual([expected]);
});

test('UIDEBUG without a server and without a default is NOT_CONFIGURED', async () => {
  const context = createContext({ platform: platformWith() });
  await expect(debugUi.run({ debugserver: '' }, context)).rejects.toMatchObject({ code: 'NOT_CONFIGURED' });
});

const host = { host: 'manage.example', sshPort: 2222, user: 'stb', privateKey: 'key', hostKey: 'ssh-ed25519 AAAA' };

test('MANAGEMENT opens a tunnel to the configured host and reports when it closes', async () => {
  const targets: TunnelTarget[] = [];
  const management: Management = {
    tunnels: () => [],
    async openTunnel(target) {
      targets.push(target);
      return { ...target, closesAt: Date.parse('2026-11-21T12:00:00Z'), close: async () => {} };
    },
  };
  const platform = platformWith({ management });
  const context = createContext({ platform, settings: { management: host } });
  expect(await openManagement.run({ port: 1024 }, context)).toEqual({
    host: 'manage.example',
    port: 1024,
    closesAt: '2026-11-21T12:00:00.000Z',
  });
  await openManagement.run({ port: 1025, lifetime: 60 }, context);
  const { sshPort, ...rest } = host;
  expect(targets).toEqual([
    { ...rest, port: sshPort, remotePort: 1024, lifetimeMs: limits.tunnelSeconds.default * 1000 },
    { ...rest, port: sshPort, remotePort: 1025, lifetimeMs: 60_000 },
  ]);
});

test('MANAGEMENT at a port that is taken gets another one from the host', async () => {
  const asked: number[] = [];
  const management: Management = {
    tunnels: () => [],
    async openTunnel(target) {
      asked.push(target.remotePort);
      if (target.remotePort !== 0) throw new PlatformError('TUNNEL_FAILED', 'the port is taken');
      return { ...target, remotePort: 40_000, closesAt: 0, close: async () => {} };
    },
  };
  const context = createContext({ platform: platformWith({ management }), settings: { management: host } });
  expect(await openManagement.run({ port: 1024 }, context)).toMatchObject({ port: 40_000 });
  expect(asked).toEqual([1024, 0]);
});

test('MANAGEMENT that fails at any port reports the first reason', async () => {
  const management: Management = {
    tunnels: () => [],
    openTunnel: (target) => Promise.reject(new PlatformError('TUNNEL_FAILED', `port ${target.remotePort} failed`)),
  };
  const context = createContext({ platform: platformWith({ management }), settings: { management: host } });
  await expect(openManagement.run({ port: 1024 }, context)).rejects.toThrow('port 1024 failed');
});

test('MANAGEMENT without a management host is NOT_CONFIGURED and names the keys', async () => {
  const context = createContext({ platform: platformWith() });
  await expect(openManagement.run({ port: 1024 }, context)).rejects.toMatchObject({
    code: 'NOT_CONFIGURED',
    message: expect.stringContaining('management.host'),
  });
});
