import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { ActionDefinition } from '../../../agent/action.ts';
import { checkNeeds } from '../../../agent/action.ts';
import { actions, definitionOf, portalActions } from '../../../agent/actions/index.ts';
import { blockAgain, openCutOff } from '../../../agent/cut-off.ts';
import { actionTypes, isActionType, portalActionTypes, portalParamSchemas } from '../../../agent/protocol/params.ts';
import { capabilityNames } from '../../../platform/contract.ts';
import { createContext, lineupOf, openTestBox, platformWith, settings } from '../../support/action-context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

const ten = { id: '37', number: 10, name: 'Ten', reception: 'BASE' as const, url: 'http://127.0.0.1/ten' };
const lineup = () => lineupOf({ channels: [ten], radio: [] });
const run = (definition: ActionDefinition, params: object, context: ReturnType<typeof createContext>) =>
  definition.run(params as never, context);

describe('the types that a portal adds', () => {
  test('are none of the eighteen, and each has a definition', () => {
    expect(Object.keys(portalActions).sort()).toEqual([...portalActionTypes].sort());
    expect(portalActionTypes.filter((type) => isActionType(type))).toEqual([]);
    expect(Object.keys(actions)).toHaveLength(actionTypes.length);
    for (const type of portalActionTypes) expect(definitionOf(type)?.type).toBe(type);
    expect(definitionOf('constructor')).toBeUndefined();
  });

  test.each(portalActionTypes)('%s names existing capabilities, documents its result and has a deadline', (type) => {
    const definition: ActionDefinition = portalActions[type];
    for (const name of definition.capabilities) expect(capabilityNames).toContain(name);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
    expect(Object.keys(definition.result).length).toBeGreaterThan(0);
    expect(definition.deadlineMs({ message: 'x', number: 1 } as never, settings)).toBeGreaterThan(0);
  });

  test.each([
    ['PLAYNUMBER', { number: 10 }, true],
    ['PLAYNUMBER', { number: -1 }, false],
    ['PLAYNUMBER', {}, false],
    ['MESSAGE_VIDEO', { message: 'x', video: 'rtp://239.0.0.1:1' }, true],
    ['MESSAGE_VIDEO', { message: 'x', video: 'file:///etc/passwd' }, false],
    ['MESSAGE_URL', { message: 'x', url: 'https://a/b' }, true],
    ['MESSAGE_URL', { message: 'x', url: 'javascript:alert(1)' }, false],
    ['CUT_OFF', {}, true],
    ['CUT_OFF', { message: '' }, false],
  ] as const)('%s %j: valid is %s', (type, params, valid) => {
    expect(v.is(portalParamSchemas[type], params)).toBe(valid);
  });

  test.each(['EPG', 'MODULES', 'STORAGES'] as const)('%s is refused, with the reason', async (type) => {
    const context = createContext({ platform: platformWith() });
    await expect(run(portalActions[type], {}, context)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/^[a-z]+: this box/),
    });
  });
});

describe('channels by number', () => {
  test('the channel with the number is played', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform, lineup: lineup() });
    expect(await run(portalActions.PLAYNUMBER, { number: 10 }, context)).toMatchObject({ channel: '37', name: 'Ten' });
    expect(platform.player?.playing()).toMatchObject({ id: '37' });
  });

  test('an unknown number is refused, and what is on stays on', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform, lineup: lineup() });
    await run(portalActions.PLAYNUMBER, { number: 10 }, context);
    await expect(run(portalActions.PLAYNUMBER, { number: 11 }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_CHANNEL',
      message: expect.stringContaining('number 11 is not among the 1 channels'),
    });
    expect(platform.player?.playing()).toMatchObject({ id: '37' });
  });

  test('a radio channel that is in no line-up is asked for at the portal', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const skyline = { id: '5', number: 2, name: 'Skyline', url: 'http://127.0.0.1/r' };
    const headend = { radioByNumber: async (number: number) => (number === 2 ? skyline : undefined) };
    const context = createContext({ platform, headend });
    expect(await run(portalActions.PLAYRADIONUMBER, { number: 2 }, context)).toMatchObject({ name: 'Skyline' });
    await expect(run(portalActions.PLAYRADIONUMBER, { number: 3 }, context)).rejects.toMatchObject({
      code: 'UNKNOWN_CHANNEL',
    });
  });
});

