import { expect, test } from 'vitest';
import { keyNames } from '../../../platform/contract.ts';
import { keyEvent } from '../../../platform/drivers/linux/chromium.ts';
import { createKeySet, evdevCodes } from '../../../platform/drivers/linux/key-sets.ts';
import { keyTable } from '../../../platform/drivers/linux/key-table.ts';
import { keyboard } from '../../../platform/drivers/linux/keyboard.ts';
import { logindTakesPowerKey } from '../../../platform/drivers/linux/logind.ts';
import { inputEvent, setup, whyNoUinput } from '../../../platform/drivers/linux/uinput.ts';
import { fakeBox } from '../../support/fake-box.ts';

test('the set linux has a code for every key but two, each once', () => {
  const codes = keyNames.map((name) => keyTable[name].linux);
  expect(keyNames.filter((name) => keyTable[name].linux === undefined)).toEqual(['NOOP', 'NULL']);
  expect(new Set(codes.filter((code) => code !== undefined)).size).toBe(53);
  expect(createKeySet('linux').evdev('RED')).toEqual({ code: 398, modifiers: [] });
});

test('the set mag has 54 keys of 45 numbers, as the portal has them', () => {
  const codes = keyNames.flatMap((name) => keyTable[name].mag ?? []);
  expect([codes.length, new Set(codes).size]).toEqual([54, 45]);
});

test('a MAG number is a key of a keyboard, with alt and shift', () => {
  const mag = createKeySet('mag');
  expect(mag.evdev('RED')).toEqual({ code: 59, modifiers: [] });
  expect(mag.evdev('INFO')).toEqual({ code: 21, modifiers: [56] });
  expect(mag.evdev('CHANNEL_PREV')).toEqual({ code: 15, modifiers: [42] });
  expect(mag.dom('INFO')).toEqual({ key: 'y', code: 'KeyY', keyCode: 89, alt: true, shift: false });
});

test('every key of the set mag can be pressed on a keyboard', () => {
  const mag = createKeySet('mag');
  for (const name of keyNames.filter((each) => each !== 'NOOP')) expect(mag.evdev(name).code, name).toBeGreaterThan(0);
});

test('a browser gets the key of UI Events, with the keyCode of the set', () => {
  const red = { key: 'ColorF0Red', code: '', alt: false, shift: false };
  expect(createKeySet('cehtml').dom('RED')).toEqual({ ...red, keyCode: 403 });
  expect(createKeySet('dom').dom('RED')).toEqual({ ...red, keyCode: 0 });
  expect(createKeySet('cehtml').dom('EXIT')).toMatchObject({ key: 'Escape', keyCode: 27 });
});

test('an exception replaces the code of its set, for a key that it lacks too', () => {
  expect(createKeySet('linux', ['RED=0x190', 'NULL=240']).evdev('RED').code).toBe(0x190);
  expect(createKeySet('linux', ['NULL=240']).evdev('NULL').code).toBe(240);
  expect(createKeySet('cehtml', ['CLOCK=500']).dom('CLOCK')).toMatchObject({ key: 'Unidentified', keyCode: 500 });
  expect(createKeySet('mag', ['INFO=112']).evdev('INFO')).toEqual({ code: 59, modifiers: [] });
});

