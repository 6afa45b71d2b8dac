/** Every call of the App API that is built: what it does, its errors, and the four ways of its token. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, xmltvTime } from '../../headend/xmltv-programme.ts';
import { type AppSite, guide, openAppSite } from '../support/app-site.ts';
import { openTestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let site: AppSite;
beforeAll(async () => {
  site = await openAppSite();
});
afterAll(() => site.close());

const nowhere = 'ffffffffffffffffffffffff';
const success = { success: true };
type Call = {
  path: () => string;
  given?: () => Record<string, unknown>;
  /** What the phone of the private customer is answered; `picture` for bytes. */
  answer: unknown;
};

const programme = { _id: expect.any(String), start: expect.any(String), end: expect.any(String), duration: 60 };
const apps = [{ _id: 'com.example.chess', name: 'Chess', version: '2.0', url: 'http://apps.example/chess-2.apk' }];
const self = () => expect.objectContaining({ _id: site.phone.id, type: 'IOS', self: true });

/** The calls that a device makes with its token and that leave it signed in, by their path in the OpenAPI document. */
const calls: Record<string, Call> = {
  '/iptv/app/validate': {
    path: () => '/iptv/app/validate',
    given: () => ({ version: '2.19.0' }),
    answer: {
      deviceId: 'phone-of-donald',
      type: 'IOS',
      username: 'donald@duck.com',
      developmentMode: false,
      archive: true,
      epgDays: 7,
      resellerName: 'Nordlys Reseller',
    },
  },
  '/iptv/app/loginbyproxy': {
    path: () => '/iptv/app/loginbyproxy',
    given: () => ({ deviceId: 'tv-by-proxy', type: 'ANDROIDTV', model: 'Shield' }),
    answer: { deviceId: 'tv-by-proxy', type: 'ANDROIDTV', username: 'donald@duck.com', token: expect.any(String) },
  },
  '/iptv/app/device': {
    path: () => '/iptv/app/device',
    answer: { devices: expect.arrayContaining([expect.objectContaining({ type: 'STB', self: false })]) },
  },
  '/iptv/app/device/{device}/name': {
    path: () => `/iptv/app/device/${site.phone.id}/name`,
    given: () => ({ name: 'Donalds mobile' }),
    answer: success,
  },
  '/iptv/app/account': {
    path: () => '/iptv/app/account',
    given: () => ({ password: 'vgh38gy3uvhebv' }),
    answer: success,
  },
  '/iptv/app/channel': {
    path: () => '/iptv/app/channel',
    given: () => ({ paging: 'true', limit: 2 }),
    answer: { offset: 0, limit: 2, total: 9, channels: [{ number: 1 }, { number: 2 }] },
  },
  '/iptv/app/channel/{channel}/play': {
    path: () => `/iptv/app/channel/${site.channel}/play`,
    answer: { airplay: true, streams: ['http://stream.example/harbour-one/index.m3u8'] },
  },
  '/iptv/app/channel/{channel}/startover': {
    path: () => `/iptv/app/channel/${site.channel}/startover`,
    answer: {
      forward: true,
      backwards: true,
      streams: [expect.stringMatching(/^http:\/\/past\.example\/one\/\d+-\d+\.m3u8$/)],
    },
  },
  '/iptv/app/channel/{channel}/playfromtime': {
    path: () => `/iptv/app/channel/${site.channel}/playfromtime`,
    given: () => ({ start: '2017-01-01T00:00:00.000Z' }),
    answer: { streams: ['http://past.example/one/1483228800-1483250400.m3u8'] },
  },
  '/iptv/app/channel/{channel}/stop': { path: () => `/iptv/app/channel/${site.channel}/stop`, answer: success },
  '/iptv/app/radiochannel': {
    path: () => '/iptv/app/radiochannel',
    answer: {
      channels: expect.arrayContaining([
        expect.objectContaining({ name: 'Radio Harbour', number: 101, logo: expect.any(String) }),
      ]),
    },
  },
  '/iptv/app/radiochannel/{channel}/logo': {
    path: () => `/iptv/app/radiochannel/${site.radio}/logo`,
    answer: 'picture',
  },
  '/iptv/app/epg/{program}': {
    path: () => `/iptv/app/epg/${site.current}`,
    answer: { ...programme, title: 'Show 1', description: 'About 1 & more' },
  },
  '/iptv/app/epgnow/{channel}': {
    path: () => `/iptv/app/epgnow/${site.channel}`,
    answer: { ...programme, title: 'Show 1' },
  },
  '/iptv/app/multiepg': {
    path: () => '/iptv/app/multiepg',
    given: () => ({ ids: [site.next, 'nothing', site.current].join(',') }),
    answer: [
      { ...programme, title: 'Show 2' },
      { ...programme, title: 'Show 1' },
    ],
  },
  '/iptv/app/status/{program}': {
    path: () => `/iptv/app/status/${site.current}`,
    given: () => ({ position: 2305 }),
    answer: success,
  },
  '/iptv/app/log': { path: () => '/iptv/app/log', given: () => ({ event: 'it broke' }), answer: success },
  '/iptv/app/branding': { path: () => '/iptv/app/branding', answer: 'picture' },
  '/iptv/app/brandingsettings': { path: () => '/iptv/app/brandingsettings', answer: { colour: '#123456' } },
  '/iptv/app/launcherconfig': { path: () => '/iptv/app/launcherconfig', answer: { rows: 2 } },
  '/iptv/app/tabletprofile': {
    path: () => '/iptv/app/tabletprofile',
    given: () => ({ appVersion: '3.1', wifiMac: '00:11:22:33:44:55' }),
    answer: { name: 'Lobby', powerButton: true },
  },
  '/iptv/app/applist': { path: () => '/iptv/app/applist', answer: { apps } },
  '/iptv/app/applistupdate': {
    path: () => '/iptv/app/applistupdate',
    given: () => ({
      apps: JSON.stringify([
        { _id: 'com.example.chess', version: '1.0' },
        { _id: 'com.other', version: '1' },
      ]),
    }),
    answer: { apps },
  },
  '/iptv/app/whitelist/{app}': {
    path: () => '/iptv/app/whitelist/com.example.secret',
    answer: { _id: 'com.example.secret', version: '1.0', url: 'http://apps.example/chess-1.apk' },
  },
};

