import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFirmware, keepRunningSlot, readStatus } from '../../../platform/drivers/linux/firmware.ts';
import { parseFailure, parseInfo, parseProgress, parseStatus, toSlots } from '../../../platform/drivers/linux/rauc.ts';
import { openRecollection } from '../../../platform/drivers/linux/record.ts';
import { type FakeBox, fakeBox } from '../../support/fake-box.ts';

const calm = new AbortController().signal;

/** `rauc status --detailed --output-format=json` of RAUC 1.8 on a GRUB box, with what differs put in. */
const status = (slots: { B?: string; primary?: string; A?: string; version?: string; booted?: 'A' | 'B' } = {}) => {
  const { A = 'good', B = 'bad', primary = 'rootfs.0', version, booted = 'A' } = slots;
  const bundle = version === undefined ? { compatible: null } : { compatible: 'stb-vm', version };
  const slot = (name: 'A' | 'B', device: string, boot: string, more: object) => ({
    class: 'rootfs',
    device,
    type: 'ext4',
    bootname: name,
    state: name === booted ? 'booted' : 'inactive',
    parent: null,
    mountpoint: name === booted ? '/' : null,
    boot_status: boot,
    slot_status: more,
  });
  return JSON.stringify({
    ...{ compatible: 'stb-vm', variant: '', booted, boot_primary: primary },
    slots: [
      { 'rootfs.1': slot('B', '/dev/vda4', B, { bundle }) },
      { 'rootfs.0': slot('A', '/dev/vda3', A, { bundle: { compatible: null } }) },
      { 'data.0': { class: 'data', device: '/dev/vda5', bootname: null, state: 'inactive', boot_status: null } },
    ],
  });
};

test('the status names what can be booted', () => {
  expect(parseStatus(`rauc-Message: hello\n${status({ version: '1.1.0' })}`)).toEqual({
    compatible: 'stb-vm',
    primary: 'rootfs.0',
    slots: [
      { name: 'rootfs.0', slotClass: 'rootfs', booted: true, good: true, version: null },
      { name: 'rootfs.1', slotClass: 'rootfs', booted: false, good: false, version: '1.1.0' },
    ],
  });
});

test.each([
  { what: 'never written', given: {}, states: ['good', 'empty'] },
  { what: 'given up by the boot loader', given: { version: '1.1' }, states: ['good', 'bad'] },
  {
    what: 'installed and next',
    given: { B: 'good', primary: 'rootfs.1', version: '1.1' },
    trialSlot: 'rootfs.1',
    states: ['good', 'trial'],
  },
  { what: 'an old one that is good', given: { B: 'good', version: '1.1' }, states: ['good', 'good'] },
  {
    what: 'an old one that is good and next again',
    given: { B: 'good', primary: 'rootfs.1', version: '1.1' },
    states: ['good', 'good'],
  },
])('another slot that is $what: $states', ({ given, trialSlot, states }) => {
  const slots = toSlots(parseStatus(status(given)), { running: '1.0', trialSlot });
  expect(slots.map(({ state }) => state)).toEqual(states);
  expect(slots.map(({ version }) => version)).toEqual(['1.0', 'version' in given ? given.version : null]);
});

test('a running slot is on trial for as long as the agent remembers to have installed it', () => {
  const running = parseStatus(status({ booted: 'B', B: 'bad', version: '1.1' }));
  const stateOf = (memory: object) => toSlots(running, { running: '1.1', ...memory })[1]?.state;
  expect([stateOf({ trialSlot: 'rootfs.1' }), stateOf({}), stateOf({ givenUpSlot: 'rootfs.1' })]).toEqual([
    'trial',
    'good',
    'bad',
  ]);
});

