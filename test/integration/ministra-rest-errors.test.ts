/** What Ministra's API answers to requests that are wrong, or that a real portal gets wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest, signIn } from '../support/ministra-rest.ts';

let head: TestHeadend;
let rest: Rest;
beforeAll(async () => {
  head = await openTestHeadend();
  rest = openRest(head);
});
afterAll(() => head.close());

const errorOf = async (method: string, path: string, form?: string) => (await rest(method, path, form)).body.error;
const actionsOf = async (index: number) => {
  const path = `/stb/v1/actions?box=${head.demo.boxes[index]?.id}`;
  return (await head.call(head.demo.users.admin.token, path)).body.items;
};

describe('authentication', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it.each([
    ['no header', () => ({})],
    ['a wrong password', () => basic(`${head.demo.ministra.login}:x`)],
    ['a wrong login', () => basic(`x:${head.demo.ministra.password}`)],
    ['a longer password', () => basic(`${head.demo.ministra.login}:${head.demo.ministra.password}x`)],
    ['no password', () => basic(head.demo.ministra.login)],
    ['an administrator’s token', () => ({ authorization: `Bearer ${head.demo.users.admin.token}` })],
    ['no base64', () => ({ authorization: 'Basic %%%' })],
  ])('401 to the byte for %s', async (_what, headers) => {
    for (const [method, path] of [
      ['GET', 'stb'],
      ['POST', 'send_event/'],
      ['PATCH', 'nosuch'],
      ['GET', ''],
    ] as const) {
      const answer = await rest(method, path, undefined, headers() as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Stalker API"');
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.text).toBe('{"status":"ERROR","results":"","error":"401 Unauthorized request"}');
    }
    expect(await actionsOf(0)).toEqual([]);
  });

  it('is by login and password of the configuration', async () => {
    const own = await openTestHeadend({ ministra: { login: 'anna', password: 'pässwörd:1' } });
    const api = openRest(own);
    expect((await api('GET', 'stb', undefined, basic('anna:pässwörd:1'))).body.status).toBe('OK');
    expect((await api('GET', 'stb')).status).toBe(401);
    await own.close();
  });

  it('is off as on a portal where nothing is configured', async () => {
    const own = await openTestHeadend({ demo: false });
    const { status, text, headers } = await openRest(own)('GET', 'stb', undefined, {});
    expect([status, text]).toEqual([404, 'API not enabled']);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    await own.close();
  });
});

describe('the two addresses', () => {
  it('answer the same, with and without a slash at the end', async () => {
    const { text } = await rest('GET', 'tariffs');
    expect((await openRest(head, '/stalker_portal/api/v1/')('GET', 'tariffs')).text).toBe(text);
    expect((await rest('GET', 'tariffs/')).text).toBe(text);
    expect((await rest('GET', 'tariffs?x=1')).text).toBe(text);
    expect((await fetch(`${head.headend.url}/api/tariffs`, { headers: signIn(head) })).status).toBe(404);
  });

  it.each(['', 'v1', 'v1/'])('%j has no resource', async (path) => {
    expect(await errorOf('GET', path)).toBe('Empty resource');
  });

  it.each([
    ['nosuch', 'Class file for "RESTCommandNosuch" not found'],
    ['monitoring_links', 'Class file for "RESTCommandMonitoringLinks" not found'],
    ['__proto__', 'Class file for "RESTCommandProto" not found'],
    ['constructor', 'Class file for "RESTCommandConstructor" not found'],
  ])('%s is no resource', async (resource, error) => {
    expect((await rest('GET', resource)).body).toEqual({ status: 'ERROR', results: null, error });
  });

  it.each(['PATCH', 'OPTIONS'])('%s is no method', async (method) => {
    expect(await errorOf(method, 'stb/1001')).toBe('Not supported method');
  });
});

describe('forms', () => {
  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['JSON', 'application/json'],
    ['text', 'text/plain;charset=UTF-8'],
    ['nothing that is known', 'application/x-nosuch; x=1'],
  ])('are read whatever they say they are: %s', async (_what, type) => {
    const headers = { ...signIn(head), 'content-type': type };
    const form = 'restricted%5B%5D=vclub&restricted[1]=a+b%21&disabled=radio&restricted[]=%ZZ';
    expect((await rest('PUT', 'stb_modules/1001', form, headers)).body.results).toEqual({
      disabled: ['radio'],
      restricted: ['vclub', 'a b!', '%ZZ'],
    });
  });

  it('are nothing else: JSON and the query are not data', async () => {
    expect(await errorOf('PUT', 'stb/1001', '{"status":"1"}')).toBe('Update data is empty');
    expect(await errorOf('PUT', 'stb/1001?status=1')).toBe('HTTP PUT data is empty');
    expect(await errorOf('POST', 'send_event/1001', '{"event":"reboot"}')).toBe('Event required');
  });

  it('are not read beyond what a request may have', async () => {
    const { status, body } = await rest('PUT', 'stb/1001', `status=1&x=${'x'.repeat(1024 * 1024)}`);
    expect(status).toBe(413);
    expect(body).toMatchObject({ status: 'ERROR', results: null });
  });

  it.each([
    ['PUT', 'stb/1001', 'HTTP PUT data is empty', 'Update data is empty'],
    ['POST', 'stb', 'HTTP POST data is empty', 'Insert data is empty'],
    ['PUT', 'accounts/1001', 'HTTP PUT data is empty', 'Update data is empty'],
    ['POST', 'accounts', 'HTTP POST data is empty', 'Insert data is empty'],
    ['PUT', 'stb_modules/1001', 'HTTP PUT data is empty', 'Update data is empty'],
    ['PUT', 'itv_subscription/1001', 'HTTP PUT data is empty', 'Update data is empty'],
    ['PUT', 'account_subscription/1001', 'HTTP PUT data is empty', 'Update data is empty'],
    ['POST', 'account_subscription/1001', 'HTTP POST data is empty', 'Insert data is empty'],
    ['POST', 'reseller', 'HTTP POST data is empty', 'Insert data is empty'],
  ])('%s %s needs its fields', async (method, path, none, others) => {
    expect(await errorOf(method, path)).toBe(none);
    expect(await errorOf(method, path, 'nosuch=1')).toBe(others);
  });
});

describe('values', () => {
  it.each([
    ['POST', 'stb', 'mac=00:1A:79', 'Not valid mac address'],
    ['POST', 'stb', 'mac=00:1A:79:00:00:0G', 'Not valid mac address'],
    ['POST', 'stb', 'mac=00:1A:79:00:00:01', 'Stb already exists'],
    ['POST', 'stb', 'mac=001a79000001', 'Stb already exists'],
    ['POST', 'stb', 'login=x', 'Login and password required'],
    ['POST', 'stb', 'password=x', 'Login and password required'],
    ['POST', 'stb', 'login=1001&password=x', 'Login already in use'],
    ['PUT', 'stb/1001', 'status=perhaps', 'Not valid status'],
    ['POST', 'accounts', 'full_name=x', 'Login required'],
    ['POST', 'accounts', 'login=1001', 'Login already in use'],
    ['POST', 'accounts', 'login=new&stb_mac=zz', 'Not valid mac address'],
    ['POST', 'accounts', 'login=new&stb_mac=00:1A:79:00:00:01', 'MAC address already in use'],
    ['POST', 'accounts', 'login=new&tariff_plan=NOSUCH', 'Tariff plan not found'],
    ['POST', 'accounts', 'login=new&tariff_expired_date=soon', 'Not valid tariff_expired_date'],
    ['PUT', 'accounts/1001', 'login=1002', 'Login already in use'],
    ['PUT', 'accounts/1001', 'stb_mac=00:1A:79:00:00:02', 'MAC address already in use'],
    ['POST', 'stb_msg/1001', 'ttl=5', 'Empty msg'],
    ['POST', 'stb_msg/1001', 'msg=+', 'Empty msg'],
    ['POST', 'stb_msg/1001', 'msg=x&ttl=soon', 'Not valid ttl'],
    ['POST', 'stb_msg/1001', `msg=${'x'.repeat(8193)}`, 'Not valid msg: it has 1 to 8192 characters'],
    ['POST', 'send_event/1001', 'event=send_msg', 'Empty msg'],
    ['POST', 'send_event/1001', 'event=send_msg&msg=x&auto_hide_timeout=-1', 'Not valid auto_hide_timeout'],
    ['POST', 'send_event/1001', 'event=send_msg_with_video&msg=x', 'Not valid video'],
    ['POST', 'send_event/1001', 'event=send_msg_with_video&msg=x&video=file:///x', 'Not valid video'],
    ['POST', 'send_event/1001', 'event=play_channel', 'Not valid channel number'],
    ['POST', 'send_event/1001', 'event=play_channel&channel=ten', 'Not valid channel number'],
    ['POST', 'send_event/1001', 'event=play_radio_channel&channel=-1', 'Not valid channel number'],
    ['POST', 'reseller', 'max_users=1', 'Name required'],
    ['POST', 'reseller', 'name=x&max_users=many', 'Not valid max_users'],
  ])('%s %s with %s is refused', async (method, path, form, error) => {
    const before = (await actionsOf(0)).length;
    expect((await rest(method, path, form)).body).toEqual({ status: 'ERROR', results: null, error });
    expect(await actionsOf(0)).toHaveLength(before);
  });

  it('unknown packages are named, and nothing is changed', async () => {
    const form = 'subscribed[]=tv_2&subscribed[]=tv_99';
    expect((await rest('PUT', 'account_subscription/1001', form)).body).toEqual({
      ...{ status: 'ERROR', results: false, error: 'Package "tv_99" not found' },
    });
    expect((await rest('GET', 'account_subscription/1001')).body.results).toMatchObject([{ subscribed: [] }]);
  });

  it('a package that is not optional in the plan cannot be subscribed', async () => {
    await rest('PUT', 'accounts/1001', 'tariff_plan=STANDART');
    const error = 'Package "all_video" is not optional in the tariff plan';
    expect(await errorOf('PUT', 'account_subscription/1001', 'subscribed[]=all_video')).toBe(error);
    await rest('PUT', 'accounts/1001', 'tariff_plan=FULL');
    expect((await rest('PUT', 'account_subscription/1001', 'subscribed_id[]=5')).body.results).toBe(true);
    expect((await rest('GET', 'account_subscription/1001')).body.results).toMatchObject([
      { subscribed: ['all_video'], subscribed_id: ['5'] },
    ]);
  });

  it('a reseller with boxes stays', async () => {
    expect(await errorOf('DELETE', 'reseller/1')).toBe('Reseller has users');
  });
});

describe('what a real portal gets wrong', () => {
  it.each([
    ['event=resolve', 'Unknown event "resolve"'],
    ['event=', 'Event required'],
    ['event=__proto__', 'Unknown event "__proto__"'],
    ['msg=x', 'Event required'],
  ])('an unknown event (%s) is an error, with the results that clients look for', async (form, error) => {
    const before = (await actionsOf(0)).length;
    expect((await rest('POST', 'send_event/1001', form)).body).toEqual({ status: 'ERROR', results: false, error });
    expect(await actionsOf(0)).toHaveLength(before);
  });

  it('an account number of twelve digits is no MAC', async () => {
    await rest('POST', 'accounts', 'login=long&account_number=380501234567&stb_mac=00:1A:79:12:00:01');
    expect((await rest('GET', 'stb/380501234567')).body.results).toMatchObject([{ ls: 380501234567 }]);
    expect((await rest('GET', 'accounts/380501234567')).body.results).toMatchObject([{ login: 'long' }]);
    expect((await rest('POST', 'send_event/380501234567', 'event=reboot')).body.results).toBe(true);
    const mixed = await rest('GET', 'stb/380501234567,1002,00:1A:79:00:00:03,001a79000001');
    expect(mixed.body.results.map((one: { ls: number }) => one.ls)).toEqual([380501234567, 1002, 1003, 1001]);
  });

  it('the account number 0 is nobody’s', async () => {
    await rest('POST', 'stb', 'mac=00:1A:79:12:00:02');
    expect((await rest('GET', 'stb/0')).body.results).toEqual([]);
    expect(await errorOf('DELETE', 'stb/0')).toBe('STB not found');
  });

  it.each([',', '%2C', '%20', ',,1002'])(
    'a list of identifiers with an empty one (%j) is not a request for all boxes',
    async (identifiers) => {
      const before = (await actionsOf(0)).length;
      const { error, results } = (await rest('POST', `send_event/${identifiers}`, 'event=reboot')).body;
      expect([results, error]).toEqual(identifiers.endsWith('1002') ? [true, undefined] : [null, 'STB not found']);
      expect(await actionsOf(0)).toHaveLength(before);
      expect((await rest('GET', `stb/${identifiers}`)).body.results).toHaveLength(identifiers.endsWith('1002') ? 1 : 0);
      expect(await errorOf('PUT', `accounts/${identifiers}`, 'comment=x')).toMatch(
        /^(Only one|Account not|One or more)/,
      );
    },
  );

  it('an event for a good and an unknown box reaches the good one', async () => {
    const before = (await actionsOf(1)).length;
    expect((await rest('POST', 'send_event/999999,1002', 'event=show_menu')).body.results).toBe(true);
    expect(await actionsOf(1)).toHaveLength(before + 1);
  });

  it('auto_hide_timeout of send_event counts', async () => {
    await rest('POST', 'send_event/1002', 'event=send_msg&msg=short&auto_hide_timeout=7');
    expect((await actionsOf(1))[0]).toMatchObject({ params: { message: 'short', duration: 7 } });
    await rest('POST', 'stb_msg/1002', 'msg=shorter&auto_hide_timeout=6');
    expect((await actionsOf(1))[0]).toMatchObject({ params: { message: 'shorter', duration: 6 } });
  });

  it('text is text: NOW() is not the time', async () => {
    await rest('POST', 'stb_msg/1002', 'msg=NOW()');
    expect((await actionsOf(1))[0]).toMatchObject({ params: { message: 'NOW()' } });
  });

  it('every request is an event, also the same one again', async () => {
    const before = (await actionsOf(2)).length;
    for (let count = 0; count < 3; count++) await rest('POST', 'send_event/1003', 'event=reload_portal');
    expect(await actionsOf(2)).toHaveLength(before + 3);
  });

  it('ttl is the lifetime; without it a command lives a day and a message a week', async () => {
    const lifetime = async (form: string) => {
      await rest('POST', 'send_event/1003', form);
      const [{ createdAt, expires }] = await actionsOf(2);
      return Math.round((Date.parse(expires) - Date.parse(createdAt)) / 1000);
    };
    expect(await lifetime('event=reboot&ttl=90')).toBe(90);
    expect(await lifetime('event=reboot')).toBe(24 * 3600);
    expect(await lifetime('event=reboot&ttl=0')).toBe(24 * 3600);
    expect(await lifetime('event=send_msg&msg=x')).toBe(7 * 24 * 3600);
  });
});