/** Those that sign a device in or out, or are the box's own; each has a test of its own. */
const others = [
  '/iptv/app/login',
  '/iptv/app/loginbyserial',
  '/iptv/app/loginbydeviceid',
  '/iptv/app/loginbycode',
  '/iptv/app/reservecode',
  '/iptv/app/logout',
  '/iptv/app/unregister',
  '/iptv/app/device/{device}/delete',
];

const ways = ['header', 'body', 'query', 'cookie'] as const;

/** Makes a call with the token in one of the four ways. */
async function callBy(
  way: (typeof ways)[number],
  token: string,
  { path, given = () => ({}) }: Call,
): Promise<Response> {
  const isPost = way === 'body';
  const query = new URLSearchParams(way === 'query' ? { token } : {});
  if (!isPost) for (const [name, value] of Object.entries(given())) query.set(name, String(value));
  const headers: Record<string, string> = {
    ...(way === 'header' ? { authorization: `Bearer ${token}` } : {}),
    ...(way === 'cookie' ? { cookie: `a=b; token=APP-${token}` } : {}),
    ...(isPost ? { 'content-type': 'application/json' } : {}),
  };
  return fetch(`${site.headend.url}${path()}?${query}`, {
    headers,
    ...(isPost ? { method: 'POST', body: JSON.stringify({ token, ...given() }) } : {}),
  });
}

