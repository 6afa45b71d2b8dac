import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { updateChannels } from '../../agent/actions/update-channels.ts';
import { updateDvb } from '../../agent/actions/update-dvb.ts';
import { openLineup } from '../../agent/lineup.ts';
import { compare } from '../../agent/lineup-change.ts';
import { limits } from '../../agent/protocol/limits.ts';
import type { Lineup } from '../../agent/protocol/lineup.ts';
import { createContext, openTestBox } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const noFault = (sentence: string) => {
  throw new Error(`unexpected fault: ${sentence}`);
};

const before: Lineup = {
  channels: [
    { id: 'dr1', number: 1, name: 'DR1', reception: 'DVB', url: 'udp://239.0.0.1:1', dvb: { freq: 1, prog: 1 } },
    { id: 'dr2', number: 2, name: 'DR2', reception: 'DVB', dvb: { freq: 2, prog: 2 } },
  ],
  radio: [{ id: 'p1', number: 101, name: 'P1', url: 'http://radio.example/p1' }],
};
const after: Lineup = {
  channels: [
    { id: 'dr1', number: 1, name: 'DR1 HD', reception: 'DVB', url: 'udp://239.0.0.1:1', dvb: { freq: 1, prog: 1 } },
    { id: 'tv2', number: 3, name: 'TV2', reception: 'DVB', dvb: { freq: 3, prog: 3 } },
  ],
  radio: [{ id: 'p1', number: 101, name: 'P1', url: 'http://radio.example/p1' }],
};

test('CHANNELS replaces the line-up and reports what was added, changed and removed', async () => {
  const file = join(temporaryDirectory(), 'lineup.json');
  const store = await openLineup(file, noFault);
  const box = await openTestBox(temporaryDirectory());
  const run = (lineup: Lineup) =>
    updateChannels.run(
      {},
      createContext({ platform: box, lineup: store, headend: { fetchLineup: async () => lineup } }),
    );
  expect(await run(before)).toMatchObject({ added: 3, changed: 0, removed: 0, channels: 2, radio: 1 });
  expect(await run(after)).toEqual({
    added: 1,
    changed: 1,
    removed: 1,
    channels: 2,
    radio: 1,
    details: {
      added: [{ id: 'tv2', name: 'TV2' }],
      changed: [{ id: 'dr1', name: 'DR1 HD' }],
      removed: [{ id: 'dr2', name: 'DR2' }],
    },
  });
  expect((await openLineup(file, noFault)).current()).toEqual(after);
});

test('DVB configures the tuner and reports what was added, changed and removed', async () => {
  const file = join(temporaryDirectory(), 'lineup.json');
  const store = await openLineup(file, noFault);
  const box = await openTestBox(temporaryDirectory());
  const run = (lineup: Lineup) =>
    updateDvb.run({}, createContext({ platform: box, lineup: store, headend: { fetchLineup: async () => lineup } }));
  expect(await run(before)).toMatchObject({ added: 2, changed: 0, removed: 0, services: 2 });
  expect(await run(after)).toMatchObject({
    added: 1,
    changed: 1,
    removed: 1,
    services: 2,
    details: { added: [{ id: 'tv2', name: 'TV2' }], removed: [{ id: 'dr2', name: 'DR2' }] },
  });
  await box.tuner?.tune('tv2', AbortSignal.timeout(5_000));
  await expect(box.tuner?.tune('dr2', AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'NO_SIGNAL' });
  expect(store.current()).toEqual({ channels: [], radio: [] });
  expect((await openLineup(file, noFault)).services().map(({ channel }) => channel)).toEqual(['dr1', 'tv2']);
});

test('a line-up that cannot be fetched changes nothing', async () => {
  const store = await openLineup(join(temporaryDirectory(), 'lineup.json'), noFault);
  await store.replace(before);
  const box = await openTestBox(temporaryDirectory());
  await expect(updateChannels.run({}, createContext({ platform: box, lineup: store }))).rejects.toMatchObject({
    code: 'NOT_CONFIGURED',
  });
  expect(store.current()).toEqual(before);
});

test('a report names only the first of very many channels', () => {
  const many = Array.from({ length: 5_000 }, (_, number) => ({ id: `c${number}`, name: `Channel ${number}` }));
  const change = compare([], many);
  expect(change.added).toBe(5_000);
  expect(change.details.added).toHaveLength(limits.lineupListed);
});

test('a missing file is an empty line-up without a fault, as on a new box', async () => {
  const store = await openLineup(join(temporaryDirectory(), 'lineup.json'), noFault);
  expect(store.current()).toEqual({ channels: [], radio: [] });
  expect(store.services()).toEqual([]);
});

test.each([
  '',
  'garbage',
  '{}',
  'null',
  '{"lineup":{"channels":[{"id":1}],"radio":[]},"services":[]}',
  '{"lineup":',
  '\u0000'.repeat(100),
])('a file with %j is an empty line-up and a fault, and the next update mends it', async (content) => {
  const file = join(temporaryDirectory(), 'lineup.json');
  writeFileSync(file, content);
  const faults: string[] = [];
  const store = await openLineup(file, (sentence) => faults.push(sentence));
  expect(store.current()).toEqual({ channels: [], radio: [] });
  expect(faults).toEqual([expect.stringContaining(file)]);
  await store.replace(before);
  expect((await openLineup(file, noFault)).current()).toEqual(before);
});

test('updates at the same time do not undo each other', async () => {
  const file = join(temporaryDirectory(), 'lineup.json');
  const store = await openLineup(file, noFault);
  const services = [{ channel: 'dr1', name: 'DR1', number: 1, dvb: { freq: 1 } }];
  await Promise.all([store.replace(before), store.replaceServices(services), store.replace(after)]);
  const again = await openLineup(file, noFault);
  expect(again.current()).toEqual(after);
  expect(again.services()).toEqual(services);
});

test('a line-up that cannot be stored is STORAGE, and the old one stays, in memory and on disk', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'state', 'lineup.json');
  const store = await openLineup(file, noFault);
  await expect(store.replace(before)).rejects.toMatchObject({ code: 'STORAGE' });
  expect(store.current()).toEqual({ channels: [], radio: [] });
  expect(existsSync(file)).toBe(false);
});

test('the file is replaced as a whole and nothing is left beside it', async () => {
  const file = join(temporaryDirectory(), 'lineup.json');
  writeFileSync(file, JSON.stringify({ lineup: before, services: [] }));
  const store = await openLineup(file, noFault);
  await store.replace(after);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ lineup: after, services: [] });
  expect(existsSync(`${file}.new`)).toBe(false);
});
