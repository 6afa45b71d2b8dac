/** The twelve query examples of the Telecom X group action, as they stand there, with the ids replaced. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { converse } from '../support/ssh-client.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Fleet, type FleetBox, startFleet } from './fleet.ts';

const shared = undoList();
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet(shared.after, { 'speedtest.seconds': 0.5 });
});
afterAll(shared.all);
beforeEach(() => fleet.each(wake));

/** Leaves the box on, whatever a test before did with it. */
async function wake({ agent }: FleetBox): Promise<void> {
  if ((await agent.tv.state()).power === 'standby') await agent.tv.press('POWER');
}

/** Resolves when a message is on the box's screen. */
async function shows({ agent }: FleetBox, html: string): Promise<void> {
  await until(async () => (await agent.tv.state()).scene.message?.html === html, `${html} on the screen`);
}

const pngSize = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

test('MESSAGE is on every screen and done at once, and says that the viewer pressed OK', async () => {
  const before = new Map<FleetBox, Buffer>();
  await fleet.each(async (box) => void before.set(box, await box.agent.tv.screen()));
  await fleet.ask('type=MESSAGE&message=Lunch%20is%20ready.');
  await fleet.each(async (box) => {
    await shows(box, 'Lunch is ready.');
    const screen = await box.agent.tv.screen();
    expect(pngSize(screen)).toEqual({ width: 1280, height: 720 });
    expect(screen.equals(before.get(box) as Buffer)).toBe(false);
    expect((await fleet.resultOf(box)).result).toEqual({ notified: 0 });
    await shows(box, 'Lunch is ready.');
    await box.agent.tv.press('OK');
    expect(await fleet.endOf(box)).toMatchObject({ ended: 'dismissed', notified: 0 });
    expect((await box.agent.tv.state()).scene.message).toBeUndefined();
  });
});

test('MESSAGE with a duration and a voice is read out, and ends by itself', async () => {
  await fleet.ask('type=MESSAGE&message=Lunch%20is%20%3Cb%3Eready%3C%2Fb%3E.&duration=1&notify=READ');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toMatchObject({ notified: 1 });
    expect(await fleet.endOf(box)).toMatchObject({ ended: 'timeout', notified: 1 });
    expect(box.agent.events('speak').map(({ detail }) => detail)).toEqual([{ text: 'Lunch is ready.' }]);
  });
});

test('VIDEO plays the address, with the message over it', async () => {
  await fleet.ask('type=VIDEO&message=Watch%20this%20video&video=https%3A%2F%2Fsome.host.dom%2Fpath%2Fvideo.mp4');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ url: 'https://some.host.dom/path/video.mp4' });
    const { playing, scene } = await box.agent.tv.state();
    expect(playing).toMatchObject({ kind: 'video', url: 'https://some.host.dom/path/video.mp4' });
    expect(scene).toMatchObject({ background: { state: 'playing' }, message: { html: 'Watch this video' } });
    await box.agent.tv.press('OK');
  });
});

test.each(['BASE', 'DVB', 'LOCAL'])(
  'PLAYCHANNEL switches every box to a channel that it receives by %s',
  async (reception) => {
    const names: Record<string, string> = { BASE: 'Harbour One', DVB: 'Parliament', LOCAL: 'Lobby Channel' };
    const channel = fleet.headend.demo.channels.find(({ name }) => name === names[reception]);
    await fleet.done('type=DVB');
    await fleet.ask(`type=PLAYCHANNEL&channel=${channel?.id}`);
    await fleet.each(async (box) => {
      const { id, name, number } = channel ?? {};
      expect((await fleet.resultOf(box)).result).toMatchObject({ channel: id, name, number, reception });
      const { playing, scene } = await box.agent.tv.state();
      expect(playing).toMatchObject({ kind: 'channel', id, reception });
      expect(scene.background).toMatchObject({ state: 'playing', name });
    });
  },
);

test('SWITCH_OFF puts every box into standby, with a black screen and a red light', async () => {
  await fleet.ask('type=SWITCH_OFF');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ mode: 'standby', state: 'standby' });
    expect(await box.agent.tv.state()).toMatchObject({ power: 'standby', led: 'red', scene: { power: 'standby' } });
  });
});

