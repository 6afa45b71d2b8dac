/** Every example of Ministra's document, request by request: the answers are as printed there, values apart. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';
import { openStalkerClient } from '../support/stalker-client.ts';

let head: TestHeadend;
let rest: Rest;
const first = '00:1A:79:00:39:5E';
const second = '00:1A:79:00:15:B3';

/** The boxes of the document: two on the account 1553, one on the account 3. */
beforeAll(async () => {
  head = await openTestHeadend();
  rest = openRest(head);
  for (const [mac, number] of [
    [first, '1553'],
    [second, '3'],
    ['00:1A:79:00:21:40', '1553'],
  ]) {
    await rest('POST', 'stb', `mac=${mac}&ls=${number}`);
  }
});
afterAll(() => head.close());

/** The answer's results, once it is certain that the envelope is `{"status":"OK","results":…}` and nothing else. */
async function results(method: string, path: string, form?: string) {
  const { status, body } = await rest(method, path, form);
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['status', 'results']);
  expect(body.status).toBe('OK');
  return body.results;
}

const number = expect.any(Number);
const text = expect.any(String);
const stb = { mac: text, status: number, additional_services_on: text, ls: number, login: text, online: text };

describe('STB', () => {
  it('1: data of all boxes', async () => {
    const all = await results('GET', 'stb');
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const one of all) expect(one).toMatchObject(stb);
    expect(Object.keys(all[0]).slice(0, 6)).toEqual(Object.keys(stb));
  });

  it('2: data of one account', async () => {
    const found = await results('GET', 'stb/1553');
    expect(found).toMatchObject([
      { mac: first, status: 1, additional_services_on: '1', ls: 1553, login: '', online: '0' },
      { mac: '00:1A:79:00:21:40', ls: 1553 },
    ]);
  });

  it('3: data of several', async () => {
    const found = await results('GET', 'stb/1553,3');
    expect(found.map((one: { ls: number }) => one.ls)).toEqual([1553, 1553, 3]);
  });

  it('shows every documented field of a box that has come', async () => {
    const client = openStalkerClient(head, first);
    await client.start({ ver: 'ImageDescription: 0.2.18' });
    await client.poll();
    await client.ask('stb', 'log', { real_action: 'play', ch_id: '1' });
    const [found] = await results('GET', `stb/${first}`);
    expect(found).toMatchObject({
      online: '1',
      ip: '127.0.0.1',
      version: 'ImageDescription: 0.2.18',
      account_balance: '',
    });
    expect(found.last_active).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(found).not.toHaveProperty('reseller_id');
  });

  it('4: changing a box', async () => {
    expect(await results('PUT', `stb/${first}`, 'status=1&additional_services_on=0')).toEqual([
      { mac: first, status: 1, additional_services_on: '0', ls: 1553 },
    ]);
  });

  it('5: deleting a box', async () => {
    await results('POST', 'stb/', 'mac=00:1A:79:00:99:99&ls=1554');
    expect(await results('DELETE', 'stb/1554')).toBe(true);
    expect(await results('GET', 'stb/1554')).toEqual([]);
  });

  it('6: adding a box with login and password', async () => {
    expect(await results('POST', 'stb/', 'login=test&password=1234')).toEqual({
      ...{ mac: '', status: 1, additional_services_on: '1' },
      ...{ ls: '0', login: 'test' },
    });
  });

  it('7: adding a box without additional services', async () => {
    expect(await results('POST', 'stb/', 'mac=00:1A:79:00:39:5F&additional_services_on=0')).toEqual({
      ...{ mac: '00:1A:79:00:39:5F', status: 1, additional_services_on: '0' },
      ...{ ls: '0', login: '' },
    });
  });
});

