/** Firmware rollouts on a real headend, with raw clients in the place of boxes. */
import { describe, expect, test } from 'vitest';
import { hello, report } from '../support/headend.ts';
import { openRest } from '../support/ministra-rest.ts';
import type { FirmwareBox } from '../support/rollout-boxes.ts';
import { images, openRolloutSite } from '../support/rollout-site.ts';
import type { RolloutAnswer } from '../support/rollouts-api.ts';
import { until } from '../support/until.ts';

const is = (state: string) => (rollout: RolloutAnswer) => rollout.state === state;
const installs = (boxes: readonly FirmwareBox[]) => boxes.map((box) => box.installs().length);
const numbers = ({ waves }: RolloutAnswer) =>
  waves.map(({ waiting, running, healthy, failed }) => ({ waiting, running, healthy, failed }));
const none = { waiting: 0, running: 0, healthy: 0, failed: 0 };

describe('waves', () => {
  test('every box is asked once, and the second wave is asked when the first is healthy', async () => {
    const { head, rollouts, openAll, begin } = await openRolloutSite();
    const boxes = await openAll();
    const made = await begin({ name: 'Spring', waves: [50, 100] });
    expect(made).toMatchObject({ name: 'Spring', state: 'running', wave: 0, boxes: 4 });
    expect(made.waves.map((wave) => wave.boxes)).toEqual([2, 2]);
    const done = await rollouts.until(made.id, 'the rollout to be done', is('done'));
    expect(numbers(done)).toEqual([
      { ...none, healthy: 2 },
      { ...none, healthy: 2 },
    ]);
    expect(installs(boxes)).toEqual([1, 1, 1, 1]);
    const actions = await Promise.all(done.members.items.map(({ action }) => head.action(action ?? '')));
    const [ended, asked] = [actions.slice(0, 2), actions.slice(2)];
    expect(Math.min(...asked.map(({ createdAt }) => Date.parse(createdAt)))).toBeGreaterThanOrEqual(
      Math.max(...ended.map(({ changedAt }) => Date.parse(changedAt))),
    );
  });

  test('a bad image stops it by itself: it says why, and no further box is asked', async () => {
    const { rollouts, openAll, begin } = await openRolloutSite();
    const boxes = await openAll();
    const { id } = await begin({ firmware: images.bad, waves: [50, 100], gate: 95 });
    const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'));
    expect(stopped.reason).toMatch(
      /^Wave 1: [12] of 2 boxes failed: FELL_BACK \([12]\), the new firmware did not prove healthy.* The gate asks for 95% healthy\.$/,
    );
    await rollouts.until(id, 'the second report', ({ waves }) => waves[0]?.failed === 2);
    expect(installs(boxes).sort()).toEqual([0, 0, 1, 1]);
    expect(stopped.waves[1]).toMatchObject({ waiting: 2, begunAt: null });
    expect((await rollouts.get(id)).waves[0]?.reasons).toEqual([
      { code: 'FELL_BACK', message: 'the new firmware did not prove healthy; the old one runs', count: 2 },
    ]);
  });

  test('a failure within the gate stops nothing', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    await Promise.all([0, 1, 2].map((index) => open(box(index))));
    await open(box(3), () => 'falls-back');
    const { id } = await begin({ gate: 75 });
    const done = await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(numbers(done)).toEqual([{ ...none, healthy: 3, failed: 1 }]);
  });

  test('a box that already waits for the same image is not asked twice', async () => {
    const { head, rollouts, box, open, begin } = await openRolloutSite();
    const waiting = await head.act(box(0), 'FIRMWARE', { firmware: images.good });
    const { id } = await begin({ all: undefined, boxes: [box(0).id] });
    const linked = await rollouts.until(id, 'the box to be asked', ({ members }) => members.items[0]?.action !== null);
    expect(linked.members.items[0]).toMatchObject({ action: waiting, state: 'asked' });
    const online = await open(box(0));
    await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(online.installs()).toEqual([images.good]);
  });

  test('a box that has said that it takes no firmware is left out', async () => {
    const { head, rollouts, box, openAll, begin } = await openRolloutSite();
    const [first] = await openAll();
    const { token } = head.demo.users.admin;
    await first?.say(hello(box(0)));
    await until(
      async () => (await head.call(token, `/stb/v1/boxes/${box(0).id}`)).body.types.length === 1,
      'its hello',
    );
    const { id, boxes, leftOut } = await begin();
    expect({ boxes, leftOut }).toEqual({ boxes: 3, leftOut: 1 });
    await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(first?.installs()).toEqual([]);
    expect((await rollouts.begin({ boxes: [box(0).id], firmware: images.good, waves: [100], gate: 1 })).status).toBe(
      422,
    );
  });
});

