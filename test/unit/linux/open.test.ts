import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { capabilityNames } from '../../../platform/contract.ts';
import { openLinux } from '../../../platform/drivers/linux/index.ts';
import { type FakeBox, fakeBox } from '../../support/fake-box.ts';

async function open(box: FakeBox, settings: object = {}) {
  const platform = await openLinux({ ...box.settings, ...settings });
  onTestFinished(() => platform.close());
  return platform;
}

test('on a machine with nothing the box opens all the same, and tells the reason and the cure for each capability', async () => {
  const { missing, provided, ...platform } = await open(fakeBox({ '/etc/machine-id': 'x' }), {
    cdpUrl: undefined,
  });
  expect(platform.driver).toBe('linux');
  expect(Object.keys(missing)).toEqual(capabilityNames.filter((name) => name !== 'script'));
  for (const each of Object.values(missing)) {
    expect(each.reason.length).toBeGreaterThan(10);
    expect(each.cure.length).toBeGreaterThan(10);
  }
  expect(provided).toEqual({ script: 'process groups; memory is limited for each process alone' });
  expect(await platform.identity.bootId()).toBe('boot-1');
});

test('what is there is told with what provides it, and what it lacks all the same', async () => {
  const box = fakeBox({
    '/etc/machine-id': 'x',
    '/run/systemd/system/x': '',
    '/sys/class/net/eth0/type': '1\n',
    '/sys/class/graphics/fb0/blank': '',
    '/dev/fb0': '',
    '/dev/dvb/adapter1/frontend0': '',
    '/proc/asound/cards': ' 0 [Card           ]: X - X\n',
  });
  for (const name of ['systemctl', 'systemd-run', 'mpv', 'mkfifo', 'dvbv5-zap', 'ssh']) box.program(name);
  box.program(
    'amixer',
    `printf "Simple mixer control 'PCM',0\\n  Capabilities: pvolume\\n  Mono: Playback 1 [5%%]\\n"`,
  );
  const { provided } = await open(box);
  expect(provided).toEqual({
    power: 'systemd; standby by fb0',
    audio: 'PCM of ALSA card 0 (Card); it cannot sound: install alsa-utils (aplay) or pipewire-bin (pw-play)',
    display: '/dev/fb0',
    player: expect.stringMatching(/usr\/bin\/mpv$/),
    tuner: '/dev/dvb/adapter1, by dvbv5-zap',
    network: 'eth0',
    management: expect.stringMatching(/ssh to port 22 of this box; where nothing listens now/),
    script: 'process groups in scopes of systemd',
  });
});

test('a user interface that is configured is there before it answers', async () => {
  const box = fakeBox({ '/etc/machine-id': 'x' });
  const chromium = await open(box, { cdpUrl: 'http://127.0.0.1:1' });
  expect(chromium.provided).toMatchObject({
    ui: 'Chromium at http://127.0.0.1:1, which does not answer yet',
    keys: 'Chromium at http://127.0.0.1:1, key set cehtml',
    display: 'Chromium at http://127.0.0.1:1',
  });
  await expect(chromium.ui?.reload(new AbortController().signal)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/does it run\?/),
  });
  const webKit = await open(box, { inspectorUrl: 'http://127.0.0.1:1' });
  expect(webKit.provided).toMatchObject({ ui: 'WPE WebKit at http://127.0.0.1:1, which does not answer yet' });
  expect(webKit.missing.keys?.reason).toContain('/dev/uinput');
});

test('the reason of the start is in the identity, and a firmware slot gives its version', async () => {
  const box = fakeBox({ '/etc/machine-id': 'x', '/etc/rauc/system.conf': '' });
  const slot = (name: string, state: string, version?: string) => ({
    class: 'rootfs',
    ...{ bootname: name, state, boot_status: 'good' },
    slot_status: { bundle: { version } },
  });
  box.put('/status', JSON.stringify({ slots: [{ a: slot('A', 'booted', '4.2') }, { b: slot('B', 'inactive') }] }));
  box.program('rauc', 'cat $ROOT/status');
  await (await openLinux(box.settings)).close();
  box.put('/proc/sys/kernel/random/boot_id', 'boot-2\n');
  const { identity, firmware } = await open(box);
  expect(await identity.read()).toMatchObject({ firmware: '4.2', bootReason: 'power' });
  expect(await firmware?.slots()).toMatchObject([{ name: 'a', version: '4.2', booted: true }, { name: 'b' }]);
});

test('scripts that an earlier agent of this box left running are ended, and no others', async () => {
  const left = async (more: Record<string, string>, stateDir: string) => {
    const box = fakeBox({ '/etc/machine-id': 'x', ...more });
    for (const name of ['systemctl', 'systemd-run']) box.program(name);
    await open(box, { stateDir: join(box.root, stateDir) });
    return box.calls().filter((call) => call.includes('.scope'));
  };
  const [one, other] = [
    await left({ '/run/systemd/system/x': '' }, 'a'),
    await left({ '/run/systemd/system/x': '' }, 'b'),
  ];
  expect([one, other]).toEqual(
    Array(2).fill([expect.stringMatching(/^systemctl kill --signal=SIGKILL stb-agent-script-[0-9a-f]{8}-\*\.scope$/)]),
  );
  expect(one).not.toEqual(other);
  expect(await left({}, 'a')).toEqual([]);
});