describe('ACCOUNTS and USERS', () => {
  const printed = [
    ...['login', 'full_name', 'account_number', 'tariff_plan', 'stb_sn', 'stb_mac', 'stb_type', 'status'],
    'subscribed',
  ];

  it('2: creating an account', async () => {
    const form = 'login=3210&password=1234&full_name=Test&account_number=123&tariff_plan=FULL&status=1';
    expect(await results('POST', 'accounts/', `${form}&stb_mac=FE:FF:FF:FF:FF:FF`)).toBe(true);
  });

  it('1: data of a user, by MAC', async () => {
    const found = await results('GET', 'accounts/FE:FF:FF:FF:FF:FF');
    expect(found).toMatchObject([
      {
        ...{ login: '3210', full_name: 'Test', account_number: '123', tariff_plan: 'FULL', stb_sn: '' },
        ...{ stb_mac: 'FE:FF:FF:FF:FF:FF', stb_type: '', status: 1, subscribed: [] },
      },
    ]);
    expect(Object.keys(found[0]).slice(0, printed.length)).toEqual(printed);
    const documented = [
      ...['phone', 'tariff_expired_date', 'tariff_instead_expired', 'online', 'ip', 'version', 'subscribed_id'],
      ...['comment', 'account_balance', 'last_active'],
    ];
    expect(Object.keys(found[0])).toEqual(expect.arrayContaining(documented));
    expect(found[0]).not.toHaveProperty('password');
  });

  it('USERS 1: data of a user, by login: an object', async () => {
    const found = await results('GET', 'users/3210');
    expect(found).toMatchObject({ login: '3210', full_name: 'Test', account_number: '123', subscribed: [] });
    expect(await results('GET', 'users/FE:FF:FF:FF:FF:FF')).toEqual(found);
  });

  it('3: changing an account', async () => {
    expect(await results('PUT', 'accounts/FE:FF:FF:FF:FF:FF', 'tariff_plan=STANDART')).toBe(true);
    expect(await results('GET', 'accounts/123')).toMatchObject([{ tariff_plan: 'STANDART' }]);
  });

  it('4: deleting an account', async () => {
    expect(await results('DELETE', 'accounts/FE:FF:FF:FF:FF:FF')).toBe(true);
    expect((await rest('GET', 'users/3210')).body).toMatchObject({ status: 'ERROR', error: 'Account not found' });
  });
});