test.each(['RED', 'RED=', 'RED=red', 'PINK=4', 'RED=-1', 'RED=99999'])(
  'the exception %j is refused with what was expected',
  (text) => expect(() => createKeySet('linux', [text])).toThrow(/expected a key's name and its code/),
);

test("a key that the set lacks, and a browser's set on a keyboard, are UNSUPPORTED", () => {
  expect(() => createKeySet('linux').evdev('NULL')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  expect(() => createKeySet('cehtml').dom('CLOCK')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  expect(() => createKeySet('dom').evdev('OK')).toThrow(/set platform\.linux\.key_set to linux or mag/);
});

test('the remote control announces every code it may press, modifiers too', () => {
  expect(evdevCodes(createKeySet('linux'))).toHaveLength(53);
  expect(evdevCodes(createKeySet('mag'))).toEqual(expect.arrayContaining([42, 56, 59]));
});

test('the keyboard knows letters, digits and function keys by their keyCode', () => {
  expect(['A', 'P', 'Z', '0', '9'].map((letter) => keyboard(letter.charCodeAt(0))?.evdev)).toEqual([
    30, 25, 44, 11, 10,
  ]);
  expect([112, 121, 122, 123].map((code) => keyboard(code)?.evdev)).toEqual([59, 68, 87, 88]);
  expect(keyboard(403)).toBeUndefined();
});

test('only what types something has a text, and alt and shift are told', () => {
  const plain = { alt: false, shift: false };
  expect(keyEvent({ key: '1', code: 'Digit1', keyCode: 49, ...plain })).toMatchObject({ text: '1', modifiers: 0 });
  expect(keyEvent({ key: 'Enter', code: 'Enter', keyCode: 13, ...plain })).toMatchObject({ text: '\r' });
  expect(keyEvent({ key: 'ArrowUp', code: 'ArrowUp', keyCode: 38, ...plain })).not.toHaveProperty('text');
  expect(keyEvent({ key: 'y', code: 'KeyY', keyCode: 89, alt: true, shift: true })).toMatchObject({ modifiers: 9 });
});

test('the structures of uinput are as long as the kernel wants them, on 32 bits too', () => {
  expect(setup()).toHaveLength(92);
  expect(setup().toString('latin1', 8, 32)).toBe('stb-agent remote control');
  const wide = inputEvent(1, 398, 1, false);
  expect([wide.length, wide.readUInt16LE(16), wide.readUInt16LE(18), wide.readInt32LE(20)]).toEqual([24, 1, 398, 1]);
  const narrow = inputEvent(1, 398, 0, true);
  expect([narrow.length, narrow.readUInt16LE(8), narrow.readUInt16LE(10), narrow.readInt32LE(12)]).toEqual([
    16, 1, 398, 0,
  ]);
});

test('why there is no uinput is told', () => {
  expect(whyNoUinput(fakeBox().system)).toMatchObject({ cure: 'load the kernel module: modprobe uinput' });
  expect(whyNoUinput(fakeBox({ '/dev/uinput': '' }).system)).toBeUndefined();
});

/** A box where logind watches event3, with these configuration files. */
const seat = (files: Record<string, string> = {}) =>
  fakeBox({
    '/run/systemd/seats/seat0': '',
    '/sys/class/input/event3/dev': '13:67\n',
    '/run/udev/tags/power-switch/c13:67': '',
    ...files,
  }).system;
const conf = (value: string) => `[Login]\n#HandlePowerKey=poweroff\nHandlePowerKey=${value}\n`;

test.each([
  { takes: true, what: 'by default', files: {} },
  { takes: false, what: 'that is told to ignore it', files: { '/etc/systemd/logind.conf': conf('ignore') } },
  {
    takes: false,
    what: 'whose drop-in says so',
    files: { '/etc/systemd/logind.conf': conf('poweroff'), '/etc/systemd/logind.conf.d/stb.conf': conf('ignore') },
  },
  {
    takes: true,
    what: 'whose drop-in is masked by one of the same name',
    files: { '/usr/lib/systemd/logind.conf.d/a.conf': conf('ignore'), '/etc/systemd/logind.conf.d/a.conf': '' },
  },
  {
    takes: true,
    what: 'whose last drop-in says otherwise',
    files: {
      '/etc/systemd/logind.conf.d/a.conf': conf('ignore'),
      '/etc/systemd/logind.conf.d/b.conf': conf('suspend'),
    },
  },
])('logind $what: it takes the power key, $takes', ({ takes, files }) => {
  expect(logindTakesPowerKey(seat(files), 'event3')).toBe(takes);
});

test('logind leaves a device alone that udev has not tagged, and where it does not run nothing is taken', () => {
  const untagged = fakeBox({ '/run/systemd/seats/seat0': '', '/sys/class/input/event3/dev': '13:67\n' });
  expect(logindTakesPowerKey(untagged.system, 'event3')).toBe(false);
  expect(logindTakesPowerKey(untagged.system, undefined)).toBe(true);
  expect(logindTakesPowerKey(fakeBox().system, 'event3')).toBe(false);
});
