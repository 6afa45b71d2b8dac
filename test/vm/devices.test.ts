/** What the agent does to the devices of a box, seen by others: ALSA's mixer, evtest, the TV at the other end of the HDMI cable. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { undoList } from '../support/undo.ts';
import { type Bench, openBench } from './support/bench.ts';
import { decodePicture, differingPixels } from './support/picture.ts';
import { kernelKeys } from './support/remote-keys.ts';
import { startWitness } from './support/witness.ts';

let bench: Bench;
const undo = undoList();
beforeAll(async () => {
  bench = await openBench(undo.after);
  await bench.startAgent({ config: { 'platform.linux.cec_device': '/dev/cec1' } });
});
afterAll(undo.all);

test('VOLUME 37: amixer reads it back, as near as the steps of the sound card come', async () => {
  expect(await bench.carryOut('VOLUME', { volume: 37 })).toMatchObject({ state: 'done', result: { volume: 37 } });
  const mixer = await bench.machine.guest.read('amixer -M -c 0 sget Master');
  const percents = [...mixer.matchAll(/\[(\d+)%\]/g)].map(([, percent]) => Number(percent));
  expect(percents).toHaveLength(2);
  for (const percent of percents) expect(Math.abs(percent - 37)).toBeLessThanOrEqual(1);
});

test('EMULATEKEYS: evtest sees every key that the kernel knows go down and up, in the order they were asked for', async () => {
  const { guest } = bench.machine;
  const device = (await guest.read(`grep -l 'stb-agent' /sys/class/input/event*/device/name`)).split('/')[4];
  const evtest = await startWitness(guest, 'keys', `evtest /dev/input/${device}`, 'Testing');
  const keys = kernelKeys.map(([name]) => name);
  expect(await bench.carryOut('EMULATEKEYS', { keys, gap: 20 })).toMatchObject({ state: 'done' });

  const last = kernelKeys.at(-1)?.[1];
  const heard = await evtest.hears(new RegExp(`EV_KEY.*\\(${last}\\), value 0`));
  const seen = [...heard.matchAll(/type 1 \(EV_KEY\), code \d+ \((\w+)\), value ([01])/g)];
  expect(seen.map(([, key, value]) => `${key} ${value}`)).toEqual(
    kernelKeys.flatMap(([, kernel]) => [`${kernel} 1`, `${kernel} 0`]),
  );
});

test('an emulated power key reaches the user interface and does not switch the box off', async () => {
  const { guest, qmp } = bench.machine;
  const bootId = await guest.read('cat /proc/sys/kernel/random/boot_id');
  const logind = await startWitness(
    guest,
    'logind',
    'journalctl -f -n 5 -u systemd-logind',
    'stb-agent remote control',
  );
  expect(await bench.carryOut('EMULATEKEYS', { keys: ['POWER'] })).toMatchObject({ state: 'done' });
  await logind.hears('Power key pressed');
  expect(await bench.carryOut('EMULATEKEYS', { keys: ['OK'] })).toMatchObject({ state: 'done' });
  expect(await guest.read('systemctl list-jobs --no-legend')).not.toMatch(/poweroff|shutdown/);
  expect(await guest.read('cat /proc/sys/kernel/random/boot_id')).toBe(bootId);
  expect(qmp.events.map(({ event }) => event)).not.toContain('SHUTDOWN');
});

test('SCREENSHOT: the picture at the headend is pixel for pixel the one that QEMU shows', async () => {
  const { guest, qmp, directory } = bench.machine;
  // In one piece: of many small writes the kernel does not bring every part from its copy to the screen.
  await guest.read('head -c 4096000 /dev/urandom >/run/pattern && dd if=/run/pattern of=/dev/fb0 bs=4096000');
  const action = await bench.carryOut('SCREENSHOT');
  expect(action).toMatchObject({ state: 'done', artifact: { contentType: 'image/png' } });
  const answer = await bench.headend.api.get(action.artifact?.url ?? '');
  const taken = await decodePicture(Buffer.from(await answer.arrayBuffer()));

  const file = join(directory, 'screen.png');
  await qmp.execute('screendump', { filename: file, format: 'png' });
  const shown = await decodePicture(readFileSync(file));
  expect([taken.width, taken.height]).toEqual([shown.width, shown.height]);
  expect(differingPixels(taken, shown)).toBe(0);
});

test('SWITCH_OFF: the TV at the other end of the HDMI cable hears standby, and the screen goes dark', async () => {
  const { guest } = bench.machine;
  // vivid's two ends: cec0 is the TV's, cec1 the box's.
  await guest.read('cec-ctl -d /dev/cec0 --tv --osd-name TV');
  const tv = await startWitness(guest, 'tv', 'cec-ctl -d /dev/cec0 --monitor-all --ignore all,poll', 'Initial Event');
  expect(await bench.carryOut('SWITCH_OFF')).toMatchObject({ state: 'done' });
  expect(await tv.heard()).toMatch(/Received from Playback Device 1 to TV.*STANDBY/);
  expect((await guest.read('cat /sys/class/drm/card0-*/dpms')).trim()).toBe('Off');
});
