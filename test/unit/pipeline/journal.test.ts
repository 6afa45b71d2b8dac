import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Journal, type NewAction, openJournal } from '../../../agent/pipeline/journal.ts';
import type { Report } from '../../../agent/protocol/messages.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

type Opened = { journal: Journal; directory: string; setAside: string[] };

function open(directory = temporaryDirectory(), options: Partial<Parameters<typeof openJournal>[0]> = {}): Opened {
  const setAside: string[] = [];
  const journal = openJournal({
    file: join(directory, 'journal.db'),
    keepCount: 100,
    keepDays: 30,
    onSetAside: (sentence) => setAside.push(sentence),
    ...options,
  });
  onTestFinished(() => journal.close());
  return { journal, directory, setAside };
}

function action(id: string, over: Partial<NewAction> = {}): NewAction {
  const receivedAt = Date.parse('2026-11-21T12:00:00Z');
  return {
    id,
    type: 'VOLUME',
    params: { volume: 5 },
    dueAt: null,
    expiresAt: null,
    receivedAt,
    source: 'mqtt',
    ...over,
  };
}

function report(id: string, over: Partial<Report> = {}): Report {
  return {
    v: 1,
    kind: 'report',
    report: `r-${id}`,
    id,
    type: 'VOLUME',
    state: 'done',
    at: '2026-11-21T12:00:01.000Z',
    ...over,
  };
}

test('an action that was accepted is there after the file is opened again', async () => {
  const { journal, directory } = open();
  await journal.accept(action('a'));
  journal.close();
  const again = open(directory).journal;
  expect(again.unfinished()).toMatchObject([{ id: 'a', state: 'waiting', params: { volume: 5 } }]);
});

test('a second action with the same id changes nothing and is answered with the first', async () => {
  const { journal } = open();
  await journal.accept(action('a'));
  const second = await journal.accept(action('a', { params: { volume: 99 } }));
  expect(second).toMatchObject({ duplicate: true, action: { params: { volume: 5 } } });
  expect(journal.counts().waiting).toBe(1);
});

test('two of the same id in one commit are one action', async () => {
  const { journal } = open();
  const [first, second] = await Promise.all([journal.accept(action('a')), journal.accept(action('a'))]);
  expect([first.duplicate, second.duplicate]).toEqual([false, true]);
});

test('a result is unreported until it is acknowledged, and acknowledged once', async () => {
  const { journal } = open();
  const { action: stored } = await journal.accept(action('a'));
  await journal.begin(stored, { attempt: 1, intent: undefined, durable: false });
  await journal.finish(stored, report('a'));
  expect(journal.unreported(10)).toEqual([{ seq: 1, report: report('a') }]);
  expect(await journal.acknowledge('r-a')).toBe(true);
  expect(await journal.acknowledge('r-a')).toBe(false);
  expect(journal.unreported(10)).toEqual([]);
});

test('what is done and goes on is reported twice: that it is done, and how it ended', async () => {
  const { journal, directory } = open();
  const { action: stored } = await journal.accept(action('a'));
  await journal.begin(stored, { attempt: 1, intent: {}, durable: true });
  await journal.tell(stored, report('a', { open: true }));
  expect(journal.unreported(10)).toEqual([{ seq: 1, report: report('a', { open: true }) }]);
  expect(journal.counts()).toEqual({ waiting: 0, running: 1, unreported: 1, ended: 0 });
  journal.close();
  const again = open(directory).journal;
  expect(again.unfinished()).toMatchObject([{ state: 'running', report: { open: true } }]);
  expect(await again.acknowledge('r-a')).toBe(true);
  expect(again.unreported(10)).toEqual([]);
  const last = report('a', { report: 'r-last', result: { ended: 'timeout' } });
  await again.finish(stored, last);
  expect(again.unreported(10)).toEqual([{ seq: 1, report: last }]);
  expect(await again.acknowledge('r-a')).toBe(false);
  expect(again.counts()).toEqual({ waiting: 0, running: 0, unreported: 1, ended: 1 });
});

test('a result is never replaced by a later one', async () => {
  const { journal } = open();
  const { action: stored } = await journal.accept(action('a'));
  await journal.finish(stored, report('a'));
  await journal.finish(stored, report('a', { report: 'r-other', state: 'failed' }));
  expect(journal.find('a')?.report?.state).toBe('done');
});

