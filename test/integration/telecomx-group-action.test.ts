/** The Telecom X group action over real HTTP: its examples, targets, counters, and the ways to send a token and keys. */
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, report, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let admin: string;

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  admin = head.demo.users.admin.token;
});
afterAll(() => head.close());

const act = (query: string, token = admin) => head.call(token, `/iptv/device/action?${query}`);

/** What was scheduled last, newest first. */
async function newest(count: number): Promise<{ box: string; type: string; params: unknown }[]> {
  return (await head.call(admin, `/stb/v1/actions?limit=${count}`)).body.items;
}

/** Ends whatever waits, so that the next request is not skipped. */
async function finishAll(): Promise<void> {
  for (const state of ['queued', 'delivered']) {
    const { body } = await head.call(admin, `/stb/v1/actions?state=${state}&limit=500`);
    for (const { id } of body.items) await head.call(admin, `/stb/v1/actions/${id}`, { method: 'DELETE' });
  }
}

describe('the query examples of the document', () => {
  const examples: [query: (channel: string) => string, type: string, params: (channel: string) => object][] = [
    [() => 'type=MESSAGE&message=Lunch%20is%20ready.', 'MESSAGE', () => ({ message: 'Lunch is ready.' })],
    [
      () => 'type=VIDEO&message=Watch%20this%20video&video=https%3A%2F%2Fsome.host.dom%2Fpath%2Fvideo.mp4',
      'VIDEO',
      () => ({ video: 'https://some.host.dom/path/video.mp4', message: 'Watch this video' }),
    ],
    [(channel) => `type=PLAYCHANNEL&channel=${channel}`, 'PLAYCHANNEL', (channel) => ({ channel })],
    [() => 'type=SWITCH_OFF', 'SWITCH_OFF', () => ({})],
    [() => 'type=CHANNELS', 'CHANNELS', () => ({})],
    [() => 'type=UI', 'UI', () => ({})],
    [() => 'type=REBOOT', 'REBOOT', () => ({})],
    [() => 'type=DVB', 'DVB', () => ({})],
    [() => 'type=SCREENSHOT', 'SCREENSHOT', () => ({})],
    [() => 'type=SPEEDTEST', 'SPEEDTEST', () => ({})],
    [() => 'type=MANAGEMENT&port=1024', 'MANAGEMENT', () => ({ port: 1024 })],
    [
      () => 'type=SCRIPT&script=https%3A%2F%2Fsome.host.dom%2Fpath%2Fscript',
      'SCRIPT',
      () => ({ script: 'https://some.host.dom/path/script' }),
    ],
  ];

  it.each(examples)('schedules the action for each set-top box of the group (%#)', async (query, type, params) => {
    const channel = head.demo.channels[0]?.id ?? '';
    const answer = await act(`group=${head.demo.groups.business}&${query(channel)}`);
    expect(answer).toMatchObject({ status: 200, body: { success: true, devices: 3, skipped: 0 } });
    const made = await newest(3);
    expect(made.map(({ type, params }) => ({ type, params }))).toEqual(
      Array(3).fill({ type, params: params(channel) }),
    );
    expect(made.map(({ box }) => box).sort()).toEqual(
      head.demo.boxes
        .slice(0, 3)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('the other six types', () => {
  it.each([
    ['type=JS&js=alert(1)', { js: 'alert(1)' }],
    ['type=FIRMWARE', {}],
    ['type=FIRMWARE&firmware=https%3A%2F%2Fsome.host.dom%2Ffw', { firmware: 'https://some.host.dom/fw' }],
    ['type=PLAYRADIOCHANNEL&radiochannel=RADIO', { radiochannel: '' }],
    ['type=UIDEBUG', { debugserver: '' }],
    ['type=UIDEBUG&debugserver=debug.dom:9090', { debugserver: 'debug.dom:9090' }],
    ['type=VOLUME&volume=0', { volume: 0 }],
    ['type=VOLUME&volume=100', { volume: 100 }],
    ['type=EMULATEKEYS&keys=MENU', { keys: ['MENU'] }],
    ['type=MESSAGE&message=a&notify=READ&repeat=true', { message: 'a', notify: 'READ', repeat: true }],
    ['type=MESSAGE&message=b&notify=SOUND&repeat=0', { message: 'b', notify: 'SOUND', repeat: false }],
  ])('takes %s', async (query, params) => {
    const radio = head.demo.channels.find((channel) => channel.radio)?.id ?? '';
    const answer = await act(`group=${head.demo.groups.business}&${query.replace('=RADIO', `=${radio}`)}`);
    expect(answer.body).toEqual({ success: true, devices: 3, skipped: 0 });
    const wanted = 'radiochannel' in params ? { radiochannel: radio } : params;
    expect((await newest(1))[0]?.params).toEqual(wanted);
  });
});

describe('keys', () => {
  it.each([
    'keys=MENU&keys=DOWN&keys=OK',
    'keys[]=MENU&keys[]=DOWN&keys[]=OK',
    'keys=MENU,DOWN,OK',
    'keys=MENU,%20DOWN&keys=OK',
    `keys=${encodeURIComponent('["MENU", "DOWN", "OK"]')}`,
  ])('are taken as %s, in their order', async (keys) => {
    await finishAll();
    expect((await act(`group=${head.demo.groups.business}&type=EMULATEKEYS&${keys}`)).body.devices).toBe(3);
    expect((await newest(1))[0]?.params).toEqual({ keys: ['MENU', 'DOWN', 'OK'] });
  });

  it('are taken as a JSON array', async () => {
    await finishAll();
    const body = { group: head.demo.groups.business, type: 'EMULATEKEYS', keys: ['MENU', 'DOWN', 'OK'] };
    expect((await head.call(admin, '/iptv/device/action', { body })).body.devices).toBe(3);
    expect((await newest(1))[0]?.params).toEqual({ keys: ['MENU', 'DOWN', 'OK'] });
  });
});

describe('POST with a JSON body', () => {
  it('does what GET does, with numbers and booleans as they are', async () => {
    await finishAll();
    const body = { group: head.demo.groups.business, type: 'VOLUME', volume: 42 };
    expect((await head.call(admin, '/iptv/device/action', { body })).body).toEqual({
      success: true,
      devices: 3,
      skipped: 0,
    });
    expect((await newest(1))[0]?.params).toEqual({ volume: 42 });
  });

  it('answers 400 to what is not JSON, in the shape of every error', async () => {
    const answer = await head.call(admin, '/iptv/device/action', { body: '{"group":' });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, message: 'request' });
  });
});

describe('an action that is scheduled already', () => {
  const volume = (value: number) => act(`group=${head.demo.groups.business}&type=VOLUME&volume=${value}`);

  it('is skipped and counted while the same one waits, and made again when that has ended', async () => {
    await finishAll();
    expect((await volume(10)).body).toEqual({ success: true, devices: 3, skipped: 0 });
    expect((await volume(10)).body).toEqual({ success: true, devices: 0, skipped: 3 });
    expect((await volume(11)).body).toEqual({ success: true, devices: 3, skipped: 0 });
    await finishAll();
    expect((await volume(10)).body).toEqual({ success: true, devices: 3, skipped: 0 });
  });

  it('is skipped for the one box where it waits, not for the others', async () => {
    await finishAll();
    await head.act(head.demo.boxes[1] as never, 'VOLUME', { volume: 77 });
    expect((await volume(77)).body).toEqual({ success: true, devices: 2, skipped: 1 });
  });

  it('is skipped after the box accepted it, and made again once it has started', async () => {
    await finishAll();
    const box = head.demo.boxes[0];
    if (box === undefined) throw new Error('no box');
    const id = await head.act(box, 'VOLUME', { volume: 55 });
    const say = (state: 'accepted' | 'started') =>
      head.call(box.token, '/stb/v1/reports', { body: report(id, state, { type: 'VOLUME' }) });
    await say('accepted');
    expect((await volume(55)).body).toEqual({ success: true, devices: 2, skipped: 1 });
    await say('started');
    expect((await volume(55)).body).toEqual({ success: true, devices: 1, skipped: 2 });
  });
});

describe('whose boxes are meant', () => {
  const total = async (query: string, token: string) => {
    await finishAll();
    const { status, body } = await act(`${query}&type=UI`, token);
    return status === 200 ? body.devices : status;
  };
  const users = () => head.demo.users;

  it('a group is its set-top boxes; the Android device in it is passed by', async () => {
    expect(await total(`group=${head.demo.groups.business}`, admin)).toBe(3);
    const { body } = await head.call(admin, `/iptv/devicegroup/${head.demo.groups.business}`);
    expect(body.devices).toContain(head.demo.android.id);
    expect((await head.call(admin, `/stb/v1/actions?box=${head.demo.android.id}`)).body.total).toBe(0);
  });

  it("ALL is one's own customer for a MANAGER and an OWNER", async () => {
    expect(await total('group=ALL', users().manager.token)).toBe(3);
    expect(await total('group=ALL', users().owner.token)).toBe(3);
  });

  it('ALL is every customer below for a RESELLER, whatever `reseller` says', async () => {
    expect(await total('group=ALL', users().reseller.token)).toBe(4);
    expect(await total(`group=ALL&reseller=${head.demo.customers.private}`, users().reseller.token)).toBe(4);
    expect(await total(`group=ALL&reseller=${head.demo.customers.private}`, users().manager.token)).toBe(3);
  });

  it('ALL is the named reseller or customer for an ADMIN', async () => {
    expect(await total(`group=ALL&reseller=${head.demo.customers.private}`, admin)).toBe(1);
    expect(await total(`group=ALL&reseller=${head.demo.customers.business}`, admin)).toBe(3);
    expect(await total(`group=ALL&reseller=${head.demo.customers.reseller}`, admin)).toBe(4);
    expect(await total('group=ALL&reseller=ffffffffffffffffffffffff', admin)).toBe(404);
  });

  it('ALL without `reseller` is everybody below an ADMIN, and WORLD is everybody', async () => {
    expect(await total('group=ALL', admin)).toBe(4);
    expect(await total('group=WORLD', admin)).toBe(4);
  });

  it('a disabled box is passed by', async () => {
    const id = head.demo.boxes[2]?.id;
    await head.call(admin, `/iptv/device/${id}`, { body: { enabled: false } });
    expect(await total(`group=${head.demo.groups.business}`, admin)).toBe(2);
    await head.call(admin, `/iptv/device/${id}`, { body: { enabled: true } });
  });

  it("a customer's own channel can be played on its boxes, and is unknown for another's", async () => {
    await finishAll();
    const channel = head.demo.channels.find(({ only }) => only === 'private')?.id;
    const query = `type=PLAYCHANNEL&channel=${channel}`;
    expect((await act(`group=${head.demo.groups.private}&${query}`)).body).toMatchObject({ devices: 1 });
    expect((await act(`group=${head.demo.groups.business}&${query}`)).body).toMatchObject({ message: 'channel' });
  });
});

describe('a token', () => {
  const path = () => `/iptv/device/action?group=${head.demo.groups.business}&type=REBOOT`;
  beforeAll(finishAll);

  it('is taken from the Authorization header', async () => {
    expect((await head.call(admin, path())).status).toBe(200);
  });
  it('is taken from the query', async () => {
    expect((await head.call(undefined, `${path()}&token=${admin}`)).status).toBe(200);
  });
  it('is taken from the JSON body', async () => {
    const body = { group: head.demo.groups.business, type: 'REBOOT', token: admin };
    expect((await head.call(undefined, '/iptv/device/action', { body })).status).toBe(200);
  });
  it('is taken from the cookie', async () => {
    const headers = { cookie: `a=b; token=APP-${admin}` };
    expect((await head.call(undefined, path(), { headers })).status).toBe(200);
  });
  it.each([
    ['no token', undefined],
    ['an unknown token', 'nobody'],
  ])('%s is answered with 401', async (_, token) => {
    expect(await head.call(token, path())).toMatchObject({ status: 401, body: { code: 401, message: 'token' } });
  });
  it('of a box is answered with 403', async () => {
    expect((await head.call(head.demo.boxes[0]?.token, path())).status).toBe(403);
  });
});

it('a store that fails is answered with 500 internal_error, and nothing of the inside', async () => {
  const broken = await openTestHeadend();
  try {
    const db = new Database(`${broken.dataDir}/headend.db`);
    db.exec('ALTER TABLE actions RENAME TO elsewhere');
    db.close();
    const query = `group=${broken.demo.groups.business}&type=UI`;
    const answer = await broken.call(broken.demo.users.admin.token, `/iptv/device/action?${query}`);
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 500, message: 'internal_error' });
    expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|actions|\.ts/i);
  } finally {
    await broken.close();
  }
});
