/** Tariff plans, services packages and resellers: what they do to a box. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';
import { openStalkerClient } from '../support/stalker-client.ts';

let head: TestHeadend;
let rest: Rest;
beforeAll(async () => {
  head = await openTestHeadend({ ministra: { allow_resellers_info: true } });
  rest = openRest(head);
});
afterAll(() => head.close());

const admin = (path: string, init: object = {}) => head.call(head.demo.users.admin.token, path, init);
const make = (path: string, body: object) => admin(path, { body });
const subscribed = async (account: string) =>
  (await rest('GET', `account_subscription/${account}`)).body.results[0].subscribed;

describe('a tariff plan', () => {
  it('brings what it includes, lets options be bought, and takes what it brought with it when it goes', async () => {
    const [news, sport, cinema] = [2, 3, 4];
    await make('/stb/v1/tariffs', {
      ...{ externalId: 'PLUS', name: 'Plus' },
      services: [{ number: news }, { number: sport, optional: true }],
    });
    const basic = await make('/stb/v1/tariffs', { externalId: 'LESS', name: 'Less', services: [{ number: cinema }] });
    expect(basic.body).toEqual({ number: expect.any(Number) });

    const mac = '00:1A:79:66:00:01';
    await rest('POST', 'accounts', `login=plan&account_number=77&stb_mac=${mac}&tariff_plan=PLUS`);
    const client = openStalkerClient(head, mac);
    await client.start();
    const names = async () =>
      (await client.ask('itv', 'get_all_channels')).data.map((row: { name: string }) => row.name);
    expect(await names()).toEqual(['Northern News']);
    expect(await subscribed('77')).toEqual([]);

    await rest('PUT', 'account_subscription/77', 'subscribed[]=tv_3');
    expect(await names()).toEqual(['Northern News', 'Arena Sport']);
    expect(await subscribed('77')).toEqual(['tv_3']);
    expect((await client.drain()).map(({ event }) => event)).toEqual(['update_subscription']);

    await rest('PUT', 'accounts/77', 'tariff_plan=LESS');
    expect(await names()).toEqual(['Classic Cinema', 'House Camera']);
    expect(await subscribed('77')).toEqual([]);
    expect((await client.drain()).map(({ event }) => event)).toEqual(['update_subscription']);
  });

  it('is another one after its end', async () => {
    const shown = async () => (await rest('GET', 'users/1001')).body.results.tariff_plan;
    await rest('PUT', 'users/1001', 'tariff_plan=FULL&tariff_instead_expired=STANDART&tariff_expired_date=2999-01-01');
    expect(await shown()).toBe('FULL');
    await rest('PUT', 'users/1001', 'tariff_expired_date=2020-01-01');
    expect(await shown()).toBe('STANDART');
  });

  it('of boxes without one is the default one', async () => {
    expect((await rest('GET', 'users/1002')).body.results.tariff_plan).toBe('');
    await make('/stb/v1/tariffs', { externalId: 'ALL', name: 'For all', userDefault: true });
    expect((await rest('GET', 'users/1002')).body.results.tariff_plan).toBe('ALL');
    const plans = (await rest('GET', 'tariffs')).body.results;
    expect(plans.filter((plan: { user_default: string }) => plan.user_default === '1')).toHaveLength(1);
  });

  it('that nobody has made is kept by name, where there is no plan at all', async () => {
    const own = await openTestHeadend({ demo: false, ministra: { login: 'a', password: 'b' } });
    const headers = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    const api = openRest(own);
    expect((await api('POST', 'accounts', 'login=x&tariff_plan=FULL', headers)).body.results).toBe(true);
    expect((await api('GET', 'users/x', undefined, headers)).body.results.tariff_plan).toBe('FULL');
    await own.close();
  });

  it('and a services package are an administrator’s to make and to delete', async () => {
    const service = { externalId: 'karaoke', name: 'Karaoke', type: 'module', services: ['karaoke'], price: '2' };
    const { number } = (await make('/stb/v1/services', service)).body;
    expect((await rest('GET', `services_package/${number}`)).body.results).toMatchObject([
      { external_id: 'karaoke', type: 'module', services: ['karaoke'], price: '2', all_services: '0' },
    ]);
    expect((await make('/stb/v1/services', service)).body).toMatchObject({ code: 422, message: 'externalId' });
    await make(`/stb/v1/services/${number}`, { price: '3', externalId: 'sing' });
    expect((await rest('GET', `services_package/${number}`)).body.results).toMatchObject([
      { external_id: 'sing', price: '3' },
    ]);
    await rest('PUT', 'accounts/1003', 'tariff_plan=');
    expect((await admin(`/stb/v1/services/1`, { method: 'DELETE' })).status).toBe(409);
    expect((await admin(`/stb/v1/services/${number}`, { method: 'DELETE' })).body).toEqual({ success: true });
    expect((await make('/stb/v1/tariffs', { externalId: 'X', name: 'X', services: [{ number: 999 }] })).status).toBe(
      404,
    );
    const { number: plan } = (await make('/stb/v1/tariffs', { externalId: 'X', name: 'X' })).body;
    expect((await admin(`/stb/v1/tariffs/${plan}`, { method: 'DELETE' })).body).toEqual({ success: true });
    expect((await admin(`/stb/v1/tariffs/${plan}`, { method: 'DELETE' })).status).toBe(404);
    const manager = head.demo.users.manager.token;
    expect((await head.call(manager, '/stb/v1/tariffs', { body: { externalId: 'Y', name: 'Y' } })).status).toBe(403);
  });
});

describe('a reseller', () => {
  it('is shown with its boxes, where that is configured', async () => {
    expect((await rest('GET', 'stb/1001')).body.results).toMatchObject([{ reseller_id: '1' }]);
    expect((await rest('GET', 'users/1001')).body.results).toMatchObject({
      ...{ reseller_id: '1', reseller_name: 'Nordlys Reseller' },
    });
    await rest('PUT', 'reseller/1', 'name=Polaris');
    expect((await rest('GET', 'users/1001')).body.results.reseller_name).toBe('Polaris');
    const { customers } = head.demo;
    const { items } = (await admin('/stb/v1/customers')).body;
    expect(items.find(({ id }: { id: string }) => id === customers.reseller).name).toBe('Polaris');
  });
});

describe('deleting an account', () => {
  it('ends everything that was the box’s', async () => {
    const mac = '00:1A:79:66:00:09';
    await rest('POST', 'accounts', `login=gone&stb_mac=${mac}`);
    await rest('POST', `stb_msg/${mac}`, 'msg=x');
    const client = openStalkerClient(head, mac);
    await client.start();
    expect((await rest('DELETE', 'users/gone')).body.results).toBe(true);
    expect((await admin(`/stb/v1/boxes/${mac}`)).status).toBe(404);
    expect((await client.poll()).msgs).toBe(0);
    expect(await client.ask('itv', 'get_all_channels')).toBe('Access denied.');
  });
});
