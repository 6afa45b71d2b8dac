/** Every error row and every access rule of the Telecom X group action, as a table over real HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionTypes } from '../../agent/protocol/params.ts';
import type { Role } from '../../headend/roles.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
});
afterAll(() => head.close());

const rows: [code: number, message: string, description: string, queries: string[]][] = [
  [
    404,
    'group',
    'Not found',
    ['group=ffffffffffffffffffffffff&type=UI', 'group=nonsense&type=UI', 'type=UI', 'group=&type=UI'],
  ],
  [422, 'type', 'Type is invalid', ['', 'type=', 'type=NOPE', 'type=message', 'type=UI&type=UI', 'type=toString']],
  [422, 'message', 'Message is missing', ['type=MESSAGE', 'type=MESSAGE&message=', 'type=MESSAGE&message=%20%20']],
  [
    422,
    'video',
    'Video is missing or URL is invalid',
    [
      'type=VIDEO',
      'type=VIDEO&video=',
      'type=VIDEO&video=film',
      'type=VIDEO&video=ftp%3A%2F%2Fhost%2Ffilm',
      'type=VIDEO&video=http%3A%2F%2F',
    ],
  ],
  [
    422,
    'channel',
    'Channel is invalid',
    [
      'type=PLAYCHANNEL',
      'type=PLAYCHANNEL&channel=',
      'type=PLAYCHANNEL&channel=ffffffffffffffffffffffff',
      'type=PLAYCHANNEL&channel=RADIO',
      'type=PLAYCHANNEL&channel=PRIVATE',
    ],
  ],
  [
    422,
    'script',
    'Script is missing or URL is invalid',
    ['type=SCRIPT', 'type=SCRIPT&script=', 'type=SCRIPT&script=rm', 'type=SCRIPT&script=file%3A%2F%2F%2Fetc%2Fpasswd'],
  ],
  [
    422,
    'port',
    'Port is invalid',
    [
      'type=MANAGEMENT',
      'type=MANAGEMENT&port=',
      'type=MANAGEMENT&port=0',
      'type=MANAGEMENT&port=65536',
      'type=MANAGEMENT&port=22.5',
      'type=MANAGEMENT&port=ssh',
      'type=MANAGEMENT&port=1e3',
    ],
  ],
  [422, 'js', 'Javascript code is missing', ['type=JS', 'type=JS&js=', 'type=JS&js=%20']],
  [422, 'firmware', 'URL is invalid', ['type=FIRMWARE&firmware=new', 'type=FIRMWARE&firmware=ftp%3A%2F%2Fhost%2Ffw']],
  [
    422,
    'radiochannel',
    'Channel is invalid',
    ['type=PLAYRADIOCHANNEL', 'type=PLAYRADIOCHANNEL&radiochannel=', 'type=PLAYRADIOCHANNEL&radiochannel=TV'],
  ],
  [
    422,
    'volume',
    'Volume is invalid',
    [
      'type=VOLUME',
      'type=VOLUME&volume=',
      'type=VOLUME&volume=-1',
      'type=VOLUME&volume=101',
      'type=VOLUME&volume=abc',
      'type=VOLUME&volume=50.5',
      'type=VOLUME&volume=1&volume=2',
      'type=VOLUME&volume=NaN',
      'type=VOLUME&volume=0x10',
    ],
  ],
  [
    422,
    'debugserver',
    'Invalid server',
    [
      'type=UIDEBUG&debugserver=a%20b',
      'type=UIDEBUG&debugserver=host%3A0',
      'type=UIDEBUG&debugserver=host%3A65536',
      'type=UIDEBUG&debugserver=http%3A%2F%2Fhost',
    ],
  ],
  [
    422,
    'keys',
    'Invalid key detected',
    ['type=EMULATEKEYS&keys=NOPE', 'type=EMULATEKEYS&keys=OK,NOPE', 'type=EMULATEKEYS&keys=ok'],
  ],
  [
    422,
    'keys',
    'No keys specified',
    [
      'type=EMULATEKEYS',
      'type=EMULATEKEYS&keys=',
      'type=EMULATEKEYS&keys=,',
      'type=EMULATEKEYS&keys[]=',
      'type=EMULATEKEYS&keys=[]',
    ],
  ],
];

describe('the error rows', () => {
  const table = rows.flatMap(([code, message, description, queries]) =>
    queries.map((query) => ({ code, message, description, query })),
  );

  it.each(table)('$code $message, $description: $query', async ({ code, message, description, query }) => {
    const { channels, groups, users } = head.demo;
    const concrete = query
      .replace('channel=RADIO', `channel=${channels.find((channel) => channel.radio)?.id}`)
      .replace('channel=PRIVATE', `channel=${channels.find((channel) => channel.only === 'private')?.id}`)
      .replace('radiochannel=TV', `radiochannel=${channels[0]?.id}`);
    const group = message === 'group' ? '' : `group=${groups.business}&`;
    const answer = await head.call(users.admin.token, `/iptv/device/action?${group}${concrete}`);
    expect(answer.status).toBe(code);
    expect(answer.body).toEqual({ code, message, description });
  });

  it('no refused request has made an action', async () => {
    expect((await head.call(head.demo.users.admin.token, '/stb/v1/actions')).body.total).toBe(0);
  });

  it.each([
    ['volume', { type: 'VOLUME', volume: '' }],
    ['volume', { type: 'VOLUME', volume: [5] }],
    ['volume', { type: 'VOLUME', volume: true }],
    ['message', { type: 'MESSAGE', message: { text: 'x' } }],
    ['message', { type: 'MESSAGE', message: ['x'] }],
    ['message', { type: 'MESSAGE', message: 'x'.repeat(8193) }],
    ['notify', { type: 'MESSAGE', message: 'x', notify: 'SHOUT' }],
    ['repeat', { type: 'MESSAGE', message: 'x', repeat: 'often' }],
    ['duration', { type: 'MESSAGE', message: 'x', duration: 0 }],
    ['keys', { type: 'EMULATEKEYS', keys: [{}] }],
    ['keys', { type: 'EMULATEKEYS', keys: 7 }],
    ['keys', { type: 'EMULATEKEYS', keys: Array(201).fill('OK') }],
    ['js', { type: 'JS', js: 'x'.repeat(65_537) }],
    ['type', { type: ['UI'] }],
    ['type', { type: '__proto__' }],
  ])('422 %s in a JSON body, too (%#)', async (message, fields) => {
    const body = { group: head.demo.groups.business, ...fields };
    const answer = await head.call(head.demo.users.admin.token, '/iptv/device/action', { body });
    expect(answer).toMatchObject({ status: 422, body: { code: 422, message } });
  });
});

/** Good parameters of each type. */
const parameters: Record<string, string> = {
  MESSAGE: '&message=x',
  VIDEO: '&video=http%3A%2F%2Fhost%2Ffilm',
  MANAGEMENT: '&port=1024',
  SCRIPT: '&script=http%3A%2F%2Fhost%2Fscript',
  JS: '&js=1',
  VOLUME: '&volume=1',
  EMULATEKEYS: '&keys=OK',
};
const onlyAdmin = ['MANAGEMENT', 'SCRIPT', 'JS', 'UIDEBUG'];
const alsoReseller = ['SCREENSHOT', 'SPEEDTEST', 'FIRMWARE'];

