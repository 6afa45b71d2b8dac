/** The Telecom X package update as documented: the query example, its response, every error row, and who may. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let admin: string;
/** A package of the business customer, with one channel. */
let own: string;
const ids = { all: '', base: '', dvb: '', dvbOnly: '', local: '', foreign: '' };
const nowhere = 'ffffffffffffffffffffffff';

const post = (path: string, body: unknown, token = admin) => head.call(token, path, { method: 'POST', body });
const get = (path: string, token = admin) => head.call(token, path);
const remove = (path: string, token = admin) => head.call(token, path, { method: 'DELETE' });

async function makeChannel(body: object): Promise<string> {
  return (await post('/iptv/channel', { number: 500, name: 'Test', ...body })).body._id;
}

beforeAll(async () => {
  head = await openTestHeadend();
  const { users, customers } = head.demo;
  admin = users.admin.token;
  const [base, dvb] = [{ baseChannel: 'http://stream.example/a.m3u8' }, { dvb: { freq: 218_000, prog: 1 } }];
  const local = { locals: ['udp://239.1.1.1:5000'] };
  ids.all = await makeChannel({ ...base, ...dvb, ...local });
  ids.base = await makeChannel(base);
  ids.dvb = await makeChannel(dvb);
  ids.dvbOnly = await makeChannel({ ...base, ...dvb, ...local, dvbOnly: true });
  ids.local = await makeChannel(local);
  ids.foreign = await makeChannel({ ...base, customer: customers.private });
  const body = { name: 'Own', main: true, channels: [{ _id: ids.all, type: 'BASE' }] };
  own = (await post('/iptv/package', body, users.manager.token)).body._id;
});
afterAll(() => head.close());

describe('the query example', () => {
  it('gives the package its name and its whole list of channels, and answers with the package', async () => {
    const channels = [];
    for (let number = 1; number <= 8; number++) {
      channels.unshift({ _id: await makeChannel({ number, dvb: { freq: 218_000, prog: number } }), type: 'DVB' });
    }
    const answer = await post(
      `/iptv/package/${own}`,
      { name: 'Local channels', channels },
      head.demo.users.manager.token,
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      _id: own,
      name: 'Local channels',
      main: true,
      channels,
    });
    expect((await get(`/iptv/package/${own}`)).body).toEqual(answer.body);
  });

  it('takes a single property, and leaves the other as it was', async () => {
    const { channels } = (await get(`/iptv/package/${own}`)).body;
    expect((await post(`/iptv/package/${own}`, { name: 'Renamed' })).body).toMatchObject({ name: 'Renamed', channels });
    const one = [{ _id: ids.all, type: 'LOCAL' }];
    expect((await post(`/iptv/package/${own}`, { channels: one })).body).toMatchObject({
      name: 'Renamed',
      channels: one,
    });
    expect((await post(`/iptv/package/${own}`, { channels: [] })).body).toMatchObject({
      name: 'Renamed',
      channels: [],
    });
    expect((await post(`/iptv/package/${own.toUpperCase()}`, {})).body).toMatchObject({
      name: 'Renamed',
      channels: [],
    });
  });
});

describe('the error rows', () => {
  type Row = [code: number, message: string, description: string, body: () => unknown, path?: string];
  const support = (type: string, id: () => string): Row => [
    422,
    'channels[].type',
    `Channel does not support type ${type}`,
    () => ({ channels: [{ _id: id(), type }] }),
  ];
  const rows: Row[] = [
    [404, 'id', 'Not found', () => ({ name: 'x' }), `/iptv/package/${nowhere}`],
    [404, 'id', 'Not found', () => ({ name: 'x' }), '/iptv/package/nonsense'],
    [422, 'name', 'Name is missing', () => ({ name: '' })],
    [422, 'name', 'Name is missing', () => ({ name: '  ' })],
    [422, 'name', 'Name is missing', () => ({ name: null })],
    [422, 'name', 'Name is missing', () => ({ name: 7 })],
    [404, 'channels[]._id', 'Channels not found', () => ({ channels: [{ _id: nowhere, type: 'BASE' }] })],
    [404, 'channels[]._id', 'Channels not found', () => ({ channels: [{ type: 'BASE' }] })],
    [404, 'channels[]._id', 'Channels not found', () => ({ channels: [null] })],
    [404, 'channels[]._id', 'Channels not found', () => ({ channels: [{ _id: { $ne: 1 }, type: 'BASE' }] })],
    [404, 'channels[]._id', 'Channels not found', () => ({ channels: [{ _id: ids.foreign, type: 'BASE' }] })],
    [422, 'channels[].type', 'Type is invalid', () => ({ channels: [{ _id: ids.all }] })],
    [422, 'channels[].type', 'Type is invalid', () => ({ channels: [{ _id: ids.all, type: 'base' }] })],
    [422, 'channels[].type', 'Type is invalid', () => ({ channels: [{ _id: ids.all, type: 'SATELLITE' }] })],
    support('BASE', () => ids.dvb),
    support('BASE', () => ids.dvbOnly),
    support('BASE', () => ids.local),
    support('DVB', () => ids.base),
    support('DVB', () => ids.local),
    support('LOCAL', () => ids.base),
    support('LOCAL', () => ids.dvb),
    support('LOCAL', () => ids.dvbOnly),
    [
      422,
      'channels[]._id',
      'Channel is listed twice',
      () => ({ channels: [1, 2].map(() => ({ _id: ids.all, type: 'DVB' })) }),
    ],
    [422, 'channels', 'Channels is not a list', () => ({ channels: { _id: ids.all } })],
    [422, 'channels', 'Longer than the 1000 that are taken', () => ({ channels: Array(1_001).fill({}) })],
  ];

  it.each(rows)('%i %s, %s (%#)', async (code, message, description, body, path) => {
    const before = (await get(`/iptv/package/${own}`)).body;
    const answer = await post(path ?? `/iptv/package/${own}`, body());
    expect(answer.status).toBe(code);
    expect(answer.body).toEqual({ code, message, description });
    expect((await get(`/iptv/package/${own}`)).body).toEqual(before);
  });

  it('401 token without one, and 403 access_denied with the token of a box', async () => {
    const call = (token: string | undefined) => head.call(token, `/iptv/package/${own}`, { body: { name: 'x' } });
    expect(await call(undefined)).toMatchObject({ status: 401, body: { message: 'token' } });
    expect(await call(head.demo.boxes[0]?.token)).toMatchObject({ status: 403, body: { message: 'access_denied' } });
  });
});