describe('STB_MSG and SEND_EVENT', () => {
  const queued = async (mac: string) => {
    const box = (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${mac}`)).body.id;
    return (await head.call(head.demo.users.admin.token, `/stb/v1/actions?box=${box}`)).body.items;
  };

  it('1: a message', async () => {
    const form = 'msg=%D0%BF%D1%80%D0%BE%D0%B2%D0%B5%D1%80%D0%BA%D0%B0%20%D1%81%D0%B2%D1%8F%D0%B7%D0%B8';
    expect(await results('POST', 'stb_msg/1553', form)).toBe(true);
    expect(await queued(first)).toMatchObject([{ type: 'MESSAGE', params: { message: 'проверка связи' } }]);
  });

  it('1: a restart of all boxes', async () => {
    expect(await results('POST', 'send_event/', 'event=reboot')).toBe(true);
    for (const { mac } of await results('GET', 'stb')) {
      if (mac !== '') expect((await queued(mac))[0]).toMatchObject({ type: 'REBOOT', state: 'queued' });
    }
  });

  it('2: a channel on one box', async () => {
    expect(await results('POST', `send_event/${first}`, 'event=play_channel&channel=10')).toBe(true);
    expect((await queued(first))[0]).toMatchObject({ type: 'PLAYNUMBER', params: { number: 10 } });
  });

  it('3: cutting an account off', async () => {
    expect(await results('POST', 'send_event/3', 'event=cut_off')).toBe(true);
    expect((await queued(second))[0]).toMatchObject({ type: 'CUT_OFF' });
    expect(await results('GET', 'stb/3')).toMatchObject([{ status: 1 }]);
  });

  it('4: the menu on one box', async () => {
    expect(await results('POST', `send_event/${first}`, 'event=show_menu')).toBe(true);
    expect((await queued(first))[0]).toMatchObject({ type: 'SHOW_MENU' });
  });
});

describe('STB_MODULES', () => {
  it('1: restricted and disabled modules', async () => {
    const form = 'restricted[]=vclub&restricted[]=karaoke&disabled[]=radio';
    const modules = { disabled: ['radio'], restricted: ['vclub', 'karaoke'] };
    expect(await results('PUT', `stb_modules/${first}`, form)).toEqual(modules);
    expect(await results('GET', `stb_modules/${first}`)).toEqual(modules);
    const client = openStalkerClient(head, first);
    await client.start();
    expect(await client.ask('stb', 'get_modules')).toMatchObject({
      disabled_modules: ['radio'],
      restricted_modules: ['vclub', 'karaoke'],
    });
  });

  it('2: no restrictions', async () => {
    expect(await results('PUT', `stb_modules/${first}`, 'restricted[]=&disabled[]=')).toEqual({
      disabled: [''],
      restricted: [''],
    });
  });
});

describe('ITV and ITV_SUBSCRIPTION', () => {
  it('ITV 1: all channels, with what is not ASCII escaped', async () => {
    await head.call(head.demo.users.admin.token, '/iptv/channel', { body: { number: 64, name: 'М-TV Україна' } });
    const { text: answer, body } = await rest('GET', 'itv');
    expect(answer).toContain('"name":"\\u041c-TV \\u0423\\u043a\\u0440\\u0430\\u0457\\u043d\\u0430","number":"64"');
    expect(body.results[0]).toEqual({ id: text, name: text, number: text, base_ch: text });
    const { id } = body.results.at(-1);
    expect(await results('GET', `itv/${id}`)).toMatchObject([{ id, number: '64' }]);
    expect(await results('GET', 'itv/1,2')).toHaveLength(2);
  });

  it('4: changing the subscription of an account', async () => {
    const form = 'sub_ch[]=27&sub_ch[]=29&additional_services_on=1';
    expect(await results('PUT', 'itv_subscription/1553', form)).toEqual([
      { sub_ch: ['27', '29'], mac: first, ls: '1553', additional_services_on: '1' },
      { sub_ch: ['27', '29'], mac: '00:1A:79:00:21:40', ls: '1553', additional_services_on: '1' },
    ]);
  });

  it('1: the subscriptions of all boxes', async () => {
    const all = await results('GET', 'itv_subscription');
    expect(all).toContainEqual({ mac: first, sub_ch: ['27', '29'], ls: 1553, additional_services_on: '1' });
    for (const one of all) expect(Object.keys(one)).toEqual(['mac', 'sub_ch', 'ls', 'additional_services_on']);
  });

  it.each(['1553', first])('2 and 3: the subscription of %s', async (identifier) => {
    expect((await results('GET', `itv_subscription/${identifier}`))[0]).toEqual({
      ...{ mac: first, sub_ch: ['27', '29'], ls: 1553, additional_services_on: '1' },
    });
  });
});

describe('TARIFFS, SERVICES_PACKAGE and ACCOUNT_SUBSCRIPTION', () => {
  const service = {
    ...{ id: text, external_id: text, name: text, type: text, description: text, all_services: text },
    ...{ service_type: text, rent_duration: text, price: text },
  };

  it('TARIFFS 1: the plans with their packages', async () => {
    const [plan] = await results('GET', 'tariffs');
    expect(plan).toEqual({
      ...{ id: text, external_id: 'FULL', name: text, user_default: '0', days_to_expires: text },
      packages: expect.any(Array),
    });
    expect(plan.packages[0]).toEqual({ ...service, optional: text });
    expect(await results('GET', `tariffs/${plan.id}`)).toEqual([plan]);
  });

  it('SERVICES_PACKAGE 1: the packages with what is in them', async () => {
    const all = await results('GET', 'services_package');
    expect(all.at(-1)).toEqual({ ...service, type: 'video', all_services: '1', services: 'all' });
    expect(all[0]).toEqual({ ...service, type: 'tv', all_services: '0', services: expect.any(Array) });
    expect(all[0].services[0]).toEqual({ id: text, name: text });
    expect(await results('GET', `services_package/${all[0].id}`)).toEqual([all[0]]);
  });

  it.each([
    ['2: subscribing', 'PUT', 'subscribed[]=tv_2', ['tv_2']],
    ['3: unsubscribing', 'PUT', 'unsubscribed[]=tv_2', []],
    ['4: saying them all', 'POST', 'subscribed[]=tv_2&subscribed[]=tv_3', ['tv_2', 'tv_3']],
    ['5: unsubscribing from all', 'DELETE', undefined, []],
  ])('%s', async (_title, method, form, subscribed) => {
    expect(await results(method, 'account_subscription/1553', form)).toBe(true);
    const found = await results('GET', 'account_subscription/1553');
    expect(found.map((one: object) => Object.keys(one))[0]).toEqual(['mac', 'subscribed', 'subscribed_id']);
    expect(found).toMatchObject([
      { mac: first, subscribed },
      { mac: '00:1A:79:00:21:40', subscribed },
    ]);
  });
});

describe('RESELLER', () => {
  it('1 to 3: all of them, a new one, one less', async () => {
    expect(await results('POST', 'reseller', 'name=2&max_users=200&use_ip_ranges=0')).toBe(true);
    const all = await results('GET', 'reseller');
    const moment = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(all.at(-1)).toEqual({
      ...{ id: '2', name: '2', created: moment, modified: moment, max_users: '200', use_ip_ranges: '0' },
    });
    expect(await results('PUT', 'reseller/2', 'max_users=5&use_ip_ranges=1')).toBe(true);
    expect(await results('GET', 'reseller/2')).toMatchObject([{ name: '2', max_users: '5', use_ip_ranges: '1' }]);
    expect(await results('DELETE', 'reseller/2')).toBe(true);
    expect(await results('GET', 'reseller/2')).toEqual([]);
  });
});