describe('access by role and type', () => {
  const callers: [user: 'viewer' | 'manager' | 'owner' | 'reseller' | 'admin', role: Role][] = [
    ['viewer', 'VIEWER'],
    ['manager', 'MANAGER'],
    ['owner', 'OWNER'],
    ['reseller', 'RESELLER'],
    ['admin', 'ADMIN'],
  ];
  const table = callers.flatMap(([user, role]) =>
    actionTypes.map((type) => {
      const isOpen = !onlyAdmin.includes(type) && !alsoReseller.includes(type);
      const may =
        role === 'ADMIN' || (role === 'RESELLER' && !onlyAdmin.includes(type)) || (role !== 'VIEWER' && isOpen);
      return { user, role, type, status: may ? 200 : 403 };
    }),
  );

  it.each(table)('$role, $type: $status', async ({ user, type, status }) => {
    const { channels, groups, users } = head.demo;
    const more =
      type === 'PLAYCHANNEL'
        ? `&channel=${channels[0]?.id}`
        : type === 'PLAYRADIOCHANNEL'
          ? `&radiochannel=${channels.find((channel) => channel.radio)?.id}`
          : (parameters[type] ?? '');
    const answer = await head.call(
      users[user].token,
      `/iptv/device/action?group=${groups.business}&type=${type}${more}`,
    );
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(answer.body).toEqual({ code: 403, message: 'access_denied', description: 'Insufficient access level' });
    }
  });
});