describe('patience', () => {
  test('boxes that are off do not stand in the way for ever, and are upgraded when they come on', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    await open(box(0));
    const { id } = await begin({ patienceSeconds: 5 });
    const done = await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(numbers(done)).toEqual([{ ...none, healthy: 1, waiting: 3 }]);
    const late = await open(box(1));
    await rollouts.until(id, 'the late box to be healthy', ({ waves }) => waves[0]?.healthy === 2);
    expect(late.installs()).toEqual([images.good]);
  });

  test('where nobody answers nothing is proven: it stops and says so, and resumes when asked', async () => {
    const { rollouts, openAll, begin } = await openRolloutSite();
    const { id } = await begin({ waves: [50, 100], patienceSeconds: 5 });
    const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'));
    expect(stopped.reason).toMatch(/^Wave 1: none of 2 boxes answered within 5 s, so nothing is proven/);
    const boxes = await openAll();
    expect(await rollouts.order(id, 'resume')).toBe(200);
    await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(installs(boxes)).toEqual([1, 1, 1, 1]);
  });

  test('a box that took the image and never came back counts as failed, until it says otherwise', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    const silent = await open(box(0), () => 'silent');
    const { id } = await begin({ all: undefined, boxes: [box(0).id], patienceSeconds: 3 });
    const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'));
    expect(stopped.reason).toMatch(/^Wave 1: 1 of 1 box failed: NO_ANSWER \(1\), The box took the image/);
    expect(stopped.members.items[0]).toMatchObject({ state: 'lost', code: 'NO_ANSWER' });
    await silent.say(report(stopped.members.items[0]?.action ?? '', 'done'));
    await rollouts.until(id, 'the late report to count', ({ waves }) => waves[0]?.healthy === 1);
  });
});

test('a box that is deleted is waited for no longer, though nothing else happens', async () => {
  const { head, rollouts, box, open, begin } = await openRolloutSite();
  const [gone, stays] = [box(0), box(1)];
  await open(stays);
  const { id } = await begin({ all: undefined, boxes: [gone.id, stays.id] });
  await rollouts.until(id, 'the other box to be healthy', ({ waves }) => waves[0]?.healthy === 1);
  expect(await rollouts.get(id)).toMatchObject({ state: 'running', waves: [{ waiting: 1 }] });
  await openRest(head)('DELETE', `stb/${gone.mac}`);
  const done = await rollouts.until(id, 'the rollout to be done', is('done'));
  expect(done.boxes).toBe(1);
});

