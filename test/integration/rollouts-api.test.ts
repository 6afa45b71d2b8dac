/** Who may begin, see and steer a firmware rollout, and what the API says of what it does not take. */
import { expect, test } from 'vitest';
import { images, openRolloutSite } from '../support/rollout-site.ts';
import { until } from '../support/until.ts';

const body = { all: true, firmware: images.good, waves: [50, 100], gate: 95 };

test('only the roles that may use FIRMWARE begin and steer one', async () => {
  const { head, box, begin } = await openRolloutSite();
  const { users } = head.demo;
  for (const role of ['viewer', 'manager', 'owner', 'privateOwner'] as const) {
    expect(await head.call(users[role].token, '/stb/v1/rollouts', { body })).toMatchObject({
      status: 403,
      body: { code: 403, message: 'access_denied' },
    });
  }
  const { id } = await begin({ all: undefined, boxes: [box(0).id] });
  for (const order of ['pause', 'resume', 'stop', 'rollback']) {
    const steer = (token: string) =>
      head.call(token, `/stb/v1/rollouts/${id}/${order}`, { body: { firmware: images.old } });
    expect((await steer(users.viewer.token)).status).toBe(403);
    expect((await steer(users.owner.token)).status).toBe(403);
    expect((await steer(users.privateOwner.token)).status).toBe(404);
    expect((await head.call(undefined, `/stb/v1/rollouts/${id}/${order}`, { body: {} })).status).toBe(401);
  }
  expect((await head.call(users.reseller.token, `/stb/v1/rollouts/${id}/stop`, { body: {} })).status).toBe(200);
  expect((await head.call(users.reseller.token, '/stb/v1/rollouts', { body })).status).toBe(200);
});

test('a MANAGER sees its own customer’s boxes of a rollout, and neither the others nor what befell them', async () => {
  const { head, rollouts, openAll, begin } = await openRolloutSite();
  await openAll();
  const { id } = await begin({ firmware: images.bad });
  await rollouts.until(id, 'the rollout to stop', ({ state, waves }) => state === 'stopped' && waves[0]?.failed === 4);
  const { manager, privateOwner, admin } = head.demo.users;
  const see = async (token: string) => (await head.call(token, `/stb/v1/rollouts/${id}`)).body;
  const mine = head.demo.boxes.filter((each) => each.customer === head.demo.customers.business).map((each) => each.id);
  const seen = await see(manager.token);
  expect(seen).toMatchObject({ partial: true, boxes: 3, waves: [{ boxes: 3, failed: 3 }] });
  expect(seen.members.items.map((member: { box: string }) => member.box).sort()).toEqual(mine.sort());
  expect(seen.reason).toBe('It has stopped. Why is told to those who see all of its boxes.');
  expect(await see(privateOwner.token)).toMatchObject({ partial: true, boxes: 1 });
  expect(await see(admin.token)).toMatchObject({
    partial: false,
    boxes: 4,
    reason: expect.stringContaining('FELL_BACK'),
  });
});

test('a rollout that has none of a customer’s boxes does not exist for it', async () => {
  const { head, box, begin } = await openRolloutSite();
  const { id } = await begin({ all: undefined, boxes: [box(3).id] });
  const { manager, privateOwner } = head.demo.users;
  expect((await head.call(manager.token, `/stb/v1/rollouts/${id}`)).status).toBe(404);
  expect((await head.call(manager.token, '/stb/v1/rollouts')).body).toEqual({
    offset: 0,
    limit: 100,
    total: 0,
    items: [],
  });
  expect((await head.call(privateOwner.token, '/stb/v1/rollouts')).body).toMatchObject({ total: 1, items: [{ id }] });
});

test('a field that is wrong is named, and nothing begins', async () => {
  const { head } = await openRolloutSite();
  const { token } = head.demo.users.admin;
  const wrong: [string, object][] = [
    ['firmware', { firmware: undefined }],
    ['firmware', { firmware: 'ftp://images.example/1.bundle' }],
    ['waves', { waves: [10, 5, 100] }],
    ['waves', { waves: [10, 50] }],
    ['waves', { waves: [] }],
    ['waves', { waves: undefined }],
    ['gate', { gate: 0 }],
    ['gate', { gate: 101 }],
    ['patienceSeconds', { patienceSeconds: 0 }],
    ['soakSeconds', { soakSeconds: -1 }],
    ['boxes', { all: undefined }],
    ['soakSecnods', { soakSecnods: 600 }],
    ['filter', { all: undefined, filter: { modl: 'SIM250' } }],
  ];
  for (const [field, fields] of wrong) {
    const answer = await head.call(token, '/stb/v1/rollouts', { body: { ...body, ...fields } });
    expect(answer).toMatchObject({ status: 422, body: { code: 422, message: field } });
  }
  expect((await head.call(token, '/stb/v1/rollouts')).body.total).toBe(0);
  expect((await head.call(token, '/stb/v1/actions')).body.total).toBe(0);
});

