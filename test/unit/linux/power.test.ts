import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Audio } from '../../../platform/contract.ts';
import { findTv, parseAdapter, parseFault } from '../../../platform/drivers/linux/cec.ts';
import {
  createPower,
  findRestarter,
  parseJobs,
  type Restarter,
  shutdownUnderWay,
} from '../../../platform/drivers/linux/power.ts';
import { isMissing } from '../../../platform/drivers/linux/probe.ts';
import { openRecollection } from '../../../platform/drivers/linux/record.ts';
import { findScreens } from '../../../platform/drivers/linux/screen-blank.ts';
import { type FakeBox, fakeBox } from '../../support/fake-box.ts';

/** `cec-ctl -d DEVICE` of an HDMI output (vivid), before and after it has claimed an address. */
const adapter = (physical: string, mask: string) => `Driver Info:
	Driver Name                : vivid
	Available Logical Addresses: 4
	Physical Address           : ${physical}
	Logical Address Mask       : ${mask}
	CEC Version                : 2.0
	Logical Addresses          : 0 
`;
const sent = '\nTransmit from Playback Device 1 to TV (4 to 0):\nSTANDBY (0x36)\n\tSequence: 5 Tx Timestamp: 76.717s\n';
const unheard = `${sent}\tTx, Not Acknowledged (4), Max Retries\n`;

async function powerOf(box: FakeBox, more: { audio?: Audio; stopPlayback?: () => Promise<void> } = {}) {
  const restarter: Restarter = { name: 'test', reboot: ['/bin/true'], powerOff: ['/bin/false'] };
  const recollection = openRecollection(join(box.root, 'box.json'));
  const [screens, tv] = [findScreens(box.system), await findTv(box.system, undefined)];
  return {
    recollection,
    power: createPower({
      recollection,
      restarter,
      screens,
      tv,
      audio: more.audio,
      stopPlayback: more.stopPlayback ?? (async () => {}),
    }),
  };
}

/** A box with a framebuffer whose blanking turns a DRM connector off, and a TV that hears or does not. */
function boxWithScreen(): FakeBox {
  return fakeBox({
    '/sys/class/graphics/fb0/blank': '',
    '/sys/class/drm/card0-HDMI-A-1/status': 'connected\n',
    '/sys/class/drm/card0-HDMI-A-1/dpms': 'On\n',
    '/sys/class/drm/card0-HDMI-A-2/status': 'disconnected\n',
    '/sys/class/drm/card0-HDMI-A-2/dpms': 'Off\n',
  });
}
function addTv(box: FakeBox, answer: string): void {
  box.put('/dev/cec0', '');
  box.put('/answer', answer);
  box.put('/info', adapter('1.0.0.0', '0x0000'));
  box.program('cec-ctl', 'case "$*" in *--to*|*--active*) cat $ROOT/answer ;; *) cat $ROOT/info ;; esac');
}

test('systemd restarts the box where it runs, plain commands elsewhere, and a link to systemctl is none', () => {
  const box = fakeBox({ '/run/systemd/system/x': '' });
  box.program('systemctl');
  expect(findRestarter(box.system)).toMatchObject({
    name: 'systemd',
    reboot: [expect.stringMatching(/systemctl$/), 'reboot'],
  });
  const plain = fakeBox();
  for (const name of ['reboot', 'poweroff']) plain.program(name);
  expect(findRestarter(plain.system)).toMatchObject({ reboot: [expect.stringMatching(/bin\/reboot$/)] });
  const container = fakeBox();
  container.program('systemctl');
  for (const name of ['reboot', 'poweroff']) container.link(`/usr/sbin/${name}`, '../bin/systemctl');
  expect(isMissing(findRestarter(container.system))).toBe(true);
});

test('what the agent is about to do is on record before it is done, and not when it failed', async () => {
  const { power, recollection } = await powerOf(fakeBox());
  await power.reboot();
  expect(recollection.current.going).toBe('reboot');
  await expect(power.powerOff()).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  expect(recollection.current.going).toBeUndefined();
});

test('standby blanks the screen and sends the TV to sleep; the state is what the display says', async () => {
  const box = boxWithScreen();
  addTv(box, sent);
  const { power } = await powerOf(box);
  box.put('/sys/class/drm/card0-HDMI-A-1/dpms', 'Off\n');
  await power.wake();
  expect(await power.state()).toBe('standby');
  box.put('/sys/class/drm/card0-HDMI-A-1/dpms', 'On\n');
  await power.standby();
  expect(box.get('/sys/class/graphics/fb0/blank')).toBe('4');
  expect(
    box
      .calls()
      .slice(-3)
      .map((call) => call.replace(/\/\S*\/dev/, '/dev')),
  ).toEqual([
    'cec-ctl -d /dev/cec0',
    'cec-ctl -d /dev/cec0 --playback --osd-name STB',
    'cec-ctl -d /dev/cec0 --skip-info --to 0 --standby',
  ]);
});