test('a bundle, the progress and the reason of a failure are read', () => {
  expect(parseInfo('x\n{"compatible":"stb-vm","version":"1.1.0","images":[]}')).toEqual({
    compatible: 'stb-vm',
    version: '1.1.0',
  });
  expect([' 40% Checking bundle done.', '100% Installing done.', 'idle', '2026-11-21'].map(parseProgress)).toEqual([
    40,
    100,
    undefined,
    undefined,
  ]);
  const output =
    "installing\n  0% Installing\n100% Installing failed.\nLastError: Compatible mismatch: Expected 'a' but bundle manifest has 'b'\nidle\nInstalling `/x` failed\n";
  expect(parseFailure(output)).toBe("Compatible mismatch: Expected 'a' but bundle manifest has 'b'");
  expect(
    parseFailure(
      'rauc-Message: 10:00:00.123: Reading bundle: /x\nsignature verification failed: self-signed certificate\n',
    ),
  ).toBe('signature verification failed: self-signed certificate');
  expect(parseFailure('')).toBe('it said nothing');
});

/** A box whose rauc has a status file, and answers `info` and `install` with scripts. */
function boxWithRauc(options: { info?: string; install?: string; mark?: string } = {}): FakeBox {
  const {
    info = `echo '{"compatible":"stb-vm","version":"1.1.0"}'`,
    install = 'echo " 20% a"; echo "100% b"',
    mark = 'true',
  } = options;
  const box = fakeBox({ '/status': status() });
  box.program(
    'rauc',
    `case "$1 $2" in
  "status --detailed") cat $ROOT/status ;;
  "info "*) ${info} ;;
  "install "*) ${install} ;;
  "status mark-"*) ${mark} ;;
esac`,
  );
  return box;
}
function firmwareOf(box: FakeBox) {
  const recollection = openRecollection(join(box.root, 'box.json'));
  const rauc = box.system.program('rauc') ?? '';
  return { recollection, rauc, firmware: createFirmware({ system: box.system, recollection, rauc, running: '1.0.0' }) };
}
const raucCalls = (box: FakeBox) => box.calls().filter((call) => !/--output-format/.test(call));

test('an installation tells its progress, never back and 100 at the end, and remembers the trial before it writes', async () => {
  const box = boxWithRauc({
    install: 'cp $ROOT/box.json $ROOT/seen; for P in 0 20 10 99 100; do echo " $P% x"; done; echo "idle"',
  });
  const { firmware } = firmwareOf(box);
  const percents: number[] = [];
  expect(await firmware.install('/bundle', (percent) => percents.push(percent), calm)).toEqual({
    slot: 'rootfs.1',
    version: '1.1.0',
  });
  expect(percents).toEqual([0, 20, 99, 100]);
  expect(box.get('/seen')).toContain('"trialSlot":"rootfs.1"');
});

test.each([
  {
    what: 'a stranger',
    info: 'echo "signature verification failed: unable to get local issuer" >&2; exit 1',
    code: 'BUNDLE_INVALID',
  },
  { what: 'another box', info: `echo '{"compatible":"mag250","version":"9"}'`, code: 'BUNDLE_INCOMPATIBLE' },
])('a bundle of $what is refused before anything is written', async ({ info, code }) => {
  const box = boxWithRauc({ info });
  const { firmware } = firmwareOf(box);
  await expect(firmware.inspect('/bundle', calm)).rejects.toMatchObject({ code });
  await expect(firmware.install('/bundle', () => {}, calm)).rejects.toMatchObject({ code });
  expect(raucCalls(box)).toEqual([]);
});

test("a failed installation is told with RAUC's reason, and the next start takes the running slot", async () => {
  const failing = 'echo "LastError: Failed to write: No space left on device"; exit 1';
  const box = boxWithRauc({ install: `cp $ROOT/next $ROOT/status; ${failing}` });
  box.put('/next', status({ primary: 'rootfs.1', B: 'good', version: '1.1.0' }));
  const { firmware, recollection } = firmwareOf(box);
  await expect(firmware.install('/bundle', () => {}, calm)).rejects.toMatchObject({
    code: 'INSTALL_FAILED',
    message: expect.stringContaining('No space left on device'),
  });
  expect(raucCalls(box).at(-1)).toBe('rauc status mark-active booted');
  expect(recollection.current.trialSlot).toBeUndefined();
});

