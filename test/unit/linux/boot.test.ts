import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootReasonOf, noteBoot, readBootId } from '../../../platform/drivers/linux/boot.ts';
import { openRecollection } from '../../../platform/drivers/linux/record.ts';
import { type FakeBox, fakeBox } from '../../support/fake-box.ts';

const calm = { crashed: false, watchdog: false };
const known = { bootId: 'boot-0' };

test.each([
  { why: 'undefined', evidence: { before: {}, ...calm }, what: 'the first start of all is not explained' },
  { why: 'power', evidence: { before: known, ...calm }, what: 'what nothing explains was the mains' },
  { why: 'reboot', evidence: { before: { ...known, going: 'reboot' as const }, ...calm }, what: 'our own reboot' },
  { why: 'power', evidence: { before: { ...known, going: 'power' as const }, ...calm }, what: 'our own power-off' },
  { why: 'watchdog', evidence: { before: known, crashed: false, watchdog: true }, what: 'the watchdog' },
  {
    why: 'reboot',
    evidence: { before: { ...known, going: 'reboot' as const }, crashed: false, watchdog: true },
    what: 'a reboot that the watchdog carried out is a reboot',
  },
  {
    why: 'crash',
    evidence: { before: { ...known, going: 'reboot' as const }, crashed: true, watchdog: true },
    what: 'a fresh crash record comes before all',
  },
])('$what: $why', ({ why, evidence }) => {
  expect(String(bootReasonOf(evidence))).toBe(why);
});

const recollectionOf = ({ root }: FakeBox) => openRecollection(join(root, 'box.json'));
const restart = (box: FakeBox, id: string) => box.put('/proc/sys/kernel/random/boot_id', `${id}\n`);

test('the reason is found out once for each start, and the agent that starts again has it from its record', () => {
  const box = fakeBox({ '/sys/class/watchdog/watchdog0/bootstatus': '0\n' });
  expect(noteBoot(box.system, recollectionOf(box))).toBeUndefined();
  restart(box, 'boot-2');
  box.put('/sys/class/watchdog/watchdog0/bootstatus', '32\n');
  expect(noteBoot(box.system, recollectionOf(box))).toBe('watchdog');
  box.put('/sys/class/watchdog/watchdog0/bootstatus', '0\n');
  expect(noteBoot(box.system, recollectionOf(box))).toBe('watchdog');
});

test('a crash record counts once, wherever it is kept', () => {
  const box = fakeBox();
  noteBoot(box.system, recollectionOf(box));
  restart(box, 'boot-2');
  box.put('/sys/fs/pstore/dmesg-ramoops-0', 'Oops#1');
  expect(noteBoot(box.system, recollectionOf(box))).toBe('crash');
  restart(box, 'boot-3');
  expect(noteBoot(box.system, recollectionOf(box))).toBe('power');
  restart(box, 'boot-4');
  box.put('/var/lib/systemd/pstore/1795300997/dmesg.txt', 'Panic');
  expect(noteBoot(box.system, recollectionOf(box))).toBe('crash');
});

test('what was in standby, and what the agent was about to do, is over with the next start', () => {
  const box = fakeBox();
  const recollection = recollectionOf(box);
  noteBoot(box.system, recollection);
  recollection.update({ going: 'reboot', standby: 'tv', volume: { percent: 37, raw: '51' } }, 'durable');
  restart(box, 'boot-2');
  const after = recollectionOf(box);
  expect(noteBoot(box.system, after)).toBe('reboot');
  expect(after.current).toMatchObject({ bootId: 'boot-2', volume: { percent: 37 } });
  expect([after.current.going, after.current.standby]).toEqual([undefined, undefined]);
});

test('a record that cannot be written or read keeps nothing from working', () => {
  const box = fakeBox();
  writeFileSync(join(box.root, 'torn.json'), '{"bootId":"bo');
  expect(openRecollection(join(box.root, 'torn.json')).current).toEqual({});
  const nowhere = openRecollection(join(box.root, 'no/such/folder/box.json'));
  expect(nowhere.update({ going: 'reboot' }, 'durable')).toBe(false);
  expect(nowhere.current.going).toBe('reboot');
});

test('without /proc there is no boot id, and it is said where it was looked for', () => {
  const box = fakeBox({ '/proc/sys/kernel/random/boot_id': '' });
  expect(() => readBootId(box.system)).toThrow(/boot_id: there is no boot id; is \/proc mounted\?/);
});
