import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Journal, type NewAction, openJournal } from '../../../agent/pipeline/journal.ts';
import { openReserve } from '../../../agent/pipeline/journal-reserve.ts';
import { limits } from '../../../agent/protocol/limits.ts';
import type { Report } from '../../../agent/protocol/messages.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const { bytes, portionBytes } = limits.journalReserve;
const portions = bytes / portionBytes;

/** A journal whose disk is as full as `disk` says; only REBOOT may use the reserve. */
function open(disk: { full: boolean }, directory = temporaryDirectory()) {
  const faults: (string | null)[] = [];
  const file = join(directory, 'journal.db');
  const journal = openJournal({
    file,
    keepCount: 100,
    keepDays: 30,
    isFull: () => disk.full,
    mayUseReserve: (type) => type === 'REBOOT',
    onSetAside: () => {},
    onHealth: (fault) => faults.push(fault),
  });
  onTestFinished(() => journal.close());
  return { journal, directory, faults, reserved: () => statSync(`${file}-reserve`).size };
}

const action = (id: string, type = 'REBOOT'): NewAction => ({
  ...{ id, type, params: {}, dueAt: null, expiresAt: null },
  receivedAt: Date.parse('2026-11-21T12:00:00Z'),
  source: 'mqtt',
});
const report = (id: string): Report => ({
  ...{ v: 1, kind: 'report', report: `r-${id}`, id, type: 'REBOOT' },
  state: 'done',
  at: '2026-11-21T12:00:01.000Z',
});

/** From acceptance to the acknowledged report. */
async function live(journal: Journal, id: string): Promise<void> {
  const { action: stored } = await journal.accept(action(id));
  await journal.begin(stored, { attempt: 1, intent: { bootId: 'x' }, durable: true });
  await journal.finish(stored, report(id));
  await journal.acknowledge(`r-${id}`);
}

test('the reserve is made of blocks that are really there', () => {
  const { directory, reserved } = open({ full: false });
  expect(reserved()).toBe(bytes);
  const { blocks } = statSync(join(directory, 'journal.db-reserve'));
  // Of 512 bytes, whatever the file system's own are (stat(2)).
  expect(blocks * 512).toBeGreaterThanOrEqual(bytes);
});

test('with a full disk an action that may use the reserve is stored at its cost, and any other is not', async () => {
  const { journal, faults, reserved } = open({ full: true }, reservedDirectory());
  await expect(journal.accept(action('a', 'VOLUME'))).rejects.toMatchObject({ code: 'STORAGE' });
  expect(reserved()).toBe(bytes);
  const { action: stored } = await journal.accept(action('b'));
  expect(stored).toMatchObject({ id: 'b', state: 'waiting' });
  expect(reserved()).toBe(bytes - portionBytes);
  expect(faults).toEqual([expect.stringContaining('full')]);
  expect(journal.healthy()).toBe(false);
});

test('in one commit with others, only what may use the reserve is stored', async () => {
  const { journal } = open({ full: true }, reservedDirectory());
  const outcomes = await Promise.allSettled(
    ['VOLUME', 'REBOOT', 'JS'].map((type) => journal.accept(action(type, type))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  expect(journal.recent(10).map(({ id }) => id)).toEqual(['REBOOT']);
});

test('what room there is was given up for the few: nothing else that is new is stored before the reserve is whole again', async () => {
  const disk = { full: true };
  const { journal, reserved } = open(disk, reservedDirectory());
  await live(journal, 'a');
  expect(journal.counts()).toMatchObject({ ended: 1, unreported: 0 });
  expect((await journal.accept(action('a'))).duplicate).toBe(true);
  await expect(journal.accept(action('b', 'VOLUME'))).rejects.toMatchObject({ code: 'STORAGE' });
  expect(reserved()).toBeLessThan(bytes);
  disk.full = false;
  await journal.accept(action('b', 'VOLUME'));
  expect(reserved()).toBe(bytes);
  expect(journal.healthy()).toBe(true);
});

test('when nothing of the reserve is left, what may use it is refused as well', async () => {
  const { journal, reserved } = open({ full: true }, reservedDirectory());
  for (let portion = 0; portion < portions; portion += 1) await journal.accept(action(`a${portion}`));
  expect(reserved()).toBe(0);
  await expect(journal.accept(action('b'))).rejects.toMatchObject({ code: 'STORAGE' });
});

test('a reserve that lacks a part is filled up at the next start, unless the disk is full', () => {
  const directory = reservedDirectory();
  const file = join(directory, 'journal.db-reserve');
  truncateSync(file, portionBytes);
  open({ full: true }, directory).journal.close();
  expect(statSync(file).size).toBe(portionBytes);
  open({ full: false }, directory);
  expect(statSync(file).size).toBe(bytes);
});

test('a reserve that cannot be made is none, and nothing fails with it', () => {
  const reserve = openReserve(join(temporaryDirectory(), 'missing', 'reserve'), limits.journalReserve);
  expect([reserve.restore(), reserve.giveUp()]).toEqual([false, false]);
});

/** A state directory of an agent that ran while there was room. */
function reservedDirectory(): string {
  const { journal, directory } = open({ full: false });
  journal.close();
  return directory;
}
