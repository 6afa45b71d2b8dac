/** How devices sign in and out over the App API: account, serial number, device id, proxy, code; and what holds guessers back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headendLimits } from '../../headend/limits.ts';
import { type AppSite, openAppSite } from '../support/app-site.ts';

let site: AppSite;
beforeAll(async () => {
  site = await openAppSite();
});
afterAll(() => site.close());

const status = async (token: string, path: string) => (await site.call(token, path)).status;
const validate = (token: string) => site.call(token, '/iptv/app/validate');

/** An account of a customer of its own, which no other test uses. */
async function newAccount(features = ['IPTVBUSINESS']) {
  const customer = (await site.call(site.admin, '/stb/v1/customers', { body: { name: 'Own', features } })).body.id;
  const { username, password } = (await site.call(site.admin, '/iptv/drm', { body: { customer } })).body;
  return { customer, username, password };
}

describe('login', () => {
  it('makes a device of the account’s customer, and the same one when it logs in again, with a new token', async () => {
    const account = await newAccount();
    const first = await site.login('a-phone-of-its-own', { ...account, name: 'Phone' });
    expect(first.body).toMatchObject({
      deviceId: 'a-phone-of-its-own',
      type: 'IOS',
      name: 'Phone',
      username: account.username,
    });
    const again = await site.login('a-phone-of-its-own', account);
    expect(again.body._id).toBe(first.body._id);
    expect((await validate(first.body.token as string)).status).toBe(401);
    expect((await validate(again.body.token as string)).body._id).toBe(first.body._id);
  });

  it.each<[number, string, object]>([
    [422, 'username', { username: '' }],
    [422, 'password', { password: undefined }],
    [422, 'deviceId', { deviceId: ' ' }],
    [422, 'deviceId', { deviceId: { $ne: 1 } }],
    [422, 'type', { type: 'STB' }],
    [422, 'type', { type: 'constructor' }],
    [422, 'model', { model: '' }],
    [401, 'username', { password: 'not the one' }],
    [401, 'username', { username: 'nobody-at-all' }],
    [409, 'deviceId', { deviceId: 'taken' }],
  ])('%i %s (%#)', async (code, message, change) => {
    const other = await newAccount();
    await site.login('taken', other);
    const answer = await site.login('some-device', change);
    expect(answer).toMatchObject({ status: code, body: { code, message } });
  });

  it.each([
    ['IPTVPRIVATE', headendLimits.drmDevices.private],
    ['IPTVBUSINESS', headendLimits.drmDevices.business],
  ])('an account of a customer with %s has %i licenses, and un-registering gives one back', async (feature, most) => {
    const account = await newAccount([feature]);
    const devices = [];
    for (let n = 0; n < most; n++) devices.push(await site.login(`${feature}-${n}`, account));
    expect(devices.map((device) => device.status)).toEqual(Array(most).fill(200));
    expect(await site.login(`${feature}-more`, account)).toMatchObject({ status: 409, body: { message: 'license' } });
    expect((await site.login(`${feature}-0`, account)).status).toBe(200);
    const leaving = devices[1]?.body.token as string;
    expect((await site.call(leaving, '/iptv/app/unregister')).body).toEqual({ success: true });
    expect((await validate(leaving)).status).toBe(401);
    expect((await site.login(`${feature}-more`, account)).status).toBe(200);
  });

  it('takes a password as it was made, with the spaces at its ends, also when the device has changed it', async () => {
    const { customer } = await newAccount();
    const account = { username: 'spaces-at-the-ends', password: ' a secret ' };
    expect((await site.call(site.admin, '/iptv/drm', { body: { customer, ...account } })).status).toBe(200);
    const first = await site.login('spacious-phone', account);
    expect(first.status).toBe(200);
    expect((await site.login('spacious-phone', { ...account, password: 'a secret' })).status).toBe(401);
    const password = '  another  ';
    await site.call(first.body.token as string, '/iptv/app/account', { body: { password } });
    expect((await site.call(site.admin, '/iptv/drm/spaces-at-the-ends')).body.password).toBe(password);
    expect((await site.login('spacious-phone', { ...account, password })).status).toBe(200);
  });

  it('is closed for a while after too many wrong passwords, also to the right one, and to nobody else', async () => {
    const account = await newAccount();
    for (let n = 0; n < headendLimits.guesses.wrong; n++) {
      expect((await site.login('guesser', { ...account, password: `wrong-${n}` })).status).toBe(401);
    }
    const held = await site.login('guesser', account);
    expect(held).toMatchObject({ status: 429, body: { message: 'username' } });
    expect(held.body.description).toMatch(/try again in \d+ s/);
    expect((await site.login('another-phone')).status).toBe(200);
  });
});