test('the intent survives with the running action', async () => {
  const { journal, directory } = open();
  const { action: stored } = await journal.accept(action('a', { type: 'REBOOT', params: {} }));
  await journal.begin(stored, { attempt: 1, intent: { bootId: 'x' }, durable: true });
  await journal.remember(stored, { bootId: 'x', phase: 'down' });
  journal.close();
  const again = open(directory).journal;
  expect(again.unfinished()).toMatchObject([{ state: 'running', attempt: 1, intent: { bootId: 'x', phase: 'down' } }]);
});

test('results of actions given on the box itself are not reported', async () => {
  const { journal } = open();
  const { action: stored } = await journal.accept(action('a', { source: 'local' }));
  await journal.begin(stored, { attempt: 1, intent: {}, durable: true });
  await journal.tell(stored, report('a', { open: true }));
  expect(journal.unreported(10)).toEqual([]);
  await journal.finish(stored, report('a'));
  expect(journal.unreported(10)).toEqual([]);
});

test('a damaged file is set aside, reported in a sentence, and a new journal begun', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'journal.db'), Buffer.alloc(8192, 7));
  const { journal, setAside } = open(directory);
  await journal.accept(action('a'));
  expect(setAside).toEqual([expect.stringContaining('journal.db.damaged-1')]);
  expect(readdirSync(directory)).toContain('journal.db.damaged-1');
});

test('a file damaged in the middle is found at the start', async () => {
  const directory = temporaryDirectory();
  const { journal } = open(directory);
  await Promise.all(Array.from({ length: 200 }, (_, index) => journal.accept(action(`a${index}`))));
  journal.close();
  const file = join(directory, 'journal.db');
  const { readFileSync } = await import('node:fs');
  const bytes = readFileSync(file);
  bytes.fill(0xff, 2048, bytes.length - 1024);
  writeFileSync(file, bytes);
  const { setAside } = open(directory);
  expect(setAside).toHaveLength(1);
  expect(setAside[0]).not.toContain('\n');
});

test('a directory that does not exist is a STORAGE error that names the file', () => {
  const file = join(temporaryDirectory(), 'missing', 'journal.db');
  expect(() => openJournal({ file, keepCount: 1, keepDays: 1, onSetAside: () => {} })).toThrow(
    expect.objectContaining({ code: 'STORAGE', message: expect.stringContaining(file) }),
  );
});

test('a full disk rejects the write, and the next one works again when there is space', async () => {
  let full = true;
  const { journal } = open(undefined, { isFull: () => full });
  await expect(journal.accept(action('a'))).rejects.toMatchObject({ code: 'STORAGE' });
  expect(journal.healthy()).toBe(false);
  full = false;
  await journal.accept(action('a'));
  expect(journal.healthy()).toBe(true);
});

test('old and superfluous rows are pruned, unreported ones last and unfinished ones never', async () => {
  const { journal } = open(undefined, { keepCount: 3, keepDays: 1 });
  const old = Date.parse('2026-01-01T00:00:00Z');
  const now = Date.parse('2026-11-21T12:00:00Z');
  const ended = async (id: string, receivedAt: number, acknowledge: boolean) => {
    await journal.accept(action(id, { receivedAt, report: report(id) }));
    if (acknowledge) await journal.acknowledge(`r-${id}`);
  };
  await journal.accept(action('waiting', { receivedAt: old }));
  await ended('old-reported', old, true);
  await ended('old-unreported', old, false);
  for (const id of ['new-1', 'new-2', 'new-3']) await ended(id, now, true);
  journal.prune(now);
  const kept = journal.recent(10).map(({ id }) => id);
  expect(kept.sort()).toEqual(['new-2', 'new-3', 'old-unreported', 'waiting']);
});

test('each step is told to the observer before and after its commit', async () => {
  const steps: string[] = [];
  const { journal } = open(undefined, { observe: (step, type) => steps.push(`${step} ${type}`) });
  const { action: stored } = await journal.accept(action('a'));
  await journal.begin(stored, { attempt: 1, intent: {}, durable: true });
  await journal.finish(stored, report('a'));
  await journal.acknowledge('r-a');
  expect(steps).toEqual(
    ['accept', 'begin', 'finish', 'acknowledge'].flatMap((name) => [
      `journal.${name}.before VOLUME`,
      `journal.${name}.after VOLUME`,
    ]),
  );
});

test('a refusal of an action given on the box itself is not reported either', async () => {
  const { journal } = open();
  await journal.accept(action('a', { source: 'local', report: report('a', { state: 'refused' }) }));
  expect(journal.unreported(10)).toEqual([]);
});