describe('orders', () => {
  test('paused, nothing begins, not even what waits for a box that is off; resumed, each box is asked once', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    const { id } = await begin({ all: undefined, boxes: [box(0).id, box(1).id] });
    const states = ({ members }: RolloutAnswer) => members.items.map(({ state }) => state);
    await rollouts.until(id, 'the boxes to be asked', (rollout) => states(rollout).every((state) => state === 'asked'));
    expect(await rollouts.order(id, 'pause')).toBe(200);
    const paused = await rollouts.until(id, 'them to be let go', (rollout) =>
      states(rollout).every((state) => state === 'waiting'),
    );
    expect(paused).toMatchObject({ state: 'paused', reason: expect.stringMatching(/^Paused by /) });
    const online = [await open(box(0)), await open(box(1))];
    expect(await rollouts.order(id, 'resume')).toBe(200);
    await rollouts.until(id, 'the rollout to be done', is('done'));
    expect(installs(online)).toEqual([1, 1]);
  });

  test('a rollout that stopped leaves nothing behind for a box that comes on later', async () => {
    const { head, rollouts, box, open, begin } = await openRolloutSite();
    await open(box(0));
    const { id } = await begin({ all: undefined, boxes: [box(0).id, box(1).id], firmware: images.bad });
    await rollouts.until(id, 'it to stop and take back', ({ state, members }) => {
      return state === 'stopped' && members.items.some((member) => member.state === 'waiting');
    });
    const late = await open(box(1));
    const message = await head.act(box(1), 'MESSAGE', { message: 'hello' });
    await until(() => late.actions().some((action) => action.id === message), 'what was asked after it');
    expect(late.installs()).toEqual([]);
  });

  test('resumed after a stop, it goes on, and who had failed counts no more', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    const fateOf = () => 'falls-back' as const;
    const boxes = await Promise.all([0, 1, 2, 3].map((index) => open(box(index), fateOf)));
    const { id } = await begin({ waves: [50, 100], gate: 50, firmware: images.bad });
    await rollouts.until(
      id,
      'the first wave to fail',
      ({ state, waves }) => state === 'stopped' && waves[0]?.failed === 2,
    );
    expect(await rollouts.order(id, 'resume')).toBe(200);
    const stopped = await rollouts.until(id, 'the second wave to fail', ({ state, waves }) => {
      return state === 'stopped' && waves[1]?.failed === 2;
    });
    expect(stopped.reason).toMatch(/^Wave 2: 2 of 2 boxes failed/);
    expect(stopped.waves[0]).toMatchObject({ failed: 2, excused: 2 });
    expect(installs(boxes)).toEqual([1, 1, 1, 1]);
  });

  test('rolled back, the boxes that run the image get the one before, also one that finishes only then', async () => {
    const { rollouts, box, open, begin } = await openRolloutSite();
    const slow = await open(box(0), (url) => (url === images.good ? 'silent' : 'healthy'));
    const quick = await open(box(1));
    const failing = await open(box(2), () => 'falls-back');
    const boxes = [0, 1, 2].map((index) => box(index).id);
    const { id } = await begin({ all: undefined, boxes, gate: 30 });
    await rollouts.until(id, 'two boxes to answer', ({ waves }) => waves[0]?.healthy === 1 && waves[0].failed === 1);
    expect(await rollouts.order(id, 'rollback', { firmware: images.old })).toBe(200);
    const going = await rollouts.until(id, 'the quick box to be back', ({ back }) => back?.done === 1);
    expect(going.state).toBe('rolling-back');
    const [taken] = going.members.items.filter((member) => member.box === box(0).id);
    await slow.say(report(taken?.action ?? '', 'done'));
    const back = await rollouts.until(id, 'it to be rolled back', is('rolled-back'));
    expect(back.back).toMatchObject({ firmware: images.old, running: 0, done: 2, failed: 0 });
    expect(slow.installs()).toEqual([images.good, images.old]);
    expect(quick.installs()).toEqual([images.good, images.old]);
    expect(failing.installs()).toEqual([images.good]);
  });

  test('an order that means nothing in its state is refused', async () => {
    const { head, rollouts, openAll, begin } = await openRolloutSite();
    await openAll();
    const { id } = await begin();
    await rollouts.until(id, 'the rollout to be done', is('done'));
    for (const order of ['pause', 'resume', 'stop'] as const) expect(await rollouts.order(id, order)).toBe(409);
    const { token } = head.demo.users.admin;
    const answer = await head.call(token, `/stb/v1/rollouts/${id}/pause`, { method: 'POST' });
    expect(answer.body).toEqual({
      code: 409,
      message: 'state',
      description: 'The rollout is done; pause is for one that is running',
    });
    expect(await rollouts.order(id, 'rollback', { firmware: images.good })).toBe(422);
    expect(await rollouts.order(id, 'rollback')).toBe(422);
  });
});

describe('durability', () => {
  test('a headend that is started again goes on, and asks no box twice', async () => {
    const { head, rollouts, box, open, begin } = await openRolloutSite();
    const { id } = await begin({ waves: [50, 100] });
    await rollouts.until(id, 'the first wave to be asked', ({ members }) => members.items[1]?.action !== null);
    await head.restart();
    const boxes = await Promise.all([0, 1, 2, 3].map((index) => open(box(index))));
    const between = await rollouts.until(id, 'a box to be healthy', ({ waves }) => (waves[0]?.healthy ?? 0) > 0);
    expect(['running', 'done']).toContain(between.state);
    await head.restart();
    const again = await Promise.all([0, 1, 2, 3].map((index) => open(box(index))));
    await rollouts.until(id, 'the rollout to be done', is('done'));
    const ids = [...boxes, ...again].flatMap((each) => each.actions().map((action) => action.id));
    expect(new Set(ids).size).toBe(4);
    const { token } = head.demo.users.admin;
    expect((await head.call(token, '/stb/v1/actions?type=FIRMWARE')).body.total).toBe(4);
  });
});