describe('logout, un-register and delete', () => {
  it('a device that is disabled is refused, and its token stays what it was', async () => {
    const account = await newAccount();
    const { _id, token } = (await site.login('disabled-phone', account)).body;
    const enable = (enabled: boolean) => site.call(site.admin, `/iptv/device/${_id}`, { body: { enabled } });
    await enable(false);
    const refused = { status: 403, body: { code: 403, message: 'access_denied' } };
    expect(await site.login('disabled-phone', account)).toMatchObject(refused);
    await enable(true);
    expect((await validate(token as string)).status).toBe(200);
  });

  it('logout ends the token and keeps the device', async () => {
    const account = await newAccount();
    const { body } = await site.login('logging-out', account);
    expect((await site.call(body.token, '/iptv/app/logout', { method: 'POST' })).body).toEqual({ success: true });
    expect((await validate(body.token as string)).status).toBe(401);
    expect((await site.call(site.admin, `/iptv/device/${body._id}`)).status).toBe(200);
  });

  it('a box cannot un-register itself, and a device is deleted by another of its customer with force', async () => {
    expect(await site.call(site.box.token, '/iptv/app/unregister')).toMatchObject({
      status: 403,
      body: { message: 'type' },
    });
    const account = await newAccount();
    const [one, other] = [await site.login('deleter', account), await site.login('deleted', account)];
    const path = `/iptv/app/device/${other.body._id}/delete`;
    expect(await status(one.body.token as string, path)).toBe(409);
    expect(await status(site.phone.token, `${path}?force=true`)).toBe(404);
    expect(await status(one.body.token as string, `${path}?force=true`)).toBe(200);
    expect((await validate(other.body.token as string)).status).toBe(401);
    expect(await status(one.body.token as string, `${path}?force=true`)).toBe(404);
  });
});

describe('tablets that an operator has registered', () => {
  it.each([
    ['serial', '/iptv/app/loginbyserial'],
    ['deviceId', '/iptv/app/loginbydeviceid'],
  ])('log in by %s once, and again after their token was reset', async (field, path) => {
    const mac = field === 'serial' ? '001a79cccc01' : '001a79cccc02';
    const body = { customer: site.demo.customers.business, type: 'ANDROID', mac, [field]: `tablet ${field}` };
    const { _id } = (await site.call(site.admin, '/iptv/device', { body })).body;
    const login = () => site.call(undefined, path, { body: { [field]: `tablet ${field}` } });
    const { token } = (await login()).body;
    expect((await validate(token)).body).toMatchObject({ _id, type: 'ANDROID' });
    expect(await login()).toMatchObject({ status: 409, body: { message: field } });
    await site.call(site.admin, `/iptv/device/${_id}/resettoken`, { method: 'POST' });
    expect((await validate(token)).status).toBe(401);
    expect((await login()).status).toBe(200);
    const taken = await site.call(site.admin, '/iptv/device', { body: { ...body, mac: '001a79cccc03' } });
    expect(taken).toMatchObject({ status: 422, body: { message: field } });
  });

  it('are not found by a wrong number, which cannot be guessed for long', async () => {
    expect((await site.call(undefined, '/iptv/app/loginbyserial')).body.message).toBe('serial');
    const codes = [];
    for (let n = 0; n <= headendLimits.guesses.wrong; n++) {
      codes.push((await site.call(undefined, `/iptv/app/loginbyserial?serial=guess-${n}`)).status);
    }
    expect(codes).toEqual([...Array(headendLimits.guesses.wrong).fill(404), 429]);
  });
});

