/** The Telecom X calls for device groups, channels and packages, over real HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

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

describe('device groups', () => {
  it('are created, listed, renamed, filled, emptied and deleted', async () => {
    const { manager } = head.demo.users;
    const { body } = await post('/iptv/devicegroup', { name: 'Conference' }, manager.token);
    const path = `/iptv/devicegroup/${body._id}`;
    expect((await get('/iptv/devicegroup?filter=confer', manager.token)).body).toMatchObject({ total: 1 });
    await post(path, { name: 'Meeting rooms' }, manager.token);
    await post(`${path}/device`, { devices: [box.mac, head.demo.boxes[1]?.id] }, manager.token);
    expect((await get(path, manager.token)).body).toMatchObject({ name: 'Meeting rooms', devices: { length: 2 } });
    expect((await get(`/iptv/device/action?group=${body._id}&type=CHANNELS`, manager.token)).body.devices).toBe(2);
    await remove(`${path}/device/${box.id}`, manager.token);
    expect((await get(path)).body.devices).toEqual([head.demo.boxes[1]?.id]);
    expect(await remove(`${path}/device/${box.id}`)).toMatchObject(notFound('id'));
    expect((await remove(path, manager.token)).body).toEqual({ success: true });
    expect(await get(path)).toMatchObject(notFound('group'));
  });

  it('have one name each within a customer', async () => {
    const { owner, privateOwner } = head.demo.users;
    const create = (name: string, token = owner.token) => post('/iptv/devicegroup', { name }, token);
    const { body } = await create('Terrace');
    const taken = {
      status: 409,
      body: { code: 409, message: 'name', description: expect.stringContaining('Terrace') },
    };
    expect(await create('Terrace')).toMatchObject(taken);
    expect(await create(' terrace ')).toMatchObject(taken);
    expect((await create('Terrace', privateOwner.token)).status).toBe(200);
    const other = await create('Garden');
    expect(await post(`/iptv/devicegroup/${other.body._id}`, { name: 'TERRACE' })).toMatchObject(taken);
    expect((await post(`/iptv/devicegroup/${body._id}`, { name: 'TERRACE' })).status).toBe(200);
  });

  it('hold only devices of their customer, and are closed to others and to a VIEWER', async () => {
    const { manager, viewer, privateOwner } = head.demo.users;
    const { business } = head.demo.groups;
    const path = `/iptv/devicegroup/${business}`;
    const foreign = { devices: [head.demo.boxes[3]?.id] };
    expect(await post(`${path}/device`, foreign)).toMatchObject(notFound('devices'));
    expect(await post(`${path}/device`, foreign, manager.token)).toMatchObject(notFound('id'));
    expect(await get(path, privateOwner.token)).toMatchObject(notFound('group'));
    expect((await get(path, viewer.token)).status).toBe(200);
    expect((await remove(path, viewer.token)).status).toBe(403);
    expect((await post('/iptv/devicegroup', { name: '' }, manager.token)).body.message).toBe('name');
  });
});

describe('channels and packages', () => {
  it('lists the channels of everybody and of the own customer', async () => {
    const total = async (token: string) => (await get('/iptv/channel', token)).body.total;
    expect(await total(admin)).toBe(16);
    expect(await total(head.demo.users.manager.token)).toBe(15);
    expect((await get('/iptv/channel?radio=true')).body.total).toBe(3);
    expect((await get('/iptv/channel?filter=news')).body.channels[0]).toMatchObject({
      number: 3,
      name: 'Northern News',
    });
  });

  it('creates a channel of the own customer, and refuses a bad stream', async () => {
    const { manager, privateOwner, viewer } = head.demo.users;
    const channel = { number: 77, name: 'Spa', locals: ['rtp://239.1.1.1:5004'], dvb: { freq: 218002, prog: 7 } };
    const { body } = await post('/iptv/channel', channel, manager.token);
    expect((await get(`/iptv/channel/${body._id}`, manager.token)).body).toMatchObject(channel);
    expect(await get(`/iptv/channel/${body._id}`, privateOwner.token)).toMatchObject(notFound('id'));
    const bad = await post('/iptv/channel', { ...channel, locals: ['file:///etc/passwd'] }, manager.token);
    expect(bad).toMatchObject({ status: 422, body: { message: 'locals' } });
    const untuned = await post('/iptv/channel', { ...channel, dvb: [] }, manager.token);
    expect(untuned).toMatchObject({ status: 422, body: { message: 'dvb' } });
    expect((await post('/iptv/channel', channel, viewer.token)).status).toBe(403);
  });

  it.each([
    [{ name: ' ' }, 'name: Expected a name of 1 to 200 characters, received ""'],
    [{ number: 'one' }, 'number: Expected a whole number, received "one"'],
    [{ number: null }, 'number: Expected a whole number, received null'],
    [{ number: -3 }, 'number: Expected a number from 0 to 99999, received -3'],
    [{ number: 100_000 }, 'number: Expected a number from 0 to 99999, received 100000'],
    [{ dvb: [1] }, 'dvb.0: Expected the name of a tuner parameter, received "0"'],
  ])('refuses a channel with %j in words', async (spoilt, description) => {
    const { body } = await post('/iptv/channel', { number: 78, name: 'Gym', ...spoilt }, head.demo.users.manager.token);
    expect(body).toMatchObject({ code: 422, description });
  });

  it('shows a package with how each channel is received', async () => {
    const { body } = await get(`/iptv/package/${head.demo.package}`);
    expect(body).toMatchObject({ name: 'Basic', main: true, channels: { length: 12 } });
    expect(new Set(body.channels.map(({ type }: { type: string }) => type))).toEqual(new Set(['BASE', 'DVB', 'LOCAL']));
    expect((await get('/iptv/package?filter=bas')).body.total).toBe(1);
    expect(await get(`/iptv/package/${nowhere}`)).toMatchObject(notFound('id'));
  });
});

describe('ids in capitals, as the documents write them', () => {
  const asked: [path: string, id: () => string][] = [
    ['/iptv/device?customer=', () => head.demo.customers.business],
    ['/iptv/device?reseller=', () => head.demo.customers.reseller],
    ['/iptv/device/', () => box.id],
    ['/iptv/devicegroup?customer=', () => head.demo.customers.business],
    ['/iptv/devicegroup/', () => head.demo.groups.business],
    ['/iptv/channel?customer=', () => head.demo.customers.private],
    ['/iptv/channel/', () => String(head.demo.channels[0]?.id)],
    ['/iptv/package?customer=', () => head.demo.customers.private],
    ['/iptv/package/', () => head.demo.package],
    ['/iptv/settings/', () => head.demo.customers.business],
    ['/stb/v1/boxes?customer=', () => head.demo.customers.business],
    ['/stb/v1/boxes?group=', () => head.demo.groups.business],
    ['/stb/v1/boxes/', () => box.id],
    ['/stb/v1/actions?box=', () => box.id],
  ];

  beforeAll(async () => {
    const customer = head.demo.customers.private;
    await post('/iptv/package', { name: 'Family', customer });
    await head.act(box, 'UI');
  });

  it.each(asked)('%sID means the same', async (path, id) => {
    const answer = await get(path + id());
    expect(answer.status).toBe(200);
    expect(answer.body.total).not.toBe(0);
    expect((await get(path + id().toUpperCase())).body).toEqual(answer.body);
  });

  it('are read in bodies as well', async () => {
    const customer = head.demo.customers.business.toUpperCase();
    const group = (await post('/iptv/devicegroup', { name: 'Capitals', customer })).body._id.toUpperCase();
    const made = { mac: '00:1A:79:AA:BB:01', customer, groups: [group], packages: [head.demo.package.toUpperCase()] };
    const device = (await post('/iptv/device', made)).body._id;
    expect((await get(`/iptv/device/${device}`)).body).toMatchObject({
      customer: head.demo.customers.business,
      groups: [group.toLowerCase()],
      packages: [head.demo.package],
    });
    const { id: channel } = head.demo.channels.find(({ radio }) => !radio) ?? { id: '' };
    await post(`/iptv/device/${device}`, { customer, favorites: [channel.toUpperCase()] });
    expect((await get(`/iptv/device/${device}`)).body.favorites).toEqual([channel]);
    const { body } = await get(`/iptv/device/${device}/action?type=PLAYCHANNEL&channel=${channel.toUpperCase()}`);
    expect((await head.action(body._id.toUpperCase())).params).toEqual({ channel });
    const action = { groups: [group], type: 'VOLUME', params: { volume: 9 } };
    expect((await post('/stb/v1/actions', action)).body.actions).toMatchObject([{ box: device }]);
    const user = { name: 'Carla', role: 'VIEWER', customer };
    expect((await post('/stb/v1/users', user)).body).toMatchObject({ customer: customer.toLowerCase() });
  });
});
