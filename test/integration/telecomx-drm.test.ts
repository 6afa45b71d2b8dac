/** The Telecom X DRM list as documented, the calls beside it, and how its passwords are kept. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let admin: string;

const post = (path: string, body: unknown, token: string | undefined = admin) =>
  head.call(token, path, { method: 'POST', body });
const get = (path: string, token = admin) => head.call(token, path);
const remove = (path: string, token = admin) => head.call(token, path, { method: 'DELETE' });
const denied = { status: 403, body: { code: 403, message: 'access_denied', description: 'Insufficient access level' } };

beforeAll(async () => {
  head = await openTestHeadend();
  admin = head.demo.users.admin.token;
  const { business, private: home } = head.demo.customers;
  for (let number = 0; number < 12; number++) {
    const username = `guest-${String(number).padStart(2, '0')}`;
    await post('/iptv/drm', { customer: business, username, password: `secret-of-${number}` });
  }
  await post('/iptv/drm', { customer: home, username: 'donald@duck.com', password: 'vgh38gy3uvhebv' });
  for (const [deviceId, type, model, name] of [
    ['phone-of-donald', 'IOS', 'iPhone 6', 'Donalds mobile'],
    ['browser-of-donald', 'WEB', 'Chrome', undefined],
  ]) {
    await post(
      '/iptv/app/login',
      { username: 'donald@duck.com', password: 'vgh38gy3uvhebv', deviceId, type, model, name },
      '',
    );
  }
});
afterAll(() => head.close());

describe('the list', () => {
  it('is condensed by default: the number of devices', async () => {
    const { privateOwner } = head.demo.users;
    expect((await get('/iptv/drm', privateOwner.token)).body).toEqual({
      offset: 0,
      limit: 100,
      total: 1,
      accounts: [{ username: 'donald@duck.com', password: 'vgh38gy3uvhebv', devices: 2, created: expect.any(String) }],
    });
  });

  it('has the devices themselves with full=true', async () => {
    const { body } = await get('/iptv/drm?full=true', head.demo.users.privateOwner.token);
    expect(body.accounts).toEqual([
      {
        username: 'donald@duck.com',
        password: 'vgh38gy3uvhebv',
        devices: [
          { id: expect.stringMatching(/^[0-9a-f]{24}$/), type: 'IOS', model: 'iPhone 6', name: 'Donalds mobile' },
          { id: expect.stringMatching(/^[0-9a-f]{24}$/), type: 'WEB', model: 'Chrome', name: 'Chrome' },
        ],
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
  });

  it('is paged and filtered as in the query example', async () => {
    const { business } = head.demo.customers;
    const page = await get(`/iptv/drm?offset=10&limit=50&filter=guest&full=true&customer=${business}`);
    expect(page.body).toMatchObject({ offset: 10, limit: 50, total: 12, accounts: { length: 2 } });
    const names = async (query: string) =>
      (await get(`/iptv/drm?customer=${business}&${query}`)).body.accounts.map(
        ({ username }: { username: string }) => username,
      );
    expect(await names('filter=-07')).toEqual(['guest-07']);
    expect(await names('filter=100%25')).toEqual([]);
    expect((await names('limit=1')).length).toBe(1);
    expect((await names('limit=500')).length).toBe(12);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'offset=-1', 'full=maybe'])('422 for %s', async (query) => {
    expect((await get(`/iptv/drm?${query}`)).status).toBe(422);
  });

  type User = 'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller' | 'admin';
  const table: [user: User, of: 'business' | 'private' | 'reseller' | undefined, status: number, why: string][] = [
    ['viewer', undefined, 200, 'its customer has IPTVBUSINESS'],
    ['manager', undefined, 200, 'its customer has IPTVBUSINESS'],
    ['owner', undefined, 200, 'its customer has IPTVBUSINESS'],
    ['privateOwner', undefined, 200, 'its customer has IPTVPRIVATE'],
    ['reseller', 'private', 200, 'the customer has IPTVPRIVATE'],
    ['reseller', 'business', 403, 'the customer has no IPTVPRIVATE'],
    ['manager', 'private', 403, 'it is another customer'],
    ['privateOwner', 'business', 403, 'it is another customer'],
    ['admin', undefined, 200, 'an ADMIN may everything'],
    ['admin', 'business', 200, 'an ADMIN may everything'],
  ];
  it.each(table)('%s, of %s: %i, because %s', async (user, of, status) => {
    const { users, customers } = head.demo;
    const answer = await get(of === undefined ? '/iptv/drm' : `/iptv/drm?customer=${customers[of]}`, users[user].token);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer).toMatchObject(denied);
  });

  it('is closed to everybody but an ADMIN where the customer has neither feature', async () => {
    const customer = (await post('/stb/v1/customers', { name: 'Plain', parent: head.demo.customers.reseller })).body.id;
    const owner = (await post('/stb/v1/users', { name: 'Pia', role: 'OWNER', customer })).body;
    expect(await get('/iptv/drm', owner.token)).toMatchObject(denied);
    expect(await get(`/iptv/drm?customer=${customer}`, head.demo.users.reseller.token)).toMatchObject(denied);
    expect((await get(`/iptv/drm?customer=${customer}`)).body.total).toBe(0);
    expect(await post('/iptv/drm', { customer }, owner.token)).toMatchObject(denied);
  });
});

describe('create, get and delete', () => {
  it('makes a user name and a password where none is given, and shows the account', async () => {
    const { manager, privateOwner } = head.demo.users;
    const { status, body } = await post('/iptv/drm', {}, manager.token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      username: expect.stringMatching(/^\d{10}$/),
      password: expect.stringMatching(/^.{16}$/),
      devices: [],
    });
    expect((await get(`/iptv/drm/${body.username}`, manager.token)).body).toEqual(body);
    expect((await get(`/iptv/drm/${body.username}`, privateOwner.token)).status).toBe(404);
    expect((await remove(`/iptv/drm/${body.username}`, privateOwner.token)).status).toBe(404);
    expect((await remove(`/iptv/drm/${body.username}`, head.demo.users.viewer.token)).status).toBe(403);
    expect((await remove(`/iptv/drm/${body.username}`, manager.token)).body).toEqual({ success: true });
    expect((await get(`/iptv/drm/${body.username}`, manager.token)).status).toBe(404);
  });

  const username = 'Username must be at least 6 chars and only contain a-z A-Z 0-9 _ - @ .';
  it.each<[number, string, string, object]>([
    [422, 'username', username, { username: 'short' }],
    [422, 'username', username, { username: 'with space' }],
    [422, 'username', username, { username: 7_777_777 }],
    [422, 'password', 'Password must be at least 6 chars', { password: '12345' }],
    [404, 'customer', 'Customer not found', { customer: 'ffffffffffffffffffffffff' }],
    [409, 'username', 'The username is not available', { username: 'guest-01' }],
    [409, 'username', 'The username is not available', { username: 'donald@duck.com' }],
  ])('%i %s, %s (%#)', async (code, message, description, body) => {
    const answer = await post('/iptv/drm', { customer: head.demo.customers.business, ...body });
    expect(answer).toMatchObject({ status: code, body: { code, message, description } });
  });

  it('gives a customer with IPTVPRIVATE one account only', async () => {
    const answer = await post('/iptv/drm', {}, head.demo.users.privateOwner.token);
    expect(answer).toMatchObject({ status: 409, body: { message: 'customer' } });
  });

  it('signs out the devices of an account that is deleted', async () => {
    const { business } = head.demo.customers;
    await post('/iptv/drm', { customer: business, username: 'leaving', password: 'leaving-soon' });
    const device = { deviceId: 'leaving-phone', type: 'IOS', model: 'iPhone' };
    const { token } = (await post('/iptv/app/login', { username: 'leaving', password: 'leaving-soon', ...device }, ''))
      .body;
    expect((await get('/iptv/app/validate', token)).status).toBe(200);
    await remove('/iptv/drm/leaving');
    expect((await get('/iptv/app/validate', token)).status).toBe(401);
  });
});

describe('the passwords at rest', () => {
  it('stand in no file of the data directory, and open again after a restart with the key beside the database', async () => {
    const files = readdirSync(head.dataDir).filter((name) => statSync(join(head.dataDir, name)).isFile());
    const holding = files.filter((name) => readFileSync(join(head.dataDir, name)).includes('vgh38gy3uvhebv'));
    expect(holding).toEqual([]);
    expect(statSync(join(head.dataDir, 'secrets.key')).mode & 0o777).toBe(0o600);
    await head.restart();
    const { accounts } = (await get('/iptv/drm', head.demo.users.privateOwner.token)).body;
    expect(accounts[0].password).toBe('vgh38gy3uvhebv');
  });
});