describe('codes', () => {
  let next = 0;
  const reserve = async (fields: object = {}) => {
    const given = { deviceId: `tv-${next++}`, type: 'APPLETV', model: 'AppleTV 4K', name: 'Stue', ...fields };
    const ask = async () => (await site.call(undefined, `/iptv/app/reservecode?${new URLSearchParams(given)}`)).body;
    return { ask, code: (await ask()).code as string };
  };
  const box = (mac: string, more: object = {}) => reserve({ type: 'STB', model: 'MAG250', mac, ...more });
  const pair = (token: string, body: object) => site.call(token, '/stb/v1/pair', { body });

  it.each<[string, object]>([
    ['deviceId', { deviceId: '' }],
    ['type', { type: '' }],
    ['type', { type: 'TOASTER' }],
    ['model', { model: '' }],
    ['mac', { type: 'STB' }],
    ['mac', { type: 'STB', mac: 'not a mac' }],
  ])('422 %s (%#)', async (message, fields) => {
    const { ask } = await reserve(fields);
    expect(await ask()).toMatchObject({
      code: 422,
      message,
      description: expect.stringMatching(/is missing or invalid$/),
    });
  });

  it('a signed-in device enters the code of a TV, which asks until it has its token', async () => {
    const { ask, code } = await reserve();
    expect(await ask()).toEqual({ code });
    const entered = await site.call(site.phone.token, '/iptv/app/loginbycode', { body: { code: code.toLowerCase() } });
    expect(entered.body).toEqual({ success: true, _id: expect.any(String) });
    const answer = await ask();
    expect(answer).toEqual({ code, token: expect.any(String), _id: entered.body._id });
    expect((await validate(answer.token)).body).toMatchObject({
      type: 'APPLETV',
      name: 'Stue',
      username: 'donald@duck.com',
    });
    expect(await ask()).toEqual(answer);
    expect((await site.call(site.phone.token, '/iptv/app/loginbycode', { body: { code } })).status).toBe(404);
  });

  it('so does whoever knows the user name and the password', async () => {
    const account = await newAccount();
    const { ask, code } = await reserve();
    const entered = await site.call(undefined, '/iptv/app/loginbycode', {
      body: { ...account, customer: undefined, code },
    });
    expect(entered.status).toBe(200);
    expect((await validate((await ask()).token)).body.username).toBe(account.username);
    expect((await site.call(undefined, '/iptv/app/loginbycode', { body: { code } })).status).toBe(422);
  });

  it('a box is paired by an operator, not by a device; with a name, into the customer that is named', async () => {
    const { ask, code } = await box('001a79dddd01', { box: '0123456789abcdef01234567', serial: 'S-1' });
    const { users, customers } = site.demo;
    expect((await site.call(site.phone.token, '/iptv/app/loginbycode', { body: { code } })).status).toBe(403);
    expect((await pair(users.viewer.token, { code })).status).toBe(403);
    expect(await pair(users.manager.token, { code, customer: customers.private })).toMatchObject({
      status: 404,
      body: { message: 'customer' },
    });
    expect((await pair(site.admin, { code })).body.message).toBe('customer');
    const paired = await pair(users.reseller.token, { code, customer: customers.private, name: 'Kitchen' });
    expect(paired.body).toEqual({
      id: '0123456789abcdef01234567',
      mac: '00:1A:79:DD:DD:01',
      name: 'Kitchen',
      customer: customers.private,
      isKnown: false,
    });
    expect((await validate((await ask()).token)).body).toMatchObject({
      mac: '00:1A:79:DD:DD:01',
      type: 'STB',
      name: 'Kitchen',
    });
  });

  it('a box that the customer has already stays the one it was, and its old token is worth nothing', async () => {
    const known = site.demo.boxes[1] as { id: string; mac: string; token: string };
    const { ask, code } = await box(known.mac);
    expect((await pair(site.demo.users.privateOwner.token, { code })).body).toMatchObject({
      code: 409,
      message: 'mac',
    });
    const paired = await site.call(site.demo.users.manager.token, '/iptv/app/loginbycode', { body: { code } });
    expect(paired.body._id).toBe(known.id);
    expect((await validate(known.token)).status).toBe(401);
    expect((await validate((await ask()).token)).body).toMatchObject({ _id: known.id, name: 'Room 102' });
  });

  it('an id that another box has is not given away', async () => {
    const { code } = await box('001a79dddd09', { box: site.box.id });
    const paired = await pair(site.demo.users.manager.token, { code });
    expect(paired.status).toBe(200);
    expect(paired.body.id).not.toBe(site.box.id);
  });

  it('cannot be guessed for long: 429 after ten wrong ones, also for a right one', async () => {
    const { code } = await box('001a79dddd10');
    const { token } = (
      await site.call(site.admin, '/stb/v1/users', {
        body: { name: 'G', role: 'OWNER', customer: site.demo.customers.business },
      })
    ).body;
    const codes = [];
    for (let n = 0; n < headendLimits.guesses.wrong; n++)
      codes.push((await pair(token, { code: `00${String(n).padStart(2, '0')}` })).status);
    expect(codes).toEqual(Array(headendLimits.guesses.wrong).fill(404));
    expect(await pair(token, { code })).toMatchObject({ status: 429, body: { message: 'code' } });
    expect((await pair(site.demo.users.manager.token, { code })).status).toBe(200);
  });
});
