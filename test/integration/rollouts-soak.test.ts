/** A wave that has to stay healthy for a time before the next begins. */
import { expect, test } from 'vitest';
import { hello } from '../support/headend.ts';
import { openRolloutSite } from '../support/rollout-site.ts';
import type { RolloutAnswer } from '../support/rollouts-api.ts';
import { until } from '../support/until.ts';

const is = (state: string) => (rollout: RolloutAnswer) => rollout.state === state;
const isSoaking = ({ waves }: RolloutAnswer) => waves[0]?.metAt !== null;
/** Longer than any test. */
const long = 3_600;

/** A rollout whose first wave is one box, which is healthy: it, and the box. */
async function soaking(fields: object) {
  const site = await openRolloutSite();
  const boxes = await site.openAll();
  const { id } = await site.begin({ waves: [25, 100], ...fields });
  const begun = await site.rollouts.until(id, 'the first wave to be healthy', isSoaking);
  const first = begun.members.items.find(({ wave }) => wave === 0)?.box;
  const index = site.head.demo.boxes.findIndex((box) => box.id === first);
  const installs = () => boxes.flatMap((box) => box.installs()).length;
  const box = boxes[index];
  if (box === undefined) throw new Error('no box is in the first wave');
  const goOff = async () => {
    box.close();
    const { token } = site.head.demo.users.admin;
    await until(async () => !(await site.head.call(token, `/stb/v1/boxes/${first}`)).body.online, 'the box to be off');
  };
  return { ...site, id, first: site.box(index), firstBox: box, goOff, installs };
}

test('the next wave begins when the wave has stayed healthy for so long, and not before', async () => {
  const { rollouts, id, installs } = await soaking({ soakSeconds: 2 });
  expect(installs()).toBe(1);
  const done = await rollouts.until(id, 'the rollout to be done', is('done'));
  expect(installs()).toBe(4);
  const [first, second] = done.waves;
  expect(Date.parse(second?.begunAt ?? '') - Date.parse(first?.metAt ?? '')).toBeGreaterThanOrEqual(2_000);
});

test('a headend that is started again goes on with the time that is left', async () => {
  const { head, rollouts, id, open, box } = await soaking({ soakSeconds: 3 });
  const before = (await rollouts.get(id)).waves[0]?.metAt;
  await head.restart();
  await Promise.all([0, 1, 2, 3].map((index) => open(box(index))));
  const done = await rollouts.until(id, 'the rollout to be done', is('done'));
  expect(done.waves[0]?.metAt).toBe(before);
});

test('a box that is off at the end of it is waited for, counts as failed after the patience, and is healthy when it is back', async () => {
  const { rollouts, id, first, open, goOff, installs } = await soaking({ soakSeconds: 1, patienceSeconds: 2 });
  await goOff();
  const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'));
  expect(stopped.reason).toBe(
    'Wave 1: 1 of 1 box failed: WENT_OFF (1), The box was healthy, and is off since. The gate asks for 100% healthy.',
  );
  expect(installs()).toBe(1);
  await open(first);
  await rollouts.until(id, 'the box to count again', ({ waves }) => waves[0]?.healthy === 1);
  expect(await rollouts.order(id, 'resume')).toBe(200);
  await rollouts.until(id, 'the rollout to be done', is('done'));
});

test('a box that is back in time stands in nobody’s way', async () => {
  const { rollouts, id, first, open, goOff } = await soaking({ soakSeconds: 1, patienceSeconds: long });
  await goOff();
  await rollouts.until(
    id,
    'the time to be over',
    ({ waves }) => Date.parse(waves[0]?.metAt ?? '') + 1_000 < Date.now(),
  );
  expect(await rollouts.get(id)).toMatchObject({ state: 'running', wave: 0 });
  await open(first);
  await rollouts.until(id, 'the rollout to be done', is('done'));
});

test('a box that runs its old firmware again at the end of it has failed', async () => {
  const { rollouts, id, first, firstBox } = await soaking({ soakSeconds: 1, patienceSeconds: long });
  await firstBox.say(hello(first, { types: ['MESSAGE', 'FIRMWARE'], firmware: '1.0.0' }));
  const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'));
  expect(stopped.reason).toMatch(/^Wave 1: 1 of 1 box failed: FELL_BACK \(1\), The box was healthy, and runs its old/);
  expect(stopped.members.items).toContainEqual(expect.objectContaining({ box: first.id, state: 'failed' }));
});

test('resumed after a stop in it, whoever went off counts no more', async () => {
  const { rollouts, id, goOff, installs } = await soaking({ soakSeconds: 1, patienceSeconds: 2 });
  await goOff();
  await rollouts.until(id, 'the rollout to stop', is('stopped'));
  expect(await rollouts.order(id, 'resume')).toBe(200);
  await rollouts.until(id, 'the rollout to be done', is('done'));
  expect(installs()).toBe(4);
});

test('resumed after a pause, the wave has to stay healthy anew', async () => {
  const { rollouts, id } = await soaking({ soakSeconds: long });
  const before = (await rollouts.get(id)).waves[0]?.metAt ?? '';
  expect(await rollouts.order(id, 'pause')).toBe(200);
  expect(await rollouts.order(id, 'resume')).toBe(200);
  const again = await rollouts.until(id, 'the wave to be healthy', isSoaking);
  expect(Date.parse(again.waves[0]?.metAt ?? '')).toBeGreaterThan(Date.parse(before));
});