describe('each call', () => {
  it('stands in these tables', async () => {
    const { paths } = (await site.call(undefined, '/docs/json')).body;
    const documented = Object.keys(paths).filter((path) => paths[path].get?.tags?.includes('App'));
    expect([...Object.keys(calls), ...others].sort()).toEqual(documented.sort());
    for (const path of documented) expect(paths[path].post?.tags, path).toEqual(['App']);
  });

  const table = Object.entries(calls).flatMap(([name, call]) => ways.map((way) => [name, way, call] as const));
  it.each(table)('%s answers with the token in the %s', async (_name, way, call) => {
    const response = await callBy(way, site.phone.token, call);
    expect(response.status).toBe(200);
    if (call.answer === 'picture') {
      expect(response.headers.get('content-type')).toBe('image/png');
      return;
    }
    expect(await response.json()).toMatchObject(call.answer as object);
  });

  it.each(Object.entries(calls))(
    '%s is refused without a token, with a wrong one, and with an operator’s',
    async (_name, call) => {
      expect((await callBy('header', 'wrong', call)).status).toBe(401);
      expect((await fetch(site.headend.url + call.path())).status).toBe(401);
      expect((await callBy('header', site.demo.users.owner.token, call)).status).toBe(403);
    },
  );

  it.each(Object.entries(calls))('%s is refused to a device that is disabled', async (_name, call) => {
    await site.call(site.admin, `/iptv/device/${site.phone.id}`, { body: { enabled: false } });
    expect((await callBy('query', site.phone.token, call)).status).toBe(403);
    await site.call(site.admin, `/iptv/device/${site.phone.id}`, { body: { enabled: true } });
  });
});

