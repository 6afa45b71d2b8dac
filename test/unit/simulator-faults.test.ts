import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openBox } from '../../platform/drivers/simulator/box.ts';
import { createFaults, type Fault, parseFault } from '../../platform/drivers/simulator/faults.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const calm = new AbortController().signal;

function openFaults(environment?: string, folder = temporaryDirectory()) {
  const box = openBox({ stateFile: join(folder, 'box.json'), tvPort: undefined, bootMs: 0 });
  onTestFinished(box.close);
  const effects = { kill: vi.fn(), cutPower: vi.fn() };
  return { box, effects, folder, faults: createFaults(box, environment, effects) };
}

test('a failing capability fails, and no other', async () => {
  const { faults } = openFaults();
  faults.add({ kind: 'fail', capability: 'player' });
  await expect(faults.pass('player', calm)).rejects.toMatchObject({ code: 'PLAYBACK_FAILED' });
  await faults.pass('audio', calm);
  faults.clear('slow');
  await expect(faults.pass('player', calm)).rejects.toThrow();
  faults.clear();
  await faults.pass('player', calm);
});

test('a hanging capability ends with the signal, and with the box', async () => {
  const { box, faults } = openFaults();
  faults.add({ kind: 'hang', capability: 'ui' });
  await expect(faults.pass('ui', AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' });
  const hanging = faults.pass('ui');
  box.close();
  await expect(hanging).rejects.toThrow('the simulated box was closed');
});

test('a slow box waits before everything, a slow capability before its own', async () => {
  const { faults } = openFaults();
  faults.add({ kind: 'slow', ms: 60_000, capability: 'keys' });
  await faults.pass('audio', calm);
  await expect(faults.pass('keys', AbortSignal.timeout(20))).rejects.toThrow();
  faults.add({ kind: 'slow', ms: 60_000 });
  await expect(faults.pass('audio', AbortSignal.timeout(20))).rejects.toThrow();
});

test('the disk is full until the fault is cleared', () => {
  const { faults } = openFaults();
  faults.add({ kind: 'disk-full' });
  expect(faults.diskFull()).toBe(true);
  faults.clear('disk-full');
  expect(faults.diskFull()).toBe(false);
});

test('a fault that strikes at a step is gone from the disk before it strikes', () => {
  const { box, effects, faults, folder } = openFaults();
  faults.add({ kind: 'kill', step: 'journal.begin.before', type: 'REBOOT' });
  const onDisk: Fault[][] = [];
  effects.kill.mockImplementation(() => onDisk.push(openFaults(undefined, folder).faults.list()));
  faults.strike('journal.begin.before', 'VOLUME');
  faults.strike('journal.begin.after', 'REBOOT');
  expect(effects.kill).not.toHaveBeenCalled();
  faults.strike('journal.begin.before', 'REBOOT');
  faults.strike('journal.begin.before', 'REBOOT');
  expect(onDisk).toEqual([[]]);
  expect(box.recentEvents(1)).toMatchObject([
    { text: 'Fault: the agent is killed at journal.begin.before of REBOOT.' },
  ]);
});

test('a fault of the environment strikes once, and again when it was gone from there meanwhile', () => {
  const environment = '[{"kind":"power-cut","step":"journal.begin.after"}]';
  const folder = temporaryDirectory();
  const strikes = (given: string | undefined) => {
    const { effects, faults } = openFaults(given, folder);
    faults.strike('journal.begin.after', 'MESSAGE');
    return effects.cutPower.mock.calls.length;
  };
  expect([environment, environment, undefined, environment].map(strikes)).toEqual([1, 0, 0, 1]);
});

test.each([
  [{ kind: 'slow', ms: -1 }, /ms: expected 0 to 600000/],
  [{ kind: 'slow', ms: Number.NaN }, /ms/],
  [{ kind: 'fail' }, /capability: expected/],
  [{ kind: 'hang', capability: 'toaster' }, /capability: expected one of power, audio.*got "toaster"/],
  [{ kind: 'kill', step: 3 }, /step: expected one of .*got 3/],
  [
    { kind: 'kill', step: 'nope' },
    /step: expected one of journal\.accept\.before, .*journal\.acknowledge\.after, got "nope"/,
  ],
  [{ kind: 'power-cut', step: 'journal.begin' }, /step: expected one of/],
  [{ kind: 'kill', step: 'journal.begin.after', type: 5 }, /type: expected an action type like REBOOT, got 5/],
  [{ kind: 'kill', step: 'journal.begin.after', type: '' }, /type: expected an action type/],
  [{ kind: 'kill', step: 'journal.begin.after', type: 'reboot' }, /type: expected an action type/],
  [{ kind: 'slow', ms: 5, capabilty: 'ui' }, /a slow fault has no capabilty/],
  [{ kind: 'slow', ms: 5, capability: null }, /capability: expected one of/],
  [{ kind: 'slow', ms: '5' }, /ms: expected 0 to 600000/],
  [{ kind: 'fail', capability: 'ui', ms: 5 }, /a fail fault has no ms/],
  [{ kind: 'disk-full', capability: 'ui' }, /a disk-full fault has no capability/],
  [['slow'], /expected a fault like/],
  [{ kind: 'explode' }, /kind: expected one of slow, fail, hang, kill, power-cut, disk-full, got "explode"/],
  ['slow', /expected a fault like/],
  [null, /expected a fault like/],
])('%j is not a fault', (value, reason) => {
  expect(() => parseFault(value)).toThrow(reason);
});

test('a bad environment says where it is', () => {
  expect(() => openFaults('{')).toThrow(/^STB_SIMULATOR_FAULT: /);
});
