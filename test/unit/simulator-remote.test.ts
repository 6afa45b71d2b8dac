import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { KeyName, Source } from '../../platform/contract.ts';
import { openSimulator } from '../../platform/drivers/simulator/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const calm = new AbortController().signal;
const channel = (number: number): Source => ({
  kind: 'channel',
  id: `c${number}`,
  name: `Channel ${number}`,
  number,
  url: `http://127.0.0.1/${number}`,
});

/** A service of the tuner. */
const service = (number: number) => ({
  channel: `c${number}`,
  name: `Channel ${number}`,
  number,
  dvb: { freq: 218_000 + number, prog: number },
});

/** A box with channel 2 on, that receives the channels 1 and 12 by its tuner. */
async function openBox() {
  const platform = await openSimulator({
    stateFile: join(temporaryDirectory(), 'box.json'),
    tvPort: undefined,
    bootMs: 0,
    powerCycle: () => {},
  });
  onTestFinished(platform.close);
  await platform.tuner?.configure([service(12), service(1)]);
  await platform.player?.play(channel(2), calm);
  const see = platform.simulator.snapshot;
  return {
    platform,
    see,
    async press(...keys: KeyName[]) {
      for (const key of keys) await platform.keys?.press(key, calm);
    },
    watching: (number: number) => until(() => see().playing?.number === number, `channel ${number}`),
  };
}

test('the volume keys go by five and stop at the ends, with the bar on the screen', async () => {
  const { platform, press, see } = await openBox();
  await platform.audio?.setVolume(98);
  await press('VOL_UP');
  expect(see()).toMatchObject({ volume: 100, scene: { volume: { percent: 100, muted: false } } });
  await platform.audio?.setVolume(7);
  await press('VOL_DOWN', 'VOL_DOWN', 'MUTE');
  expect(see()).toMatchObject({ volume: 0, muted: true });
});

test('the channel keys go round the channels by number', async () => {
  const { press, watching } = await openBox();
  await press('CHANNEL_NEXT');
  await watching(12);
  await press('CHANNEL_NEXT');
  await watching(1);
  await press('CHANNEL_PREV');
  await watching(12);
});

test('a number that is typed is dialled with OK, and one that is no channel says so', async () => {
  const { press, see, watching } = await openBox();
  await press('NUM1', 'NUM2');
  expect(see().scene.digits).toBe('12');
  await press('OK');
  await watching(12);
  await press('NUM9', 'OK');
  expect(see().scene.toast).toBe('No channel 9');
});

test('the menu is walked with the arrows and left with BACK', async () => {
  const { press, see, watching } = await openBox();
  await press('MENU', 'DOWN', 'UP', 'UP', 'DOWN');
  expect(see().scene.menu).toMatchObject({ title: 'Menu', selected: 0 });
  await press('OK');
  expect(see().scene.menu).toEqual({
    title: 'Channels',
    items: ['1 Channel 1', '2 Channel 2', '12 Channel 12'],
    selected: 1,
  });
  await press('UP', 'OK');
  await watching(1);
  await press('MENU', 'BACK');
  expect(see().scene.menu).toBeUndefined();
});

test('OK takes the message off the screen, and nothing below it', async () => {
  const { platform, press, see } = await openBox();
  await press('MENU');
  const first = platform.ui?.message({ html: 'below', durationMs: 60_000 }, calm);
  const second = platform.ui?.message({ html: 'above', durationMs: 60_000 }, calm);
  await until(() => see().scene.message?.html === 'above', 'the newer message on top');
  await press('OK');
  expect(await second).toBe('dismissed');
  expect(see().scene).toMatchObject({ message: { html: 'below' }, menu: { title: 'Menu' } });
  await press('EXIT');
  expect(await first).toBe('dismissed');
});

test('in standby nothing but POWER works, and the channel is on again after it', async () => {
  const { press, see } = await openBox();
  await press('POWER', 'VOL_UP', 'MENU');
  expect(see()).toMatchObject({ power: 'standby', led: 'red', volume: 40, scene: { background: { kind: 'none' } } });
  await press('POWER');
  expect(see()).toMatchObject({ power: 'on', led: 'green', scene: { background: { id: 'c2', state: 'playing' } } });
});

test('PAUSE holds the picture, PLAY goes on, STOP ends it', async () => {
  const { platform, press, see } = await openBox();
  await press('PAUSE');
  expect(see().scene.background.state).toBe('paused');
  await press('PLAY');
  expect(see().scene.background.state).toBe('playing');
  await press('STOP');
  expect(platform.player?.playing()).toBeNull();
});

test('what an operator shows wakes a box in standby', async () => {
  const { platform, press, see } = await openBox();
  await press('POWER');
  await platform.ui?.message({ html: 'Lunch', durationMs: 20 }, calm);
  expect(see().power).toBe('on');
  await press('POWER');
  await platform.player?.play(channel(1), calm);
  expect(see()).toMatchObject({ power: 'on', playing: { id: 'c1' } });
});

test('INFO shows the banner, and every key pressed is in the log in order', async () => {
  const { press, see } = await openBox();
  await press('EXIT', 'INFO');
  expect(see().scene.banner).toMatchObject({ name: 'Channel 2', number: 2 });
  const keys = see().events.filter(({ event }) => event === 'key');
  expect(keys.map(({ detail }) => detail)).toEqual([
    { key: 'EXIT', by: 'agent' },
    { key: 'INFO', by: 'agent' },
  ]);
});

test('a blocked screen leaves the viewer the power key, and messages their OK', async () => {
  const { platform, press, see } = await openBox();
  await platform.ui?.block?.('<b>Call us.</b>');
  await press('CHANNEL_NEXT', 'NUM1', 'MENU', 'VOL_UP', 'EXIT', 'OK');
  expect(see()).toMatchObject({ playing: { number: 2 }, volume: 40, scene: { blocked: { html: '<b>Call us.</b>' } } });
  expect(see().scene).not.toHaveProperty('menu');
  const message = platform.ui?.message({ html: 'Pay.', durationMs: 60_000 }, calm);
  await until(() => see().scene.message);
  await press('OK');
  expect(await message).toBe('dismissed');
  await press('POWER', 'POWER');
  expect(see()).toMatchObject({ power: 'on', scene: { blocked: { html: '<b>Call us.</b>' } } });
  await platform.ui?.block?.(null);
  await press('VOL_UP');
  expect(see()).toMatchObject({ volume: 45 });
  expect(see().scene).not.toHaveProperty('blocked');
});

test('a web page stays until EXIT, or until something is played', async () => {
  const { platform, press, see } = await openBox();
  await platform.ui?.open?.('https://survey.example/', calm);
  expect(see().scene.page).toEqual({ url: 'https://survey.example/' });
  await press('EXIT');
  expect(see().scene).not.toHaveProperty('page');
  await platform.ui?.open?.('https://survey.example/', calm);
  await platform.player?.play(channel(1), calm);
  expect(see().scene).not.toHaveProperty('page');
});
