/** The headend's own API: lists, filters, what may be asked, live events, the OpenAPI document, figures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openTestHeadend, poll, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let admin: string;
let box: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  admin = head.demo.users.admin.token;
  box = head.demo.boxes[0] as DemoBox;
});
afterAll(() => head.close());

const get = (path: string, token = admin) => head.call(token, path);
const make = (body: object, token = admin) => head.call(token, '/stb/v1/actions', { body });
const names = async (query: string, token = admin) =>
  (await get(`/stb/v1/boxes?${query}`, token)).body.items.map(({ name }: { name: string }) => name);

describe('boxes', () => {
  it('are the set-top boxes, with what is known of each', async () => {
    const { body } = await get('/stb/v1/boxes');
    expect(body).toMatchObject({ offset: 0, limit: 100, total: 4 });
    expect(body.items[0]).toMatchObject({
      id: box.id,
      mac: '00:1A:79:00:00:01',
      name: 'Room 101',
      online: false,
      lastSeen: null,
      upstream: null,
      model: null,
      firmware: null,
      groups: [head.demo.groups.business],
      telemetry: null,
      playing: null,
    });
    expect(box.id).toMatch(/^[0-9a-f]{24}$/);
  });

  it('are found by text, customer, group, model, firmware, upstream and presence', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    await poll(head, second, { hello: hello(second, { model: 'MAG250', firmware: '7.7' }) });
    expect(await names('q=room%20101')).toEqual(['Room 101']);
    expect(await names(`q=${second.mac}`)).toEqual(['Room 102']);
    expect(await names(`customer=${head.demo.customers.private}`)).toEqual(['Elm Street 4']);
    expect(await names(`group=${head.demo.groups.private}`)).toEqual(['Elm Street 4']);
    expect(await names('model=MAG250')).toEqual(['Room 102']);
    expect(await names('firmware=7.7')).toEqual(['Room 102']);
    expect(await names('upstream=heartbeat')).toEqual(['Room 102']);
    expect(await names('online=true')).toEqual(['Room 102']);
    expect(await names('online=false')).toHaveLength(3);
    expect(await names('limit=1&offset=3')).toEqual(['Elm Street 4']);
  });

  it('are shown to each operator within what is its own', async () => {
    const { viewer, privateOwner, reseller } = head.demo.users;
    expect(await names('', viewer.token)).toHaveLength(3);
    expect(await names('', privateOwner.token)).toEqual(['Elm Street 4']);
    expect(await names('', reseller.token)).toHaveLength(4);
    expect((await get(`/stb/v1/boxes/${box.id}`, privateOwner.token)).status).toBe(404);
    expect((await get(`/stb/v1/boxes/${box.mac}`, viewer.token)).body.id).toBe(box.id);
    expect((await get(`/stb/v1/boxes/${head.demo.android.id}`)).status).toBe(404);
  });

  it.each(['limit=0', 'limit=501', 'offset=-1', 'online=maybe'])('refuses %s', async (query) => {
    expect(await get(`/stb/v1/boxes?${query}`)).toMatchObject({ status: 422, body: { message: query.split('=')[0] } });
  });
});

describe('telemetry', () => {
  const say = (at: string, cpuPercent: number) =>
    head.call(box.token, '/stb/v1/reports', { body: [{ v: 1, kind: 'telemetry', at, cpuPercent }] });

  it('is there report by report and gathered for a plot, within a span, to whom the box is', async () => {
    const before = new Date(Date.now() - 1).toISOString();
    await say('2026-01-01T00:00:00Z', 10);
    await say('2026-01-01T00:01:00Z', 30);
    const path = `/stb/v1/boxes/${box.id}/telemetry`;
    expect((await get(`${path}?from=${before}`)).body).toMatchObject({
      total: 2,
      items: [{ cpuPercent: 30 }, { cpuPercent: 10 }],
    });
    expect((await get(`${path}?to=${before}`)).body.total).toBe(0);
    const { body } = await get(`${path}/history?points=1&from=${before}`);
    expect(body.items).toEqual([{ at: expect.any(String), reports: 2, cpuPercent: { least: 10, mean: 20, most: 30 } }]);
    expect((await get(`${path}/history?to=${before}`)).body.items).toEqual([]);
    for (const query of ['points=0', 'points=2001', 'from=yesterday', `from=${before}&to=${before}`])
      expect((await get(`${path}/history?${query}`)).status).toBe(422);
    for (const end of ['', '/history'])
      expect((await get(path + end, head.demo.users.privateOwner.token)).status).toBe(404);
  });
});

describe('making actions', () => {
  it('takes boxes by id and MAC, groups, a filter, and all, each box once', async () => {
    const count = async (targets: object, volume: number) =>
      (await make({ ...targets, type: 'VOLUME', params: { volume } })).body.actions.length;
    expect(await count({ boxes: [box.id, box.mac, head.demo.boxes[1]?.mac.toLowerCase()] }, 1)).toBe(2);
    expect(await count({ groups: [head.demo.groups.business, head.demo.groups.private] }, 2)).toBe(4);
    expect(await count({ boxes: [box.id], groups: [head.demo.groups.business] }, 3)).toBe(3);
    expect(await count({ filter: { customer: head.demo.customers.private } }, 4)).toBe(1);
    expect(await count({ filter: { q: '00:1a:79:00:00:01' } }, 6)).toBe(1);
    expect(await count({ filter: { q: '00-1a-79-00-00-01' } }, 7)).toBe(1);
    expect(await count({ all: true }, 5)).toBe(4);
  });

  it('skips and counts what is scheduled already', async () => {
    expect((await make({ all: true, type: 'VOLUME', params: { volume: 5 } })).body).toEqual({
      actions: [],
      skipped: 4,
    });
  });

  it('keeps when, expires and spread', async () => {
    const when = '2026-12-24T12:00:00+01:00';
    const { body } = await make({ boxes: [box.id], type: 'REBOOT', when, expires: '2026-12-24T13:00:00Z', spread: 60 });
    expect(body.actions[0]).toMatchObject({
      state: 'queued',
      when: '2026-12-24T11:00:00.000Z',
      expires: '2026-12-24T13:00:00.000Z',
      spread: 60,
      result: null,
      error: null,
    });
  });

  it.each([
    ['boxes', { type: 'UI' }],
    ['type', { all: true }],
    ['type', { all: true, type: 'NOPE' }],
    ['volume', { all: true, type: 'VOLUME', params: { volume: 101 } }],
    ['volume', { all: true, type: 'VOLUME', params: { volume: '50' } }],
    ['keys', { all: true, type: 'EMULATEKEYS', params: { keys: ['NOPE'] } }],
    ['when', { all: true, type: 'UI', when: 'soon' }],
    ['when', { all: true, type: 'UI', when: '2226-01-01T00:00:00Z' }],
    ['expires', { all: true, type: 'UI', expires: '2020-01-01T00:00:00Z' }],
    ['expires', { all: true, type: 'UI', when: '2026-12-24T12:00:00Z', expires: '2026-12-24T11:00:00Z' }],
    ['spread', { all: true, type: 'UI', spread: -1 }],
    ['spread', { all: true, type: 'UI', spread: 86_401 }],
    ['params', { all: true, type: 'UI', params: 'x' }],
    ['whne', { all: true, type: 'REBOOT', whne: '2026-12-24T12:00:00Z' }],
    ['filter', { filter: { onlin: true }, type: 'REBOOT' }],
    ['repaet', { all: true, type: 'MESSAGE', params: { message: 'x', repaet: true } }],
    ['volume', { all: true, type: 'UI', params: { volume: 5 } }],
  ])('refuses a bad %s (%#)', async (message, body) => {
    expect(await make(body)).toMatchObject({ status: 422, body: { code: 422, message } });
  });

  it('says of a field that there is not that there is none, for what was meant by it would not happen', async () => {
    const { body } = await make({ filter: { onlin: true }, type: 'REBOOT' });
    expect(body).toMatchObject({ description: 'filter.onlin: there is no such field' });
  });

  it('answers 404 for boxes and groups that the caller does not see', async () => {
    const { manager } = head.demo.users;
    const foreign = head.demo.boxes[3]?.id;
    expect(await make({ boxes: ['nobody'], type: 'UI' })).toMatchObject({ status: 404, body: { message: 'boxes' } });
    expect(await make({ boxes: [head.demo.android.id], type: 'UI' })).toMatchObject({ status: 404 });
    expect(await make({ boxes: [foreign], type: 'UI' }, manager.token)).toMatchObject({ status: 404 });
    const groups = [head.demo.groups.private];
    expect(await make({ groups, type: 'UI' }, manager.token)).toMatchObject({
      status: 404,
      body: { message: 'groups' },
    });
  });

  it('keeps the access rules of the group action', async () => {
    const { viewer, manager, privateOwner, reseller } = head.demo.users;
    const status = async (token: string, type: string, params = {}) =>
      (await make({ all: true, type, params }, token)).status;
    expect(await status(viewer.token, 'UI')).toBe(403);
    expect(await status(privateOwner.token, 'UI')).toBe(403);
    expect(await status(manager.token, 'DVB')).toBe(200);
    expect(await status(manager.token, 'SPEEDTEST')).toBe(403);
    expect(await status(reseller.token, 'SPEEDTEST')).toBe(200);
    expect(await status(reseller.token, 'JS', { js: '1' })).toBe(403);
    expect(await status(admin, 'JS', { js: '1' })).toBe(200);
  });
});

describe('actions', () => {
  it('are listed newest first, by box, type and state, in pages', async () => {
    const ids = [];
    for (const volume of [81, 82, 83]) ids.push(await head.act(box, 'VOLUME', { volume }));
    const { body } = await get(`/stb/v1/actions?box=${box.id}&type=VOLUME&state=queued&limit=2`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    expect(body.total).toBeGreaterThanOrEqual(3);
    const next = await get(`/stb/v1/actions?box=${box.mac}&type=VOLUME&state=queued&limit=1&offset=2`);
    expect(next.body.items[0].id).toBe(ids[0]);
    expect((await get('/stb/v1/actions?state=gone')).body.message).toBe('state');
  });

  it('are hidden from operators of other customers', async () => {
    const { privateOwner } = head.demo.users;
    const id = await head.act(box, 'VOLUME', { volume: 84 });
    expect((await get(`/stb/v1/actions/${id}`, privateOwner.token)).status).toBe(404);
    expect((await get(`/stb/v1/actions?box=${box.id}`, privateOwner.token)).body.total).toBe(0);
    const path = `/stb/v1/actions/${id}`;
    expect((await head.call(privateOwner.token, path, { method: 'DELETE' })).status).toBe(404);
    expect((await head.call(head.demo.users.viewer.token, path, { method: 'DELETE' })).status).toBe(403);
  });

  it('are cancelled at once when no box has seen them, and cannot be cancelled twice', async () => {
    const id = await head.act(box, 'VOLUME', { volume: 85 });
    const cancel = () => head.call(admin, `/stb/v1/actions/${id}`, { method: 'DELETE' });
    expect((await cancel()).body).toMatchObject({ id, state: 'cancelled' });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 409, message: 'state' } });
    expect((await get('/stb/v1/actions/unknown')).status).toBe(404);
  });
});

describe('groups, channels, customers and users', () => {
  it('are listed for what an action can name', async () => {
    expect((await get('/stb/v1/groups')).body.items).toContainEqual(
      expect.objectContaining({ id: head.demo.groups.business, name: 'Hotel rooms', boxes: 3 }),
    );
    expect((await get('/stb/v1/channels?radio=true')).body.total).toBe(3);
    expect((await get('/stb/v1/channels?q=jazz')).body.items[0]).toMatchObject({ name: 'Radio Jazz', radio: true });
    expect((await get('/stb/v1/customers', head.demo.users.manager.token)).body.total).toBe(1);
    expect((await get('/stb/v1/customers')).body.total).toBe(3);
  });

  it('users are made, given a new token and deleted by an ADMIN only', async () => {
    const { customers, users } = head.demo;
    const asked = { name: 'New', role: 'OWNER', customer: customers.business };
    const post = (path: string, body: object, token = admin) => head.call(token, path, { body });
    expect((await post('/stb/v1/users', asked, users.reseller.token)).status).toBe(403);
    const { body: made } = await post('/stb/v1/users', asked);
    expect((await get('/stb/v1/boxes', made.token)).body.total).toBe(3);
    const { body: renewed } = await post(`/stb/v1/users/${made.id}/token`, {});
    expect((await get('/stb/v1/boxes', made.token)).status).toBe(401);
    expect((await get('/stb/v1/boxes', renewed.token)).status).toBe(200);
    await head.call(admin, `/stb/v1/users/${made.id}`, { method: 'DELETE' });
    expect((await get('/stb/v1/boxes', renewed.token)).status).toBe(401);
    expect((await post('/stb/v1/users', { name: 'x', role: 'OWNER' })).body.message).toBe('customer');
    const self = await head.call(admin, `/stb/v1/users/${users.admin.id}`, { method: 'DELETE' });
    expect(self.status).toBe(409);
    expect(JSON.stringify((await get('/stb/v1/users')).body)).not.toContain(renewed.token);
  });

  it('a customer cannot be put below itself', async () => {
    const { customers } = head.demo;
    const body = { parent: customers.business };
    const answer = await head.call(admin, `/stb/v1/customers/${customers.reseller}`, { body });
    expect(answer).toMatchObject({ status: 422, body: { message: 'parent' } });
  });
});
