/** The Telecom X calls around the group action, over real HTTP: single devices, groups, channels, packages. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openSocketBox, openTestHeadend, poll, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let admin: string;
let box: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  admin = head.demo.users.admin.token;
  box = head.demo.boxes[0] as DemoBox;
});
afterAll(() => head.close());

const nowhere = 'ffffffffffffffffffffffff';
const get = (path: string, token = admin) => head.call(token, path);
const post = (path: string, body: object, token = admin) => head.call(token, path, { body });
const remove = (path: string, token = admin) => head.call(token, path, { method: 'DELETE' });
const notFound = (message: string) => ({ status: 404, body: { code: 404, message, description: 'Not found' } });

describe('device action', () => {
  it('schedules an action for one box by its id, and answers with the id of the action', async () => {
    const { body } = await get(`/iptv/device/${box.id}/action?type=VOLUME&volume=5`);
    expect(body).toMatchObject({ success: true, devices: 1, skipped: 0 });
    expect(await head.action(body._id)).toMatchObject({
      box: box.id,
      type: 'VOLUME',
      params: { volume: 5 },
      when: null,
    });
  });

  it.each([
    (mac: string) => mac,
    (mac: string) => mac.toLowerCase(),
    (mac: string) => mac.replaceAll(':', ''),
    (mac: string) => mac.replaceAll(':', '-'),
  ])('takes the MAC however it is written (%#)', async (spell) => {
    const { status } = await get(`/iptv/device/${encodeURIComponent(spell(box.mac))}/action?type=UI`);
    expect(status).toBe(200);
  });

  it('takes `when` as RFC 3339 and as milliseconds, and keeps it', async () => {
    const when = new Date(Date.now() + 3_600_000);
    for (const spelt of [when.toISOString(), String(when.getTime())]) {
      const query = `type=VOLUME&volume=6&when=${encodeURIComponent(spelt)}`;
      const { body } = await get(`/iptv/device/${box.id}/action?${query}`);
      expect((await head.action(body._id)).when).toBe(when.toISOString());
    }
  });

  it('refuses a `when` that is an object, whatever it calls its own', async () => {
    const body = { type: 'VOLUME', volume: 6, when: { toString: '#', valueOf: 1 } };
    const answer = await head.call(head.demo.users.admin.token, `/iptv/device/${head.demo.boxes[0]!.id}/action`, {
      body,
    });
    expect(answer).toMatchObject({ status: 422, body: { message: 'when' } });
  });

  it('is skipped only for the same `when`: a reboot of tonight does not stand in the way of one now', async () => {
    const later = encodeURIComponent(new Date(Date.now() + 7_200_000).toISOString());
    const act = async (more: string) => (await get(`/iptv/device/${box.id}/action?type=REBOOT${more}`)).body;
    const tonight = await act(`&when=${later}`);
    expect(await act(`&when=${later}`)).toMatchObject({ devices: 0, skipped: 1, _id: tonight._id });
    expect(await act('')).toMatchObject({ devices: 1, skipped: 0 });
  });

  it.each(['tomorrow', '2026-13-01T00:00:00Z', '2027-02-29T00:00:00Z', '-1', '2026-11-21', '99999999999999'])(
    'refuses when=%s',
    async (when) => {
      const answer = await get(`/iptv/device/${box.id}/action?type=UI&when=${when}`);
      expect(answer).toMatchObject({ status: 422, body: { message: 'when', description: 'When is invalid' } });
    },
  );

  it('does the same by POST', async () => {
    const { body } = await post(`/iptv/device/${box.id}/action`, { type: 'VOLUME', volume: 9 });
    expect((await head.action(body._id)).params).toEqual({ volume: 9 });
  });

  it('answers 404 id for an unknown device, one of another customer, and one that is no STB', async () => {
    const { manager } = head.demo.users;
    const elsewhere = head.demo.boxes[3]?.id;
    expect(await get(`/iptv/device/${nowhere}/action?type=UI`)).toMatchObject(notFound('id'));
    expect(await get(`/iptv/device/${elsewhere}/action?type=UI`, manager.token)).toMatchObject(notFound('id'));
    expect(await get(`/iptv/device/${head.demo.android.id}/action?type=UI`)).toMatchObject(notFound('id'));
  });

  it('keeps the access levels of the group action', async () => {
    const { viewer, manager, privateOwner, reseller } = head.demo.users;
    const status = async (token: string, type: string) =>
      (await get(`/iptv/device/${box.id}/action?type=${type}`, token)).status;
    expect(await status(viewer.token, 'DVB')).toBe(403);
    expect(await status(privateOwner.token, 'DVB')).toBe(403);
    expect(await status(manager.token, 'SCREENSHOT')).toBe(403);
    expect(await status(reseller.token, 'SCREENSHOT')).toBe(200);
    expect(await status(reseller.token, 'UIDEBUG')).toBe(403);
  });
});

describe('delete action', () => {
  it('cancels an action that no box has seen', async () => {
    const id = await head.act(box, 'VOLUME', { volume: 61 });
    expect(await remove(`/iptv/device/${box.id}/action/${id}`)).toMatchObject({ status: 200, body: { success: true } });
    expect((await head.action(id)).state).toBe('cancelled');
  });

  it('answers 404 id for an unknown action, one of another device, and one that has ended', async () => {
    const id = await head.act(box, 'VOLUME', { volume: 62 });
    const other = head.demo.boxes[1]?.id;
    expect(await remove(`/iptv/device/${box.id}/action/${nowhere}`)).toMatchObject(notFound('id'));
    expect(await remove(`/iptv/device/${other}/action/${id}`)).toMatchObject(notFound('id'));
    await remove(`/iptv/device/${box.id}/action/${id}`);
    expect(await remove(`/iptv/device/${box.id}/action/${id}`)).toMatchObject(notFound('id'));
  });

  it('is not for a VIEWER', async () => {
    const id = await head.act(box, 'VOLUME', { volume: 63 });
    expect((await remove(`/iptv/device/${box.id}/action/${id}`, head.demo.users.viewer.token)).status).toBe(403);
  });
});

describe('get screenshot', () => {
  const other = () => head.demo.boxes[1] as DemoBox;
  const path = () => `/iptv/device/${other().id}/screenshot`;

  it('answers 404 id for an unknown device and 404 screenshot without a picture', async () => {
    expect(await get(`/iptv/device/${nowhere}/screenshot`)).toMatchObject(notFound('id'));
    expect(await get(path())).toMatchObject({
      status: 404,
      body: { code: 404, message: 'screenshot', description: 'No image on file' },
    });
  });

  it('answers with the newest PNG, and to whom may take one', async () => {
    const upload = async (text: string) => {
      const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text)]);
      const id = await head.act(other(), 'SCREENSHOT');
      await fetch(`${head.headend.url}/stb/v1/artifacts/${id}`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${other().token}`,
          'content-type': 'image/png',
          'content-digest': `sha-256=:${createHash('sha256').update(png).digest('base64')}:`,
        },
        body: png,
      });
      await remove(`/stb/v1/actions/${id}`);
      return png;
    };
    await upload('older');
    const newest = await upload('newer');
    const answer = await fetch(head.headend.url + path(), { headers: { authorization: `Bearer ${admin}` } });
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer()).equals(newest)).toBe(true);
    expect((await get(path(), head.demo.users.reseller.token)).status).toBe(200);
    expect((await get(path(), head.demo.users.manager.token)).status).toBe(403);
  });
});

describe('device list', () => {
  const names = async (query: string, token = admin) =>
    (await get(`/iptv/device?${query}`, token)).body.devices.map((device: { name: string }) => device.name);

  it('pages, and says how many there are in all', async () => {
    const { body } = await get('/iptv/device?limit=2&offset=1');
    expect(body).toMatchObject({ offset: 1, limit: 2, total: 5 });
    expect(body.devices).toHaveLength(2);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'offset=-1', 'type=TV', 'full=perhaps'])('refuses %s', async (query) => {
    const answer = await get(`/iptv/device?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 422, message: query.split('=')[0] } });
  });

  it('filters by type, text, customer, reseller and heartbeat', async () => {
    const { customers } = head.demo;
    expect(await names('type=DRM')).toEqual(['Reception tablet']);
    expect(await names('type=STB')).toHaveLength(4);
    expect(await names('filter=00:1a:79:00:00:02')).toEqual(['Room 102']);
    expect(await names('filter=tablet')).toEqual(['Reception tablet']);
    expect(await names('filter=%25')).toEqual([]);
    expect(await names(`customer=${customers.private}`)).toEqual(['Elm Street 4']);
    expect(await names(`reseller=${customers.reseller}`)).toHaveLength(5);
    expect(await names('heartbeatStatus=ONLINE')).toEqual([]);
    await poll(head, head.demo.boxes[1] as DemoBox);
    expect(await names('heartbeatStatus=ONLINE')).toEqual(['Room 102']);
    expect(await names('heartbeatStatus=OFFLINE&type=STB')).toHaveLength(3);
  });

  it('shows each caller its own customers only', async () => {
    const { manager, privateOwner, reseller } = head.demo.users;
    expect(await names('', manager.token)).toHaveLength(4);
    expect(await names('', privateOwner.token)).toEqual(['Elm Street 4']);
    expect(await names('', reseller.token)).toHaveLength(5);
    expect(await names(`customer=${head.demo.customers.business}`, privateOwner.token)).toEqual([]);
  });
});

describe('device get, create and update', () => {
  it('gets a device by id and by MAC', async () => {
    const { body } = await get(`/iptv/device/${box.id}`);
    expect(body).toMatchObject({
      _id: box.id,
      type: 'STB',
      mac: box.mac,
      enabled: true,
      streamOnly: false,
      developmentMode: false,
      iotId: box.id,
      groups: [head.demo.groups.business],
      packages: [head.demo.package],
      customFields: {},
      notes: '',
    });
    expect((await get(`/iptv/device/${box.mac}`)).body._id).toBe(box.id);
    expect(await get(`/iptv/device/${nowhere}`)).toMatchObject(notFound('id'));
  });

  it('creates a box whose token works at once', async () => {
    const { manager } = head.demo.users;
    const asked = { mac: '00-1a-79-77-77-77', notes: 'new', custom: { floor: 2 }, groups: [head.demo.groups.business] };
    const { status, body } = await post('/iptv/device', asked, manager.token);
    expect(status).toBe(200);
    const device = (await get(`/iptv/device/${body._id}`)).body;
    expect(device).toMatchObject({ mac: '00:1A:79:77:77:77', notes: 'new', customFields: { floor: 2 }, type: 'STB' });
    expect((await head.call(body.token, '/stb/v1/lineup')).status).toBe(200);
  });

  it.each([
    ['mac', { mac: 'no mac' }],
    ['mac', {}],
    ['mac', { mac: '00:1A:79:00:00:01' }],
    ['type', { mac: '001a79000101', type: 'IOS' }],
    ['custom', { mac: '001a79000102', custom: { text: 'x'.repeat(4096) } }],
    ['name', { mac: '001a79000103', name: '' }],
  ])('refuses a bad %s (%#)', async (message, body) => {
    const answer = await post('/iptv/device', { customer: head.demo.customers.business, ...body });
    expect(answer).toMatchObject({ status: 422, body: { code: 422, message } });
  });

  it('keeps to what the caller sees', async () => {
    const { manager, viewer } = head.demo.users;
    const other = { customer: head.demo.customers.private, mac: '001a79000104' };
    expect(await post('/iptv/device', other, manager.token)).toMatchObject(notFound('customer'));
    expect((await post('/iptv/device', other, viewer.token)).status).toBe(403);
    const foreign = { mac: '001a79000105', groups: [head.demo.groups.private] };
    expect(await post('/iptv/device', foreign, manager.token)).toMatchObject(notFound('groups'));
    expect((await get('/iptv/device?filter=001A79000105')).body.total).toBe(0);
    expect(await post(`/iptv/device/${head.demo.boxes[3]?.id}`, { name: 'x' }, manager.token)).toMatchObject(
      notFound('id'),
    );
  });

  it('updates one property and leaves the others', async () => {
    const before = (await get(`/iptv/device/${box.id}`)).body;
    await post(`/iptv/device/${box.id}`, { name: 'Suite', listMode: 'FAV', favorites: [head.demo.channels[0]?.id] });
    const after = (await get(`/iptv/device/${box.id}`)).body;
    expect(after).toEqual({ ...before, name: 'Suite', listMode: 'FAV', favorites: [head.demo.channels[0]?.id] });
  });

  it('a disabled box is shut out, and let in again', async () => {
    const id = head.demo.boxes[2]?.id;
    const token = head.demo.boxes[2]?.token;
    const open = await openSocketBox(head.headend, head.demo.boxes[2] as DemoBox);
    await post(`/iptv/device/${id}`, { enabled: false });
    await until(() => open.socket.readyState === open.socket.CLOSED, 'the link of the disabled box to close');
    expect((await head.call(token, '/stb/v1/lineup')).status).toBe(403);
    await post(`/iptv/device/${id}`, { enabled: 'true' });
    expect((await head.call(token, '/stb/v1/lineup')).status).toBe(200);
  });

  it('a reset token shuts out whoever has the old one, also on an open link', async () => {
    const victim = head.demo.boxes[2] as DemoBox;
    const open = await openSocketBox(head.headend, victim);
    const { body } = await post(`/iptv/device/${victim.id}/resettoken`, {});
    expect(body.success).toBe(true);
    await until(() => open.socket.readyState === open.socket.CLOSED, 'the old link to close');
    expect((await head.call(victim.token, '/stb/v1/lineup')).status).toBe(401);
    expect((await head.call(body.token, '/stb/v1/lineup')).status).toBe(200);
  });

  it('another main package takes the place of the one before, and that one its place again', async () => {
    const packages = (await get('/iptv/package')).body.packages as { _id: string; main: boolean }[];
    const basic = packages.find(({ main }) => main)?._id;
    const gold = (await post('/iptv/package', { name: 'Gold', main: true })).body._id;
    const moved = (await post('/iptv/device', { customer: head.demo.customers.business, mac: '02:00:00:00:0A:02' }))
      .body;
    for (const id of [basic, gold, basic]) {
      expect((await post(`/iptv/device/${moved._id}`, { packages: [id] })).body).toEqual({ success: true });
      expect((await get(`/iptv/device/${moved._id}`)).body.packages).toEqual([id]);
    }
    const both = await post(`/iptv/device/${moved._id}`, { packages: [basic, gold] });
    expect(both.body).toMatchObject({ code: 422, description: 'A device has one main package at a time' });
  });

  it('a box that goes to another customer takes nothing along of what it did and was asked before', async () => {
    const { business, private: home } = head.demo.customers;
    const moved = (await post('/iptv/device', { customer: home, mac: '02:00:00:00:0A:01' })).body;
    const { body: made } = await get(`/iptv/device/${moved._id}/action?type=MESSAGE&message=Your%20bill`);
    await head.call(moved.token, '/iptv/app/log', { body: { event: 'at home' } });
    expect((await post(`/iptv/device/${moved._id}`, { customer: business })).body).toEqual({ success: true });
    expect((await get(`/stb/v1/actions/${made._id}`)).status).toBe(404);
    const types = async () =>
      (await get(`/stb/v1/actions?box=${moved._id}`)).body.items.map(({ type }: { type: string }) => type);
    await until(async () => (await types()).includes('CHANNELS'), 'it to be told of its new line-up');
    expect(await types()).not.toContain('MESSAGE');
    expect((await get(`/iptv/device/${moved._id}/log`)).body.events).toEqual([]);
    expect((await head.call(moved.token, '/stb/v1/lineup')).status).toBe(200);
  });

  it("an app's device that goes to another customer loses the account that it signed in with", async () => {
    const { business, private: home } = head.demo.customers;
    const account = { username: 'anna@home.example', password: 'password of anna' };
    await post('/iptv/drm', { customer: home, ...account });
    const device = { deviceId: 'phone-of-anna', type: 'IOS', model: 'iPhone' };
    const phone = (await head.call(undefined, '/iptv/app/login', { body: { ...account, ...device } })).body;
    await post(`/iptv/device/${phone._id}`, { customer: business });
    expect((await head.call(phone.token, '/iptv/app/account', { body: { password: 'password of x' } })).status).toBe(
      401,
    );
    expect((await get(`/iptv/drm/${account.username}`)).body).toMatchObject({ ...account, devices: [] });
  });
});
