/** The six action types that have no query example, through the same call. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleVersion } from '../support/agents-headend.ts';
import { undoList } from '../support/undo.ts';
import { type Fleet, startFleet } from './fleet.ts';

const shared = undoList();
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet(shared.after, { 'keys.gap_ms': 5 });
});
afterAll(shared.all);

test('VOLUME is set on every box', async () => {
  await fleet.ask('type=VOLUME&volume=73');
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ volume: 73 });
    expect(await box.agent.tv.state()).toMatchObject({ volume: 73, scene: { volume: { percent: 73 } } });
  });
});

test.each([
  ['repeated', 'keys=MENU&keys=DOWN&keys=EXIT'],
  ['in a list', 'keys=MENU,DOWN,EXIT'],
  ['with brackets', 'keys%5B%5D=MENU&keys%5B%5D=DOWN&keys%5B%5D=EXIT'],
])('EMULATEKEYS, its keys %s, presses them on every box in order', async (_how, keys) => {
  const pressed = (box: Fleet['boxes'][number]) => box.agent.events('key').length;
  const before = new Map(fleet.boxes.map((box) => [box, pressed(box)]));
  await fleet.ask(`type=EMULATEKEYS&${keys}`);
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toMatchObject({ pressed: ['MENU', 'DOWN', 'EXIT'] });
    const events = box.agent.events('key').slice(before.get(box));
    expect(events.map(({ detail }) => detail)).toEqual(['MENU', 'DOWN', 'EXIT'].map((key) => ({ key, by: 'agent' })));
  });
});

test('JS runs in the user interface of every box and answers with its value', async () => {
  const js = "stb.toast('Hello'); ({ id: stb.id, sum: [1, 2, 3].reduce((a, b) => a + b) })";
  await fleet.ask(`type=JS&js=${encodeURIComponent(js)}`);
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ value: { id: box.id, sum: 6 } });
    expect((await box.agent.tv.state()).scene.toast).toBe('Hello');
  });
});

test('PLAYRADIOCHANNEL plays on a box that has never had a line-up', async () => {
  const channel = fleet.headend.demo.channels.find(({ radio }) => radio);
  await fleet.ask(`type=PLAYRADIOCHANNEL&radiochannel=${channel?.id}`);
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toMatchObject({ radiochannel: channel?.id, name: channel?.name });
    expect((await box.agent.tv.state()).scene.background).toMatchObject({ kind: 'radio', state: 'playing' });
  });
});

test('UIDEBUG loads the target script of the debugger into every user interface', async () => {
  await fleet.ask(`type=UIDEBUG&debugserver=${encodeURIComponent(fleet.site.host)}`);
  await fleet.each(async (box) => {
    expect((await fleet.resultOf(box)).result).toEqual({ server: fleet.site.host });
    expect(box.agent.events('ui-debug').at(-1)?.detail).toMatchObject({ server: fleet.site.host });
  });
});

test('FIRMWARE is done when every box runs the new version in the other slot, kept', async () => {
  await fleet.ask('type=FIRMWARE');
  await fleet.each(async (box) => {
    const { result, reports } = await fleet.resultOf(box);
    expect(result).toMatchObject({ from: '1.0.0', to: bundleVersion, slot: 'B' });
    expect(result.bootIdAfter).not.toBe(result.bootIdBefore);
    const phases = new Set(reports.flatMap(({ progress }) => progress?.phase ?? []));
    expect([...phases].slice(0, 2)).toEqual(['downloading', 'installing']);
    const { bootId, slots, identity } = await box.agent.tv.state();
    expect(bootId).toBe(result.bootIdAfter);
    expect(identity.firmware).toBe(bundleVersion);
    expect(slots).toContainEqual({ name: 'B', version: bundleVersion, state: 'good', booted: true });
  });
});