describe('access by feature and customer', () => {
  type User = 'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller' | 'admin';
  const table: [user: User, group: string, status: number, why: string][] = [
    ['manager', 'business', 200, 'its customer has IPTVBUSINESS'],
    ['owner', 'business', 200, 'its customer has IPTVBUSINESS'],
    ['privateOwner', 'private', 403, 'its customer has only IPTVPRIVATE'],
    ['privateOwner', 'ALL', 403, 'its customer has only IPTVPRIVATE'],
    ['reseller', 'business', 200, 'the customer has IPTVBUSINESS'],
    ['reseller', 'private', 200, 'the customer has IPTVPRIVATE'],
    ['reseller', 'WORLD', 403, 'WORLD is for ADMIN'],
    ['manager', 'WORLD', 403, 'WORLD is for ADMIN'],
    ['owner', 'WORLD', 403, 'WORLD is for ADMIN'],
    ['viewer', 'business', 403, 'a VIEWER only looks'],
    ['viewer', 'ffffffffffffffffffffffff', 403, 'a VIEWER is not told what exists'],
    ['manager', 'private', 404, "another customer's group does not exist for it"],
    ['owner', 'private', 404, "another customer's group does not exist for it"],
    ['admin', 'private', 200, 'an ADMIN may everything'],
    ['admin', 'WORLD', 200, 'an ADMIN may everything'],
  ];

  it.each(table)('%s, group %s: %i, because %s', async (user, group, status) => {
    const { groups, users } = head.demo;
    const id = group === 'business' || group === 'private' ? groups[group] : group;
    const answer = await head.call(users[user].token, `/iptv/device/action?group=${id}&type=UI`);
    expect(answer.status).toBe(status);
  });
});

describe('a customer without either feature', () => {
  it('is closed to its MANAGER and to its RESELLER, and left out of ALL; an ADMIN may act', async () => {
    const { users, customers } = head.demo;
    const admin = users.admin.token;
    const post = async (path: string, body: object) => (await head.call(admin, path, { body })).body;
    const customer = await post('/stb/v1/customers', { name: 'Plain', features: [], parent: customers.reseller });
    const manager = await post('/stb/v1/users', { name: 'Mia', role: 'MANAGER', customer: customer.id });
    const group = await post('/iptv/devicegroup', { name: 'Plain boxes', customer: customer.id });
    const box = await post('/iptv/device', { customer: customer.id, mac: '001a79abcdef', groups: [group._id] });
    const act = async (token: string, target: string) =>
      (await head.call(token, `/iptv/device/action?group=${target}&type=CHANNELS`)).status;

    expect(await act(manager.token, group._id)).toBe(403);
    expect(await act(manager.token, 'ALL')).toBe(403);
    expect(await act(users.reseller.token, group._id)).toBe(403);
    expect(await act(users.reseller.token, 'ALL')).toBe(200);
    const path = `/stb/v1/actions?box=${box._id}`;
    expect((await head.call(admin, path)).body.total).toBe(0);
    expect(await act(admin, group._id)).toBe(200);
    expect((await head.call(admin, path)).body.total).toBe(1);

    await post(`/stb/v1/customers/${customer.id}`, { features: ['IPTVBUSINESS'] });
    expect(await act(manager.token, 'ALL')).toBe(200);
  });
});
