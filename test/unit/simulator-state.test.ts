import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEventLog } from '../../platform/drivers/simulator/event-log.ts';
import { openSimulator } from '../../platform/drivers/simulator/index.ts';
import { loadState, saveState } from '../../platform/drivers/simulator/state.ts';
import { temporaryDirectory } from '../support/temporary.ts';

function newSettings() {
  return { stateFile: join(temporaryDirectory(), 'deep', 'box.json'), tvPort: undefined, bootMs: 0 };
}

test('a new box makes itself an identity that it keeps', () => {
  const settings = newSettings();
  const made = loadState(settings);
  expect(made.id).toMatch(/^[0-9a-f]{24}$/);
  expect(made.mac).toMatch(/^00:1A:79:[0-9A-F]{2}:[0-9A-F]{2}:[0-9A-F]{2}$/);
  saveState(settings.stateFile, made, true);
  expect(loadState(settings)).toEqual(made);
});

test('an identity from the settings wins over the stored one', () => {
  const settings = newSettings();
  saveState(settings.stateFile, loadState(settings), true);
  const given = { id: 'a'.repeat(24), mac: '00:1a:79:00:00:09', model: 'SIM500', name: 'Kitchen' };
  expect(loadState({ ...settings, ...given })).toMatchObject({ ...given, mac: '00:1A:79:00:00:09' });
});

test('a state file that is not one is left alone, and the error says what to do', () => {
  const settings = newSettings();
  loadState(settings);
  writeFileSync(settings.stateFile, '{"format":7}');
  expect(() => loadState(settings)).toThrow(/box\.json: format 7, expected 1; delete the file/);
  expect(readFileSync(settings.stateFile, 'utf8')).toBe('{"format":7}');
});

test('saving leaves nothing but the file', () => {
  const settings = newSettings();
  saveState(settings.stateFile, loadState(settings), true);
  expect(readdirSync(join(settings.stateFile, '..'))).toEqual(['box.json']);
});

test('a state that cannot be stored is STORAGE, with the file and the reason', () => {
  const settings = newSettings();
  const state = loadState(settings);
  expect(() => saveState(join(settings.stateFile, 'no', 'box.json'), state, true)).toThrow(
    expect.objectContaining({ code: 'STORAGE', message: expect.stringContaining('ENOENT') }),
  );
});

test('a box whose disk takes nothing starts as it was left', async () => {
  const settings = { ...newSettings(), tvPort: 0 };
  const first = await openSimulator(settings);
  const bootId = await first.identity.bootId();
  await first.close();
  // Nothing can be replaced any more: a folder stands where the new file would be written.
  for (const file of [settings.stateFile, `${settings.stateFile}.events`]) mkdirSync(`${file}.new`);
  const second = await openSimulator(settings);
  onTestFinished(() => second.close());
  expect(await second.identity.bootId()).toBe(bootId);
});

test('the log goes on after a start, keeps the newest, and skips a line that a kill has torn', () => {
  const file = join(temporaryDirectory(), 'events');
  const entry = (text: string) => ({ bootId: 'b', event: 'key', text }) as const;
  const first = openEventLog(file, 3);
  for (const text of ['one', 'two', 'three', 'four']) first.append(entry(text));
  expect(first.recent(2).map(({ text }) => text)).toEqual(['three', 'four']);
  appendFileSync(file, '{"seq":5,"te');
  const second = openEventLog(file, 3);
  second.append(entry('five'));
  expect(second.recent(10).map(({ seq, text }) => [seq, text])).toEqual([
    [3, 'three'],
    [4, 'four'],
    [5, 'five'],
  ]);
});