test('CHANNELS brings the line-up of the package to every box', async () => {
  await fleet.ask('type=CHANNELS');
  const { channels } = fleet.headend.demo;
  const packaged = channels.filter(({ radio, only }) => !radio && only === null);
  await fleet.each(async (box) => {
    const radio = channels.length - packaged.length - 1;
    expect((await fleet.resultOf(box)).result).toMatchObject({ channels: packaged.length, radio });
    const { lineup } = JSON.parse(readFileSync(join(box.agent.stateDir, 'lineup.json'), 'utf8'));
    expect(lineup.channels.map(({ name }: { name: string }) => name)).toEqual(packaged.map(({ name }) => name));
  });
});

test('UI loads the user interface of every box again', async () => {
  await fleet.ask('type=UI');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ ms: expect.any(Number) });
    expect(box.agent.events('ui-reload')).toHaveLength(1);
  });
});

test('REBOOT is done when every box has a new boot id', async () => {
  const before = new Map<FleetBox, string>();
  await fleet.each(async (box) => void before.set(box, (await box.agent.tv.state()).bootId));
  await fleet.ask('type=REBOOT');
  await fleet.each(async (box) => {
    const { bootIdBefore, bootIdAfter } = (await fleet.resultOf(box)).result;
    expect(bootIdBefore).toBe(before.get(box));
    expect(bootIdAfter).not.toBe(bootIdBefore);
    expect(await box.agent.tv.state()).toMatchObject({ bootId: bootIdAfter, bootReason: 'reboot' });
    expect((await fleet.headend.api.box(box.id)).bootId).toBe(bootIdAfter);
  });
});

test('DVB configures the tuner of every box', async () => {
  await fleet.ask('type=DVB');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toMatchObject({ services: 5 });
    const names = (await box.agent.tv.state()).services.map(({ name }) => name);
    expect(names).toEqual(['Garden and Home', 'City Live', 'Classic Cinema', 'Parliament', 'Weather Radar']);
  });
});

test('SCREENSHOT brings the screen of every box to the headend', async () => {
  await fleet.ask('type=SCREENSHOT');
  await fleet.each(async (box) => {
    const { result, artifact } = await fleet.resultOf(box);
    const { api } = fleet.headend;
    const response = await api.get(artifact?.url ?? '');
    expect(response.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await response.arrayBuffer());
    const sha256 = createHash('sha256').update(png).digest('hex');
    expect(pngSize(png)).toEqual({ width: 1280, height: 720 });
    expect(result).toEqual({ width: 1280, height: 720, bytes: png.length, sha256, contentType: 'image/png' });
    const documented = await api.get(`/iptv/device/${box.id}/screenshot`);
    expect(png.equals(Buffer.from(await documented.arrayBuffer()))).toBe(true);
  });
});

test('SPEEDTEST measures the line of every box, down and up', async () => {
  await fleet.ask('type=SPEEDTEST');
  await fleet.each(async (box) => {
    const { result } = await fleet.resultOf(box);
    for (const figure of ['downloadMbps', 'uploadMbps', 'latencyMs', 'jitterMs']) {
      expect(result[figure], figure).toBeGreaterThan(0);
    }
    for (const direction of [result.download, result.upload]) {
      expect(direction).toMatchObject({ ended: 'complete', intervals: expect.any(Array) });
    }
  });
});

test('MANAGEMENT opens a way to the console of every box, each at a port of its own', async () => {
  await fleet.ask('type=MANAGEMENT&port=1024');
  await fleet.each(async (box) => {
    const { port } = (await fleet.resultOf(box)).result;
    expect(await converse(Number(port), 'status\nexit\n')).toContain(box.id);
  });
});

test('SCRIPT runs the script on every box', async () => {
  const script = fleet.site.script('echo "configured $(basename "$PWD")"; echo warned >&2');
  await fleet.ask(`type=SCRIPT&script=${encodeURIComponent(script)}`);
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toMatchObject({
      exitCode: 0,
      stdout: `configured ${box.asked}\n`,
      stderr: 'warned\n',
    });
  });
});