test('where only the TV can sleep, standby is remembered over a restart of the agent', async () => {
  const box = fakeBox();
  addTv(box, sent);
  await (await powerOf(box)).power.standby();
  const { power } = await powerOf(box);
  expect(await power.state()).toBe('standby');
  await power.wake();
  expect(await power.state()).toBe('on');
  expect(box.calls().at(-1)).toContain('--active-source phys-addr=1.0.0.0');
});

test('the sound is off in standby and playback is over; both failing keeps nothing', async () => {
  const box = boxWithScreen();
  const heard: string[] = [];
  const audio = { setMuted: async (muted: boolean) => void heard.push(`muted ${muted}`) } as Audio;
  const stopPlayback = async () => Promise.reject(new Error('no player'));
  const { power, recollection } = await powerOf(box, { audio, stopPlayback });
  box.put('/sys/class/drm/card0-HDMI-A-1/status', 'unknown\n');
  await power.standby();
  expect(recollection.current.standby).toBe('screen');
  await power.wake();
  expect(heard).toEqual(['muted true', 'muted false']);
});

test('a TV that does not hear, and a screen that a compositor keeps lit, are DEVICE_FAILED with both reasons', async () => {
  const box = boxWithScreen();
  addTv(box, unheard);
  const { power } = await powerOf(box);
  await expect(power.standby()).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/standby by fb0 and \/dev\/cec0: .*Not Acknowledged \(4\), Max Retries/),
  });
  expect(await power.state()).toBe('on');
});

test('a box with nothing to put to sleep says so', async () => {
  const { power } = await powerOf(fakeBox());
  await expect(power.standby()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('poweroff'),
  });
  expect(await power.state()).toBe('on');
});

test('a backlight is turned off and read back', async () => {
  const box = fakeBox({ '/sys/class/backlight/panel/bl_power': '0' });
  const { power } = await powerOf(box);
  await power.standby();
  expect([box.get('/sys/class/backlight/panel/bl_power'), await power.state()]).toEqual(['4', 'standby']);
  await power.wake();
  expect([box.get('/sys/class/backlight/panel/bl_power'), await power.state()]).toEqual(['0', 'on']);
});

test('the adapter is read, and a message that was not acknowledged is seen', () => {
  expect(parseAdapter(adapter('1.0.0.0', '0x0010'))).toEqual({ physicalAddress: '1.0.0.0', isClaimed: true });
  expect(parseAdapter(adapter('f.f.f.f', '0x0000'))).toEqual({ physicalAddress: 'f.f.f.f', isClaimed: false });
  expect([parseFault(sent), parseFault(unheard)]).toEqual([undefined, 'Not Acknowledged (4), Max Retries']);
});

test("of several CEC devices the box's output is taken, and none where it is told so", async () => {
  const box = fakeBox({
    '/dev/cec0': '',
    '/dev/cec1': '',
    '/0': adapter('0.0.0.0', '0x0000'),
    '/1': adapter('1.0.0.0', '0x0000'),
  });
  box.program('cec-ctl', 'cat "$ROOT/$(basename $2 | tr -d ce)"');
  expect((await findTv(box.system, undefined))?.device).toBe('/dev/cec1');
  expect((await findTv(box.system, '/dev/cec0'))?.device).toBe('/dev/cec0');
  expect(await findTv(box.system, 'none')).toBeUndefined();
  expect(await findTv(box.system, '/dev/cec9')).toBeUndefined();
});

test('somebody else shutting the box down is seen in the jobs of systemd', async () => {
  expect(parseJobs('  412 reboot.target                 start waiting\n  413 x.service stop running\n')).toBe('reboot');
  expect(parseJobs('1 poweroff.target start waiting\n')).toBe('power');
  expect(parseJobs('1 stb-agent.service restart waiting\n')).toBeUndefined();
  const box = fakeBox({ '/run/systemd/system/x': '' });
  box.program('systemctl', 'echo "1 halt.target start waiting"');
  expect(await shutdownUnderWay(box.system)).toBe('power');
  expect(await shutdownUnderWay(fakeBox().system)).toBeUndefined();
});