describe('the errors of each', () => {
  const device = (id: string) => `/iptv/app/device/${id}`;
  const channel = (id: string, what: string) => `/iptv/app/channel/${id}/${what}`;
  const rows: [code: number, message: string, description: string, path: () => string][] = [
    [404, 'id', 'Not found', () => `${device(nowhere)}/name?name=x`],
    [404, 'id', 'Not found', () => `${device(site.box.id)}/name?name=x`],
    [422, 'name', 'Name is missing', () => `${device(site.phone.id)}/name?name=`],
    [404, 'id', 'Not found', () => `${device(nowhere)}/delete`],
    [404, 'id', 'Not found', () => `${device(site.box.id)}/delete`],
    [
      403,
      'type',
      'STB devices cannot be deleted from here',
      () => `${device(site.demo.boxes[3]?.id as string)}/delete`,
    ],
    [
      409,
      'id',
      'Device is using DRM and is still within the 30 days binding period',
      () => `${device(site.phone.id)}/delete`,
    ],
    [
      422,
      'username',
      'Username is required and must be at least 6 characters long',
      () => '/iptv/app/account?username=short',
    ],
    [
      422,
      'username',
      'Username is required and must be at least 6 characters long',
      () => '/iptv/app/account?username=',
    ],
    [
      422,
      'username',
      'Username may only contain valid characters a-z A-Z 0-9 - . @ _',
      () => '/iptv/app/account?username=donald%2Fduck',
    ],
    [
      422,
      'password',
      'Password is required and must be at least 6 characters long',
      () => '/iptv/app/account?password=12345',
    ],
    [422, 'epgMode', 'EpgMode is invalid', () => '/iptv/app/channel?epgMode=ALWAYS'],
    [422, 'from', 'From is invalid', () => '/iptv/app/channel?epgMode=PERIOD&from=yesterday'],
    [422, 'to', 'To is invalid', () => '/iptv/app/channel?epgMode=PERIOD&from=2026-01-02&to=2026-01-01'],
    [422, 'limit', 'Limit is invalid', () => '/iptv/app/channel?limit=0'],
    [422, 'offset', 'Offset is invalid', () => '/iptv/app/channel?offset=-1'],
    [404, 'channel', 'Channel not found', () => channel(nowhere, 'play')],
    [404, 'channel', 'Channel not found', () => channel(site.radio, 'play')],
    [422, 'mode', 'Mode is invalid', () => `${channel(site.channel, 'play')}?mode=VHS`],
    [404, 'channel', 'Channel not found', () => channel(nowhere, 'startover')],
    [404, 'program', 'Program not found', () => channel(site.demo.channels[1]?.id as string, 'startover')],
    [422, 'start', 'Start is missing or invalid', () => channel(site.channel, 'playfromtime')],
    [422, 'start', 'Start is missing or invalid', () => `${channel(site.channel, 'playfromtime')}?start=2099-01-01`],
    [422, 'start', 'Start is invalid', () => `${channel(site.channel, 'playfromtime')}?start=noon`],
    [422, 'end', 'End is invalid', () => `${channel(site.channel, 'playfromtime')}?start=2020-01-02&end=2020-01-01`],
    [
      404,
      'archive',
      'The channel keeps nothing of what it broadcast',
      () => `${channel(site.demo.channels[1]?.id as string, 'playfromtime')}?start=2020-01-01`,
    ],
    [404, 'channel', 'Channel not found', () => channel(nowhere, 'stop')],
    [404, 'id', 'Not found', () => `/iptv/app/radiochannel/${nowhere}/logo`],
    [404, 'logo', 'No logo available', () => `/iptv/app/radiochannel/${site.demo.channels.at(-1)?.id}/logo`],
    [404, 'program', 'Program not found', () => '/iptv/app/epg/nothing'],
    [404, 'channel', 'Channel not found', () => `/iptv/app/epgnow/${nowhere}`],
    [404, 'program', 'Program not found', () => `/iptv/app/epgnow/${site.demo.channels[1]?.id}`],
    [422, 'ids', 'Ids is missing or invalid', () => '/iptv/app/multiepg'],
    [404, 'program', 'Program not found', () => '/iptv/app/status/nothing?position=1'],
    [422, 'position', 'Invalid position', () => `/iptv/app/status/${site.current}`],
    [422, 'position', 'Invalid position', () => `/iptv/app/status/${site.current}?position=-1`],
    [422, 'events', 'Events is missing or invalid', () => '/iptv/app/log'],
    [422, 'events', 'Events is missing or invalid', () => `/iptv/app/log?event=${'x'.repeat(8_200)}`],
    [422, 'apps', 'Apps is missing or invalid', () => '/iptv/app/applistupdate'],
    [404, 'app', 'Not found', () => '/iptv/app/whitelist/com.example.unknown'],
    [422, 'deviceId', 'DeviceId is missing or invalid', () => '/iptv/app/loginbyproxy'],
    [422, 'type', 'Type is missing or invalid', () => '/iptv/app/loginbyproxy?deviceId=a&type=STB&model=x'],
    [422, 'model', 'Model is missing or invalid', () => '/iptv/app/loginbyproxy?deviceId=a&type=IOS'],
    [
      409,
      'deviceId',
      'A device cannot be its own proxy',
      () => '/iptv/app/loginbyproxy?deviceId=phone-of-donald&type=IOS&model=x',
    ],
  ];
  it.each(rows)('%i %s, %s (%#)', async (code, message, description, path) => {
    const answer = await site.call(site.phone.token, path());
    expect(answer).toMatchObject({ status: code, body: { code, message, description } });
  });

  it('404 where a customer has no documents and no logo, and 403 for branding settings without IPTVPRIVATE', async () => {
    const customer = (
      await site.call(site.admin, '/stb/v1/customers', { body: { name: 'Bare', features: ['IPTVBUSINESS'] } })
    ).body.id;
    const { token } = (await site.call(site.admin, '/iptv/device', { body: { customer, mac: '001a79bbbbbb' } })).body;
    const status = async (path: string) => (await site.call(token, `/iptv/app/${path}`)).status;
    expect(await status('launcherconfig')).toBe(404);
    expect(await status('tabletprofile')).toBe(404);
    expect(await status('branding')).toBe(404);
    expect(await status('brandingsettings')).toBe(403);
    expect((await site.call(token, '/iptv/app/applist')).body).toEqual({ apps: [] });
    expect((await site.call(token, '/iptv/app/account')).body).toMatchObject({ code: 404, message: 'not_found' });
  });

  it('403 for a channel that the device has not bought, and 409 for a user name that is taken', async () => {
    const only = site.demo.channels.find(({ name }) => name === 'Family Plus')?.id;
    expect((await site.call(site.box.token, `/iptv/app/channel/${only}/play`)).status).toBe(404);
    const { _id } = (
      await site.call(site.admin, '/iptv/channel', {
        body: { number: 60, name: 'Extra', baseChannel: 'http://x.example/a' },
      })
    ).body;
    expect(await site.call(site.box.token, `/iptv/app/channel/${_id}/play`)).toMatchObject({
      status: 403,
      body: { message: 'access_denied' },
    });
    await site.call(site.admin, '/iptv/drm', {
      body: { customer: site.demo.customers.business, username: 'taken-already' },
    });
    expect(await site.call(site.phone.token, '/iptv/app/account?username=taken-already')).toMatchObject({
      status: 409,
      body: { message: 'username', description: 'The username is not available' },
    });
  });
});

