/** The same again, on those that failed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, report, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let boxes: DemoBox[];
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  boxes = head.demo.boxes;
});
afterAll(() => head.close());

const admin = () => head.demo.users.admin.token;
const post = (path: string, token = admin(), body: object = {}) => head.call(token, path, { method: 'POST', body });
const say = async (box: DemoBox, id: string, state: 'done' | 'failed' | 'refused') => {
  const error = { code: 'DEVICE_FAILED', message: 'no', retryable: true };
  const body = [report(id, state, state === 'done' ? {} : { error })];
  expect((await head.call(box.token, '/stb/v1/reports', { body })).status).toBe(200);
};
const actionsOf = async (box: DemoBox) => (await head.call(admin(), `/stb/v1/actions?box=${box.id}`)).body;

test('an action that failed is asked for again, now; one that did not is 409', async () => {
  const [box] = boxes as [DemoBox];
  const id = await head.act(
    box,
    'VOLUME',
    { volume: 7 },
    { when: new Date(Date.now() + 3_600_000).toISOString(), spread: 9 },
  );
  expect(await post(`/stb/v1/actions/${id}/repeat`)).toMatchObject({
    status: 409,
    body: { message: 'state', description: 'The action has not failed: it is queued' },
  });
  await say(box, id, 'failed');
  const { body } = await post(`/stb/v1/actions/${id}/repeat`);
  expect(body).toMatchObject({ id: expect.any(String), boxes: 1, skipped: 0 });
  expect(await head.action(body.id)).toMatchObject({
    type: 'VOLUME',
    params: { volume: 7 },
    when: null,
    expires: null,
    spread: 9,
    state: 'queued',
  });
  expect((await post(`/stb/v1/actions/${id}/repeat`)).body).toEqual({ id: null, boxes: 0, skipped: 1 });
});

test('of a fleet action only the boxes that failed, refused or expired are asked again', async () => {
  const [done, failed, refused, open] = boxes as [DemoBox, DemoBox, DemoBox, DemoBox];
  const { body } = await post('/stb/v1/actions', admin(), { all: true, type: 'UI' });
  const of = (box: DemoBox) => body.actions.find((action: { box: string }) => action.box === box.id).id;
  const first = body.actions[0].id;
  expect((await post(`/stb/v1/fleet-actions/${first}/repeat`)).status).toBe(409);
  await say(done, of(done), 'done');
  await say(failed, of(failed), 'failed');
  await say(refused, of(refused), 'refused');
  const repeated = (await post(`/stb/v1/fleet-actions/${first}/repeat`)).body;
  expect(repeated).toMatchObject({ boxes: 2, skipped: 0 });
  const counts = await Promise.all([done, failed, refused, open].map(async (box) => (await actionsOf(box)).items));
  expect(counts.map((items) => items.filter(({ type }: { type: string }) => type === 'UI').length)).toEqual([
    1, 2, 2, 1,
  ]);
  expect((await head.call(admin(), `/stb/v1/fleet-actions/${repeated.id}`)).body).toMatchObject({
    total: 2,
    states: { queued: 2 },
  });
  expect((await head.call(admin(), '/stb/v1/audit?limit=1&q=repeat')).body.items[0]).toMatchObject({
    call: 'POST /stb/v1/fleet-actions/:id/repeat',
    type: 'UI',
    outcome: { boxes: 2 },
  });
});

test('nobody repeats what its role or its customer does not allow', async () => {
  const { viewer, manager, owner, privateOwner } = head.demo.users;
  const [box] = boxes as [DemoBox];
  const id = await head.act(box, 'SPEEDTEST');
  await say(box, id, 'failed');
  for (const kind of ['actions', 'fleet-actions']) {
    const status = async (token: string) => (await post(`/stb/v1/${kind}/${id}/repeat`, token)).status;
    expect([await status(viewer.token), await status(manager.token), await status(owner.token)]).toEqual([
      403, 403, 403,
    ]);
    expect(await status(privateOwner.token)).toBe(404);
    expect((await post(`/stb/v1/${kind}/${'f'.repeat(24)}/repeat`)).status).toBe(404);
  }
  const played = await head.act(box, 'UI');
  await say(box, played, 'refused');
  expect((await post(`/stb/v1/actions/${played}/repeat`, manager.token)).body.boxes).toBe(1);
});
