import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory } from '../../../agent/upstreams/ministra-memory.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { quiet } from '../../support/upstream-box.ts';

const session = { token: 'T1', profile: { watchdogSeconds: 120, slotSeconds: 1, zone: 'UTC' } };
const admitted = { ...session, off: false };
const open = (file: string | undefined, of = 'portal mac') => openMemory(file, of, quiet);

test('a session is there again after a restart, readable for its owner only', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  await (await open(file)).save(admitted);
  expect((await open(file)).session()).toEqual(session);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a token that was withdrawn is gone, also on disk', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  const memory = await open(file);
  await memory.save(admitted);
  await memory.forgetToken();
  expect(memory.session()).toBeUndefined();
  expect(readFileSync(file, 'utf8')).not.toContain('T1');
});

test('that the box was switched off is known after a restart, also without a token', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  const memory = await open(file);
  expect(memory.isOff()).toBe(false);
  await memory.save({ ...session, off: true });
  await memory.forgetToken();
  expect((await open(file)).isOff()).toBe(true);
  await memory.save(admitted);
  expect((await open(file)).isOff()).toBe(false);
});

test('what belongs to another portal or box is not used', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  await (await open(file)).save(admitted);
  expect((await open(file, 'other')).session()).toBeUndefined();
});

test('messages shown in vain are counted until they are settled, and only so many', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  const memory = await open(file);
  await memory.shownInVain('m');
  await memory.shownInVain('m');
  expect((await open(file)).timesInVain('m')).toBe(2);
  for (let index = 0; index < 150; index += 1) void memory.shownInVain(`m${index}`);
  await memory.settled('m149');
  expect((await open(file)).timesInVain('m149')).toBe(0);
  expect((await open(file)).timesInVain('m148')).toBe(1);
  expect((await open(file)).timesInVain('m')).toBe(0);
});

test('a damaged file, and one that cannot be written, cost the session and nothing else', async () => {
  const file = join(temporaryDirectory(), 'ministra.json');
  writeFileSync(file, '{"of":7');
  const memory = await open(file);
  expect(memory.session()).toBeUndefined();
  const nowhere = await open(join(temporaryDirectory(), 'no', 'ministra.json'));
  await nowhere.save(admitted);
  expect(nowhere.session()).toEqual(session);
  expect((await open(undefined)).session()).toBeUndefined();
});