test('a box is in one rollout at a time: another is refused while the first runs or is paused, and the preview says so before', async () => {
  const { head, rollouts, box, begin } = await openRolloutSite();
  const { token } = head.demo.users.admin;
  const target = { boxes: [box(0).id, box(1).id] };
  const preview = async (type: string, params: object = {}) =>
    (await head.call(token, '/stb/v1/actions/preview', { body: { ...target, type, params } })).body.rollouts;
  const { id } = await begin({ all: undefined, boxes: [box(1).id, box(2).id], name: 'November' });
  const again = () => head.call(token, '/stb/v1/rollouts', { body: { ...body, all: undefined, ...target } });
  for (const order of ['pause', 'resume'] as const) {
    expect(await again()).toMatchObject({ status: 409, body: { message: 'boxes' } });
    expect((await again()).body.description).toContain(`1 of the boxes are in the rollout “November” (${id})`);
    expect(await preview('FIRMWARE')).toEqual([{ id, name: 'November', boxes: 1 }]);
    expect(await preview('UI')).toEqual([]);
    expect(await rollouts.order(id, order)).toBe(200);
  }
  expect((await head.call(token, '/stb/v1/rollouts')).body.total).toBe(1);
  expect(await rollouts.order(id, 'stop')).toBe(200);
  expect(await preview('FIRMWARE')).toEqual([]);
  expect((await again()).status).toBe(200);
});

test('a rollout that has stopped is not resumed while one of its boxes is in another that runs or is paused', async () => {
  const { head, rollouts, box, begin } = await openRolloutSite();
  const { token } = head.demo.users.admin;
  const { id } = await begin({ all: undefined, boxes: [box(0).id, box(1).id] });
  expect(await rollouts.order(id, 'stop')).toBe(200);
  const other = await begin({ all: undefined, boxes: [box(1).id, box(2).id], name: 'December' });
  const resume = () => head.call(token, `/stb/v1/rollouts/${id}/resume`, { body: {} });
  for (const order of ['pause', 'stop'] as const) {
    const answer = await resume();
    expect(answer).toMatchObject({ status: 409, body: { message: 'boxes' } });
    expect(answer.body.description).toContain(`1 of the boxes are in the rollout “December” (${other.id})`);
    expect(await rollouts.order(other.id, order)).toBe(200);
  }
  expect((await resume()).status).toBe(200);
});

test('the list is newest first and in pages, and the boxes of one can be chosen by wave and state', async () => {
  const { head, rollouts, openAll, begin } = await openRolloutSite();
  await openAll();
  const first = await begin({ name: 'first', waves: [50, 100] });
  await rollouts.until(first.id, 'it to be done', ({ state }) => state === 'done');
  const second = await begin({ name: 'second', firmware: images.old });
  const { token } = head.demo.users.admin;
  const page = async (query: string) => (await head.call(token, `/stb/v1/rollouts?${query}`)).body;
  expect((await page('limit=1')).items.map(({ id }: { id: string }) => id)).toEqual([second.id]);
  expect(await page('limit=1&offset=1')).toMatchObject({ offset: 1, limit: 1, total: 2, items: [{ id: first.id }] });
  const members = async (query: string) =>
    (await head.call(token, `/stb/v1/rollouts/${first.id}?${query}`)).body.members;
  expect(await members('wave=1')).toMatchObject({ total: 2, items: [{ wave: 1 }, { wave: 1 }] });
  expect(await members('state=failed')).toMatchObject({ total: 0 });
  expect(await members('limit=3')).toMatchObject({ total: 4, limit: 3 });
});

test('what happens to a rollout is told live, with the numbers of those who listen', async () => {
  const { head, rollouts, openAll, begin } = await openRolloutSite();
  await openAll();
  const heard = new Map<string, string>();
  const stop = new AbortController();
  for (const role of ['admin', 'manager'] as const) {
    const headers = { authorization: `Bearer ${head.demo.users[role].token}` };
    const stream = await fetch(`${head.headend.url}/stb/v1/events`, { headers, signal: stop.signal });
    void (async () => {
      const decoder = new TextDecoderStream();
      for await (const text of (stream.body as ReadableStream<Uint8Array>).pipeThrough(decoder as never)) {
        heard.set(role, (heard.get(role) ?? '') + text);
      }
    })().catch(() => undefined);
  }
  const { id } = await begin();
  await rollouts.until(id, 'the rollout to be done', ({ state }) => state === 'done');
  const last = (role: string) =>
    [...(heard.get(role) ?? '').matchAll(/event: rollout\ndata: (.*)\n\n/g)]
      .map(([, data]) => JSON.parse(data ?? ''))
      .at(-1);
  await until(() => last('admin')?.state === 'done' && last('manager')?.state === 'done', 'the events');
  expect(last('admin')).toMatchObject({ id, boxes: 4, partial: false });
  expect(last('manager')).toMatchObject({ id, boxes: 3, partial: true });
  stop.abort();
});