describe('who may change a package', () => {
  type User = 'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller' | 'admin';
  const table: [user: User, of: 'business' | 'private' | 'everybody', status: number, why: string][] = [
    ['viewer', 'business', 403, 'a VIEWER only looks'],
    ['manager', 'business', 200, 'its customer has IPTVBUSINESS'],
    ['owner', 'business', 200, 'its customer has IPTVBUSINESS'],
    ['privateOwner', 'private', 403, 'its customer has only IPTVPRIVATE'],
    ['manager', 'private', 404, 'it does not see it'],
    ['reseller', 'business', 200, 'the customer has IPTVBUSINESS'],
    ['reseller', 'private', 200, 'the customer has IPTVPRIVATE'],
    ['manager', 'everybody', 403, 'it is an ADMIN’s'],
    ['reseller', 'everybody', 403, 'it is an ADMIN’s'],
    ['admin', 'private', 200, 'an ADMIN may everything'],
    ['admin', 'everybody', 200, 'an ADMIN may everything'],
  ];

  it.each(table)('%s, of %s: %i, because %s', async (user, of, status) => {
    const { users, customers } = head.demo;
    const customer = of === 'everybody' ? undefined : customers[of];
    const { _id } = (await post('/iptv/package', { name: 'Of somebody', customer })).body;
    const answer = await post(`/iptv/package/${_id}`, { name: 'Changed' }, users[user].token);
    expect(answer.status).toBe(status);
    const denied = { code: 403, message: 'access_denied', description: 'Insufficient access level' };
    if (status === 403) expect(answer.body).toEqual(denied);
    expect((await remove(`/iptv/package/${_id}`, users[user].token)).status).toBe(status);
  });
});

describe('create, list and delete', () => {
  it('wants a name, and is for the own customer where none is named', async () => {
    const { manager, privateOwner, viewer } = head.demo.users;
    expect(await post('/iptv/package', {}, manager.token)).toMatchObject({ status: 422, body: { message: 'name' } });
    expect((await post('/iptv/package', { name: 'x' }, viewer.token)).status).toBe(403);
    expect((await post('/iptv/package', { name: 'x', customer: nowhere })).body.message).toBe('customer');
    const made = await post('/iptv/package', { name: 'Extra' }, manager.token);
    expect(made.body).toEqual({ _id: expect.any(String), name: 'Extra', main: false, channels: [] });
    const listed = async (token: string) => (await get('/iptv/package?filter=extra', token)).body.total;
    expect([await listed(manager.token), await listed(privateOwner.token)]).toEqual([1, 0]);
    expect((await remove(`/iptv/package/${made.body._id}`, manager.token)).body).toEqual({ success: true });
    expect(await listed(manager.token)).toBe(0);
    expect((await get(`/iptv/package/${made.body._id}`, manager.token)).status).toBe(404);
  });

  it('takes a channel out of every package when it is deleted, and keeps what is not changed of one that is', async () => {
    const id = await makeChannel({ baseChannel: 'http://stream.example/b', epgId: 'b.example' });
    await post(`/iptv/package/${own}`, { channels: [{ _id: id, type: 'BASE' }] });
    const changed = await post(`/iptv/channel/${id}`, { name: 'Other', dvb: { freq: 1 } });
    expect(changed.body).toMatchObject({
      name: 'Other',
      baseChannel: 'http://stream.example/b',
      epgId: 'b.example',
      dvb: { freq: 1 },
    });
    expect((await post(`/iptv/channel/${id}`, { epgId: null })).body).not.toHaveProperty('epgId');
    expect((await post(`/iptv/channel/${id}`, { name: 'x' }, head.demo.users.manager.token)).status).toBe(403);
    expect((await remove(`/iptv/channel/${id}`)).status).toBe(200);
    expect((await get(`/iptv/package/${own}`)).body.channels).toEqual([]);
    expect((await remove(`/iptv/channel/${id}`)).status).toBe(404);
  });
});

describe('settings of a customer', () => {
  it('are changed one property at a time, by those who may act for it', async () => {
    const { users, customers } = head.demo;
    const path = `/iptv/settings/${customers.business}`;
    expect((await get(path, users.viewer.token)).body).toMatchObject({
      stbStreamOnly: false,
      groups: [{ name: 'Hotel rooms' }],
    });
    expect((await post(path, { ntpServer: 'ntp.example' }, users.manager.token)).body).toMatchObject({
      ntpServer: 'ntp.example',
    });
    const changed = await post(path, { stbStreamOnly: true, customFields: { floor: 2 } }, users.manager.token);
    expect(changed.body).toMatchObject({ ntpServer: 'ntp.example', stbStreamOnly: true, customFields: { floor: 2 } });
    expect((await post(path, { stbStreamOnly: 'often' })).body.message).toBe('stbStreamOnly');
    expect((await post(path, { stbStreamOnly: false }, users.viewer.token)).status).toBe(403);
    expect((await get(path, users.privateOwner.token)).status).toBe(404);
  });
});