describe('what the calls do', () => {
  it('the channel list has as much of the guide as is asked for, and fills what is missing', async () => {
    const list = async (query: string) =>
      (await site.call(site.phone.token, `/iptv/app/channel?channel=${site.channel}&${query}`)).body[0].epg;
    expect((await list('')).map(({ title }: { title: string }) => title)).toEqual([
      'Show 1',
      'Show 2',
      'Show 3',
      'Show 4',
      'Show 5',
    ]);
    expect(await list('epgMode=NONE')).toEqual([]);
    expect((await list('epgMode=WEEK')).length).toBeGreaterThan(5);
    expect((await list('epgFull=true'))[0]).toMatchObject({ description: 'About 1 & more' });
    expect(await list('epgMode=PERIOD&from=2020-01-01&nofill=true')).toEqual([]);
    expect(await list('epgMode=PERIOD&from=2020-01-01')).toMatchObject([{ title: 'Harbour One' }]);
  });

  it('a box is told the local streams that its package allows, an app base streams that it can reach', async () => {
    const camera = site.demo.channels.find(({ name }) => name === 'House Camera')?.id;
    const streams = async (token: string) => (await site.call(token, `/iptv/app/channel/${camera}/play`)).body.streams;
    expect(await streams(site.box.token)).toEqual([
      'http://10.0.0.12/camera.ts',
      'http://stream.example/camera/index.m3u8',
    ]);
    expect(await streams(site.phone.token)).toEqual(['http://stream.example/camera/index.m3u8']);
    expect(
      (await site.call(site.phone.token, `/iptv/app/channel/${site.channel}/play?mode=DASH`)).body.streams,
    ).toEqual([]);
  });

  it('what a device plays is known from play to stop', async () => {
    const playing = async () => (await site.call(site.admin, `/iptv/device/${site.phone.id}`)).body.playing;
    await site.call(site.phone.token, `/iptv/app/channel/${site.channel}/play`);
    expect(await playing()).toMatchObject({ channel: site.channel, name: 'Harbour One' });
    await site.call(site.phone.token, `/iptv/app/channel/${site.channel}/stop`);
    expect(await playing()).toBeUndefined();
  });

  it('the position comes back with the programme, to the device that reported it', async () => {
    await site.call(site.phone.token, `/iptv/app/status/${site.next}?position=61.5`);
    expect((await site.call(site.phone.token, `/iptv/app/epg/${site.next}`)).body.position).toBe(61.5);
    expect((await site.call(site.box.token, `/iptv/app/epg/${site.next}`)).body).not.toHaveProperty('position');
  });

  it('no position is taken of a programme that is outside the guide of the device', async () => {
    const body = guide().replaceAll('one.example', 'foreign.example');
    await site.call(site.admin, '/stb/v1/epg', { method: 'PUT', body, headers: { 'content-type': 'application/xml' } });
    const start = xmltvTime(/start="([^"]+)"/.exec(body)?.[1]);
    const path = `/iptv/app/status/${idOf({ epgId: 'foreign.example', start })}?position=1`;
    expect(await site.call(site.phone.token, path)).toMatchObject({ status: 404, body: { message: 'program' } });
  });

  it('of two programmes that overlap the earlier ends where the later begins, however far apart they stand in the file', async () => {
    const hour = 3_600_000;
    const begin = Math.ceil(Date.now() / hour) * hour;
    const time = (ms: number) => new Date(ms).toISOString().replace(/[-:T]|\..*/g, '');
    const show = (channel: string, n: number) =>
      `<programme start="${time(begin + n * hour)}" stop="${time(begin + (n + 1) * hour + 60_000)}" channel="${channel}"><title>${n}</title></programme>`;
    const channels = ['overlapping.example', ...Array.from({ length: 600 }, (_, n) => `${n}.example`)];
    const shows = [0, 1, 2].flatMap((n) => channels.map((one) => show(one, n)));
    const listed = [...shows, show('overlapping.example', 3), show('overlapping.example', 4)];
    await site.call(site.admin, '/stb/v1/epg', {
      method: 'PUT',
      body: `<tv>${listed.join('')}</tv>`,
      headers: { 'content-type': 'application/xml' },
    });
    const second = site.demo.channels[1]?.id as string;
    await site.call(site.admin, `/iptv/channel/${second}`, { body: { epgId: 'overlapping.example' } });
    const { body } = await site.call(site.phone.token, `/iptv/app/channel?channel=${second}`);
    expect(body[0].epg.map(({ title, duration }: Record<string, unknown>) => [title, duration])).toEqual([
      ['0', 60],
      ['1', 60],
      ['2', 60],
      ['3', 60],
      ['4', 61],
    ]);
  });

  it('a guide may be a gzip file, sent or in the configuration, and a damaged one is refused', async () => {
    const file = join(site.dataDir, 'guide.xml.gz');
    writeFileSync(file, gzipSync(guide()));
    const own = await openTestHeadend({ epg: { file } });
    const admin = own.demo.users.admin.token;
    const put = (body: Buffer) =>
      fetch(`${own.headend.url}/stb/v1/epg`, { method: 'PUT', body, headers: { authorization: `Bearer ${admin}` } });
    const [first, second] = own.demo.channels.map(({ id }) => id);
    const [box] = own.demo.boxes;
    for (const [channel, epgId] of [
      [first, 'one.example'],
      [second, 'two.example'],
    ]) {
      await own.call(admin, `/iptv/channel/${channel}`, { body: { epgId } });
    }
    const now = async (channel: string | undefined) =>
      (await own.call(box?.token, `/iptv/app/epgnow/${channel}`)).body.title;
    await until(async () => (await now(first)) === 'Show 1', 'the file to be read');
    const sent = gzipSync(guide().replaceAll('one.example', 'two.example'));
    const damaged = await put(sent.subarray(0, -20));
    expect([damaged.status, await damaged.json()]).toMatchObject([422, { message: 'body', code: 422 }]);
    expect(await (await put(sent)).json()).toEqual({ programmes: 10, skipped: 0 });
    expect(await now(second)).toBe('Show 1');
    await own.close();
  });

  it('what a device logs can be read by the operators of its customer', async () => {
    await site.call(site.phone.token, '/iptv/app/log', { body: { events: [{ error: 'decoder' }, 'stalled'] } });
    const { events } = (await site.call(site.demo.users.privateOwner.token, `/iptv/device/${site.phone.id}/log`)).body;
    expect(events.slice(0, 2).map(({ event }: { event: unknown }) => event)).toEqual(['stalled', { error: 'decoder' }]);
    expect((await site.call(site.demo.users.owner.token, `/iptv/device/${site.phone.id}/log`)).status).toBe(404);
  });

  it('the logo that the channel list names can be fetched with the same token', async () => {
    const [{ logo }] = (await site.call(site.phone.token, `/iptv/app/channel?channel=${site.channel}`)).body;
    const answer = await site.call(site.phone.token, logo);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('image/png');
  });

  it('the list of devices marks the one that asks, and its name is the one it was given', async () => {
    const { devices } = (await site.call(site.phone.token, '/iptv/app/device')).body;
    expect(devices).toContainEqual(self());
    await site.call(site.phone.token, `/iptv/app/device/${site.phone.id}/name`, { body: { name: 'Telephone' } });
    expect((await site.call(site.phone.token, '/iptv/app/validate')).body.name).toBe('Telephone');
  });
});
