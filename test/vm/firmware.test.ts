/** A/B upgrades by RAUC and GRUB; RAUC's status, the boot loader's environment and QEMU's resets are the witnesses. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { finalReports } from '../support/headend-api.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, fromBox, openBench } from './support/bench.ts';
import { corrupt, makeBundle, makeForeignKey } from './support/bundles.ts';
import { type FileServer, serveFiles } from './support/file-server.ts';
import { bootEnvironment, raucStatus } from './support/rauc-status.ts';
import { makeSlotImage, takeOverNode } from './support/slot-image.ts';

let bench: Bench;
let site: FileServer;
let directory: string;
const undo = undoList();

beforeAll(async () => {
  const { image } = inject('prepared');
  directory = temporaryDirectory(undo.after);
  const file = (name: string) => join(directory, name);
  const signed = { key: image.bundleKey, certificate: image.bundleCertificate };
  makeSlotImage(image, '1.1.0', file('slot.ext4'), temporaryDirectory(undo.after));
  const next = { slot: file('slot.ext4'), ...signed };
  makeBundle({ target: file('good.raucb'), version: '1.1.0', afterwards: takeOverNode, ...next });
  // Its agent knocks at a port where no headend is.
  const unit = '$RAUC_SLOT_MOUNT_POINT/etc/systemd/system/stb-agent.service.d';
  const lost = `mkdir -p ${unit} && printf '[Service]\\nEnvironment=STB_AGENT_UPSTREAM__WEBSOCKET__URL=ws://10.0.2.2:9\\n' >${unit}/lost.conf`;
  makeBundle({
    target: file('unreachable.raucb'),
    version: '1.2.0',
    afterwards: `${takeOverNode} && ${lost}`,
    ...next,
  });
  rmSync(file('slot.ext4'));

  // What is refused need not be whole.
  writeFileSync(file('small'), randomBytes(1024 * 1024));
  const small = { slot: file('small'), version: '6.6.6' };
  makeBundle({ target: file('foreign.raucb'), ...small, ...makeForeignKey(directory) });
  makeBundle({ target: file('other-box.raucb'), ...small, ...signed, compatible: 'another box' });
  makeBundle({ target: file('sound.raucb'), ...small, ...signed });
  copyFileSync(file('sound.raucb'), file('corrupted.raucb'));
  corrupt(file('corrupted.raucb'));

  site = await serveFiles(directory, undo.after);
  bench = await openBench(undo.after);
});
afterAll(undo.all);
afterEach(() => bench.restore());

/** Each upgrade fetches ninety megabytes, writes four times that, and starts the box once or twice. */
vi.setConfig({ testTimeout: 1_200_000 });

const upgradeTo = (bundle: string) => bench.act('FIRMWARE', { firmware: `${fromBox(site.url)}/${bundle}` });

const refusals = [
  ['foreign.raucb', 'BUNDLE_INVALID'],
  ['other-box.raucb', 'BUNDLE_INCOMPATIBLE'],
  ['corrupted.raucb', expect.stringMatching(/^(INSTALL_FAILED|BUNDLE_INVALID)$/)],
] as const;

test('what is not signed for this box or is corrupted is refused; a good bundle, its download cut in the middle, ends in the other slot, marked good, and is reported after that', async () => {
  const { guest, qmp } = bench.machine;
  await bench.startAgent();
  const before = qmp.events.length;
  for (const [bundle, code] of refusals) {
    const refused = await bench.ended(await upgradeTo(bundle));
    expect(refused, bundle).toMatchObject({ state: 'failed', error: { code } });
    expect(await raucStatus(guest), bundle).toMatchObject({ booted: 'rootfs.0', good: true, primary: 'rootfs.0' });
    expect(await bootEnvironment(guest), bundle).toMatchObject({ ORDER: 'A B', A_OK: '1', A_TRY: '0' });
  }
  expect(qmp.events.slice(before).map(({ event }) => event)).not.toContain('RESET');

  const half = Math.floor(statSync(join(directory, 'good.raucb')).size / 2);
  site.cutNextAfter(half);
  const asked = site.ranges.length;
  const id = await upgradeTo('good.raucb');
  await bench.resetDuring(id);
  const [first, second, ...more] = site.ranges.slice(asked);
  expect([first, ...more]).toEqual([null]);
  // What was on the way when the line was cut may be lost.
  const resumedAt = Number(/^bytes=(\d+)-$/.exec(second ?? '')?.[1]);
  expect(resumedAt).toBeGreaterThan(half / 2);
  expect(resumedAt).toBeLessThanOrEqual(half);

  await guest.ready();
  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'done', result: { to: '1.1.0', slot: 'rootfs.1' } });
  expect(finalReports(action)).toHaveLength(1);
  expect(await raucStatus(guest)).toMatchObject({ booted: 'rootfs.1', good: true });
  expect(await guest.read('grep IMAGE_VERSION /etc/os-release')).toBe('IMAGE_VERSION=1.1.0\n');
  expect(await bootEnvironment(guest)).toMatchObject({ ORDER: 'B A', B_OK: '1', B_TRY: '0', A_OK: '1' });
});

test('after a power cut while a firmware is written the old slot starts; a firmware whose agent cannot reach the headend falls back; each is reported once, as what it was', async () => {
  const { guest, qmp } = bench.machine;
  await bench.startAgent({ config: { 'firmware.confirm_seconds': 15 } });
  const cut = await upgradeTo('unreachable.raucb');
  await bench.inPhase(cut, 'installing');
  const sectors = async () => Number((await guest.read("awk '{print $7}' /sys/block/vda/vda4/stat")).trim());
  await until(async () => (await sectors()) * 512 > 50_000_000, 'a part of the firmware to be written', 240_000, 200);
  await qmp.execute('system_reset');
  await guest.ready();
  const interrupted = await bench.ended(cut);
  expect(interrupted).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
  expect(finalReports(interrupted)).toHaveLength(1);
  expect(await raucStatus(guest)).toMatchObject({ booted: 'rootfs.0', good: true, primary: 'rootfs.0' });

  const id = await upgradeTo('unreachable.raucb');
  await bench.resetDuring(id);
  await guest.ready();
  expect(await guest.read('cat /proc/cmdline')).toContain('rauc.slot=B');
  await bench.resetDuring(id);
  await guest.ready();
  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'failed', error: { code: 'FELL_BACK' }, result: { slot: 'rootfs.0' } });
  expect(finalReports(action)).toHaveLength(1);
  expect(await guest.read('cat /proc/cmdline')).toContain('rauc.slot=A');
  expect(await raucStatus(guest)).toMatchObject({ booted: 'rootfs.0', good: true, primary: 'rootfs.0' });
});