test("where the next start cannot be made to take the running slot, a failed installation says both, RAUC's reason first", async () => {
  const full = 'No space left on device';
  const box = boxWithRauc({
    install: `cp $ROOT/next $ROOT/status; echo "LastError: ${full}"; exit 1`,
    mark: 'echo "grub-editenv failed" >&2; exit 1',
  });
  box.put('/next', status({ primary: 'rootfs.1', B: 'good', version: '1.1.0' }));
  await expect(firmwareOf(box).firmware.install('/bundle', () => {}, calm)).rejects.toMatchObject({
    code: 'INSTALL_FAILED',
    message: expect.stringMatching(new RegExp(`${full}; .*the next start .*grub-editenv failed`)),
  });
});

test("an aborted installation ends, and RAUC's service with it", async () => {
  const box = boxWithRauc({ install: 'echo " 20% x"; exec sleep 60' });
  box.put('/run/systemd/system/x', '');
  box.program('systemctl');
  const { firmware } = firmwareOf(box);
  const aborting = new AbortController();
  const installing = firmware.install('/bundle', () => aborting.abort(new Error('enough')), aborting.signal);
  await expect(installing).rejects.toThrow('enough');
  expect(box.calls()).toContain('systemctl kill --signal=SIGKILL rauc.service');
});

test('while the running slot is on trial nothing is installed', async () => {
  const box = boxWithRauc();
  box.put('/status', status({ booted: 'B', version: '1.1' }));
  const { firmware, recollection } = firmwareOf(box);
  recollection.update({ trialSlot: 'rootfs.1' });
  await expect(firmware.install('/bundle', () => {}, calm)).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
  await firmware.confirm();
  expect(raucCalls(box)).toEqual(['rauc status mark-good booted']);
  expect((await firmware.slots())[1]).toMatchObject({ booted: true, state: 'good' });
});

test('a roll back makes the other slot the next one, where that is good, and marks the running one bad', async () => {
  const box = boxWithRauc();
  box.put('/status', status({ booted: 'B', primary: 'rootfs.1', B: 'bad', A: 'bad', version: '1.1' }));
  const { firmware, recollection } = firmwareOf(box);
  recollection.update({ trialSlot: 'rootfs.1' });
  await expect(firmware.rollBack()).rejects.toMatchObject({
    message: expect.stringContaining('no other slot is good'),
  });
  box.put('/status', status({ booted: 'B', primary: 'rootfs.1', B: 'bad', version: '1.1' }));
  await firmware.rollBack();
  expect(raucCalls(box)).toEqual(['rauc status mark-active rootfs.0', 'rauc status mark-bad booted']);
  expect((await firmware.slots())[1]).toMatchObject({ booted: true, state: 'bad' });
});

test('a slot on trial is rolled back to the old one, which GRUB names as primary meanwhile', async () => {
  const box = boxWithRauc();
  box.put('/status', status({ booted: 'B', primary: 'rootfs.0', B: 'bad', version: '1.1' }));
  const { firmware, recollection } = firmwareOf(box);
  recollection.update({ trialSlot: 'rootfs.1' });
  expect((await firmware.slots()).map(({ state }) => state)).toEqual(['good', 'trial']);
  await firmware.rollBack();
  expect(raucCalls(box)).toEqual(['rauc status mark-active rootfs.0', 'rauc status mark-bad booted']);
});

test('the running slot is kept at the start of the agent, unless it is on trial', async () => {
  const box = boxWithRauc();
  box.put('/status', status({ A: 'bad' }));
  const { rauc, recollection } = firmwareOf(box);
  recollection.update({ trialSlot: 'rootfs.0' });
  await keepRunningSlot(rauc, await readStatus(rauc), recollection);
  expect(raucCalls(box)).toEqual([]);
  recollection.update({ trialSlot: undefined });
  await keepRunningSlot(rauc, await readStatus(rauc), recollection);
  expect(raucCalls(box)).toEqual(['rauc status mark-good booted']);
});