describe('a box that is cut off', () => {
  test('plays nothing and shows why, over a restart, until it is let in again', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'cut-off.json');
    const faults: string[] = [];
    const platform = await openTestBox(directory);
    const cutOff = await openCutOff(file, (sentence) => faults.push(sentence));
    const context = createContext({ platform, cutOff, lineup: lineup() });
    await run(portalActions.PLAYNUMBER, { number: 10 }, context);
    const { since } = await run(portalActions.CUT_OFF, { message: 'Call <b>us</b><script>x</script>' }, context);
    expect(platform.simulator.snapshot()).toMatchObject({
      playing: null,
      scene: { blocked: { html: 'Call <b>us</b>' } },
    });
    expect(() => checkNeeds(actions.PLAYCHANNEL as ActionDefinition, context)).toThrow(/cut off since .*; send CUT_ON/);
    expect(() => checkNeeds(actions.MESSAGE as ActionDefinition, context)).not.toThrow();

    await platform.close();
    const again = await openTestBox(directory);
    const reopened = await openCutOff(file, (sentence) => faults.push(sentence));
    expect(reopened.current()?.since).toBe(since);
    await blockAgain(again, reopened, (sentence) => faults.push(sentence));
    expect(again.simulator.snapshot().scene.blocked).toEqual({ html: 'Call <b>us</b>' });
    const later = createContext({ platform: again, cutOff: reopened });
    expect(await run(portalActions.CUT_ON, {}, later)).toEqual({ cutOffSince: since });
    expect(again.simulator.snapshot().scene).not.toHaveProperty('blocked');
    expect(await run(portalActions.CUT_ON, {}, later)).toEqual({ cutOffSince: null });
    expect((await openCutOff(file, () => {})).current()).toBeNull();
    expect(faults).toEqual([]);
  });

  test('a second CUT_OFF keeps the first one’s time', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform });
    const first = await run(portalActions.CUT_OFF, {}, context);
    expect(await run(portalActions.CUT_OFF, { message: 'Still.' }, context)).toEqual(first);
  });

  test('a user interface that cannot block refuses, and nothing is remembered', async () => {
    const { ui } = await openTestBox(temporaryDirectory());
    const { block: _, ...without } = ui!;
    const context = createContext({ platform: platformWith({ ui: without }) });
    await expect(run(portalActions.CUT_OFF, {}, context)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    expect(context.cutOff.current()).toBeNull();
  });
});

describe('a message that something follows', () => {
  test('the video comes when the message is closed, and then what was on before', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform, lineup: lineup(), sleep: () => wait(20) });
    await run(portalActions.PLAYNUMBER, { number: 10 }, context);
    const params = { message: 'News', video: 'http://127.0.0.1/news.mp4', duration: 60 };
    const ended = run(portalActions.MESSAGE_VIDEO, params, context);
    const see = platform.simulator.snapshot;
    await until(() => see().scene.message);
    expect(see().playing).toMatchObject({ id: '37' });
    await platform.keys?.press('OK', context.signal);
    await until(() => see().playing?.kind === 'video');
    await platform.keys?.press('STOP', context.signal);
    expect(await ended).toMatchObject({ ended: 'dismissed', after: 'restored' });
    expect(see().playing).toMatchObject({ id: '37' });
    expect(context.said.map(({ phase }) => phase)).toEqual(['shown', 'playing']);
  });

  test('a viewer who zaps away from the video is left where he is', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform, sleep: () => wait(250) });
    const params = { message: 'News', video: 'http://127.0.0.1/news.mp4', duration: 1 };
    const ended = run(portalActions.MESSAGE_VIDEO, params, context);
    await until(() => platform.simulator.snapshot().playing?.kind === 'video');
    await platform.player?.play({ kind: 'channel', ...ten }, context.signal);
    expect(await ended).toMatchObject({ ended: 'timeout', after: 'zapped' });
  });

  test('nothing plays on a box that is cut off while the message or its video is on the screen', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform, lineup: lineup(), sleep: () => wait(20) });
    const params = { message: 'News', video: 'http://127.0.0.1/news.mp4', duration: 60 };
    const see = platform.simulator.snapshot;
    await run(portalActions.PLAYNUMBER, { number: 10 }, context);
    const beforeVideo = run(portalActions.MESSAGE_VIDEO, { ...params, duration: 1 }, context);
    await until(() => see().scene.message);
    await run(portalActions.CUT_OFF, {}, context);
    await expect(beforeVideo).rejects.toMatchObject({ code: 'CUT_OFF', result: { ended: 'timeout' } });
    expect(see().playing).toBeNull();

    await run(portalActions.CUT_ON, {}, context);
    await run(portalActions.PLAYNUMBER, { number: 10 }, context);
    const inVideo = run(portalActions.MESSAGE_VIDEO, params, context);
    await until(() => see().scene.message);
    await platform.keys?.press('OK', context.signal);
    await until(() => see().playing?.kind === 'video');
    await run(portalActions.CUT_OFF, {}, context);
    expect(await inVideo).toMatchObject({ after: 'nothing' });
    expect(see().playing).toBeNull();
  });

  test('a video that does not play fails, and says that the message was read', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform });
    const params = { message: 'News', video: 'http://nowhere.invalid/x', duration: 1 };
    await expect(run(portalActions.MESSAGE_VIDEO, params, context)).rejects.toMatchObject({
      code: 'PLAYBACK_FAILED',
      message: expect.stringContaining('the message was shown, but then'),
      result: { ended: 'timeout' },
    });
  });

  test('a page is opened when the message is gone, and refused where the box has no browser', async () => {
    const platform = await openTestBox(temporaryDirectory());
    const context = createContext({ platform });
    const params = { message: 'Survey', url: 'https://survey.example/', duration: 1 };
    expect(await run(portalActions.MESSAGE_URL, params, context)).toMatchObject({ opened: params.url });
    expect(platform.simulator.snapshot().scene.page).toEqual({ url: params.url });
    const { open: _, ...without } = platform.ui!;
    const bare = createContext({ platform: platformWith({ ui: without }) });
    await expect(run(portalActions.MESSAGE_URL, params, bare)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

test('SHOW_MENU opens the menu', async () => {
  const platform = await openTestBox(temporaryDirectory());
  await run(portalActions.SHOW_MENU, {}, createContext({ platform }));
  expect(platform.simulator.snapshot().scene.menu).toMatchObject({ title: 'Menu' });
});
