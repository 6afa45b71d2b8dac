/** The portal's protocol for boxes: how they come in, what they learn, and what they are refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guide } from '../support/app-site.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';
import { openStalkerClient } from '../support/stalker-client.ts';

let head: TestHeadend;
let rest: Rest;
beforeAll(async () => {
  head = await openTestHeadend();
  rest = openRest(head);
});
afterAll(() => head.close());

const admin = async (path: string) => (await head.call(head.demo.users.admin.token, path)).body;
let made = 0;
/** A MAC that nobody has. */
const newMac = () => `00:1A:79:77:00:${(made++).toString(16).toUpperCase().padStart(2, '0')}`;
async function newBox(form = ''): Promise<string> {
  const mac = newMac();
  await rest('POST', 'stb', `mac=${mac}&${form}`);
  return mac;
}

describe('an answer', () => {
  it('has the headers and the shape of a real portal', async () => {
    const client = openStalkerClient(head, newMac());
    const answer = await client.load('type=stb&action=handshake&JsHttpRequest=1-xml');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('expires')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-cache, must-revalidate');
    expect(await answer.text()).toMatch(/^\{"js":\{"token":"[0-9A-F]{32}"\},"text":"generated in: \d+\.\d{3}s;"\}$/);
  });

  it('is the same to a form, which wins over the query', async () => {
    const client = openStalkerClient(head, await newBox());
    await client.start();
    const init = { method: 'POST', body: 'type=itv&action=get_ordered_list&p=1&genre=*' };
    const answer = await client.load('JsHttpRequest=1-xml&type=stb', init);
    expect(await answer.json()).toMatchObject({ js: { max_page_items: 14 } });
  });

  it.each([
    ['nosuch', 'get_events'],
    ['stb', 'nosuch'],
    ['stb', 'constructor'],
    ['__proto__', 'toString'],
    ['itv', ''],
    ['', ''],
  ])('to type=%s action=%s is false', async (type, action) => {
    const client = openStalkerClient(head, await newBox());
    await client.start();
    expect(await client.ask(type, action)).toBe(false);
  });

  it('is a page where people look for one', async () => {
    for (const path of ['/stalker_portal/', '/stalker_portal/c/', '/stalker_portal/c/index.html']) {
      const answer = await fetch(head.headend.url + path);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(await answer.text()).toContain('/stalker_portal/server/load.php');
    }
  });
});

describe('the gates', () => {
  const refused = async (mac: string, query: string, headers: Record<string, string> = {}) => {
    const answer = await openStalkerClient(head, mac).load(query, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    return answer.text();
  };

  it('a box without a MAC may ask stb, which knows nobody; everything else is refused', async () => {
    const client = openStalkerClient(head, '');
    expect(await client.ask('stb', 'handshake')).toEqual({ token: expect.any(String) });
    expect(await client.ask('stb', 'get_profile')).toEqual({ status: 1 });
    expect(await client.ask('stb', 'log', { real_action: 'play' })).toBe(false);
    expect(await refused('', 'type=watchdog&action=get_events')).toBe('Unauthorized request.');
    expect(await refused('no mac', 'type=itv&action=get_genres')).toBe('Unauthorized request.');
  });

  it('an emulated MAC is refused', async () => {
    const cookie = `mac=${head.demo.boxes[0]?.mac}; mac_emu=1`;
    expect(await refused('', 'type=stb&action=handshake', { cookie })).toBe('Unauthorized request.');
  });

  it('a wrong token is refused, but to come in again', async () => {
    const mac = await newBox();
    const client = openStalkerClient(head, mac);
    await client.start();
    client.token = 'another';
    for (const action of ['get_events', 'confirm_event'])
      expect(await client.ask('watchdog', action)).toBe('Authorization failed.');
    expect(await client.ask('stb', 'get_modules')).toBe('Authorization failed.');
    expect(await client.ask('stb', 'get_localization')).toMatchObject({ ok: 'OK' });
    expect(await client.ask('stb', 'do_auth', { login: 'x', password: 'y' })).toBe(false);
  });

  it('the newest profile has the token, the one before has lost it; any passes after a profile without one', async () => {
    const mac = await newBox();
    const [first, second] = [openStalkerClient(head, mac), openStalkerClient(head, mac)];
    await first.start();
    await second.start();
    expect(await first.ask('watchdog', 'get_events')).toBe('Authorization failed.');
    expect((await second.poll()).msgs).toBe(0);
    second.token = undefined;
    await second.ask('stb', 'get_profile');
    expect((await first.poll()).msgs).toBe(0);
  });

  it('a token that works is given again, a made-up one is taken, and no token lives on in the clear', async () => {
    const client = openStalkerClient(head, await newBox());
    await client.start();
    const { token } = client;
    expect(await client.ask('stb', 'handshake', { token: token ?? '' })).toEqual({ token });
    expect((await client.ask('stb', 'handshake', { token: 'stale' })).token).not.toBe('stale');
    client.token = 'made-up';
    await client.ask('stb', 'get_profile');
    expect((await client.poll()).msgs).toBe(0);
  });

  it('an unknown box gets events and nothing else, and no message without an id', async () => {
    const client = openStalkerClient(head, newMac());
    expect(await client.poll()).toEqual({ msgs: 0, additional_services_on: '1' });
    expect(await client.ask('stb', 'get_modules')).toMatchObject({ template: 'default' });
    expect(await client.ask('itv', 'get_all_channels')).toBe('Access denied.');
  });

  it('a box that is off gets its profile with status 1, its events, and may confirm them', async () => {
    const mac = await newBox('ls=7001');
    const client = openStalkerClient(head, mac);
    expect(await client.start()).toMatchObject({ status: '0' });
    await rest('PUT', 'stb/7001', 'status=0');
    expect(await client.start()).toMatchObject({ status: '1', mac });
    expect(await client.ask('itv', 'get_all_channels')).toBe('Access denied.');
    expect(await client.poll()).toMatchObject({ event: 'cut_off' });
    await rest('POST', 'stb_msg/7001', 'msg=pay');
    const { id } = await client.poll();
    expect(await client.confirm(id)).toEqual({ data: 'ok' });
    expect((await client.poll()).id).toBeUndefined();
    await rest('PUT', 'stb/7001', 'status=1');
    expect(await client.poll()).toMatchObject({ event: 'cut_on' });
    expect(await client.ask('itv', 'get_all_channels')).toMatchObject({ total_items: expect.any(Number) });
  });

  it('a device that another API has disabled gets no events', async () => {
    const mac = await newBox();
    const client = openStalkerClient(head, mac);
    await client.start();
    await rest('POST', `stb_msg/${mac}`, 'msg=x');
    await head.call(head.demo.users.admin.token, `/iptv/device/${mac}`, { body: { enabled: false } });
    expect((await client.poll()).msgs).toBe(0);
    await rest('PUT', `stb/${mac}`, 'status=1');
    expect((await client.poll()).event).toBe('send_msg');
  });
});

describe('the profile', () => {
  it('has what clients look for, numbers as texts where a portal writes texts', async () => {
    const mac = await newBox('ls=7002');
    const profile = await openStalkerClient(head, mac).start();
    expect(profile).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      ...{ mac, status: '0', ls: '7002', login: '', stb_type: 'MAG254', image_version: '218' },
      ...{ watchdog_timeout: '120', additional_services_on: '1', default_timezone: expect.any(String) },
      ...{ autoupdate: [], timeslot: expect.any(Number), timeslot_ratio: expect.any(Number) },
    });
    expect(profile.timeslot).toBeGreaterThanOrEqual(30);
    expect(profile.timeslot).toBeLessThanOrEqual(120);
  });

  it('makes the box known to every other API: model, firmware, upstream, that it is there', async () => {
    const mac = await newBox();
    const client = openStalkerClient(head, mac);
    await client.start();
    await client.poll();
    expect(await admin(`/stb/v1/boxes/${mac}`)).toMatchObject({
      ...{ mac, model: 'MAG254', firmware: '218', upstream: 'ministra', online: true },
    });
    expect((await rest('GET', `accounts/${mac}`)).body.results).toMatchObject([
      { stb_sn: '0123', stb_type: 'MAG254', online: '1' },
    ]);
  });

  it('makes a MAC that nobody knows known, as a box of the configured customer', async () => {
    const mac = newMac();
    expect(await openStalkerClient(head, mac.toLowerCase()).start()).toMatchObject({ mac, status: '0' });
    expect(await admin(`/stb/v1/boxes/${mac}`)).toMatchObject({ customer: head.demo.customers.business, name: mac });
  });

  it.each(['10:1A:79:00:00:01', 'FF:FF:FF:FF:FF:FF'])('refuses the MAC %s of another maker', async (mac) => {
    expect(await openStalkerClient(head, mac).start()).toEqual({ status: 1 });
  });

  it('refuses another device under the same MAC, and the same device under another MAC', async () => {
    const [mac, other] = [await newBox(), await newBox()];
    const client = openStalkerClient(head, mac);
    expect(await client.start()).toMatchObject({ status: '0' });
    expect(await client.start({ device_id: 'A', device_id2: 'B' })).toMatchObject({ status: '0' });
    const mismatch = { status: 1, msg: 'device conflict - device_id mismatch', block_msg: expect.any(String) };
    expect(await client.start({ device_id: 'X', device_id2: 'B' })).toEqual(mismatch);
    expect(await client.start()).toEqual(mismatch);
    expect(await openStalkerClient(head, other).start({ device_id: 'C', device_id2: 'B' })).toEqual({
      ...{ status: 1, msg: 'device conflict - MAC address mismatch', block_msg: expect.any(String) },
    });
    await head.call(head.demo.users.admin.token, `/iptv/device/${mac}/resettoken`, { body: {} });
    expect(await client.start({ device_id: 'X', device_id2: 'Y' })).toMatchObject({ status: '0' });
  });
});

describe('with other settings', () => {
  it('a MAC that nobody knows is sent to its provider', async () => {
    const own = await openTestHeadend({ ministra: { register_unknown: false } });
    expect(await openStalkerClient(own, '00:1A:79:77:77:77').start()).toEqual({
      status: 1,
      block_msg: 'Please contact your provider<br>to register this device!',
    });
    await own.close();
  });

  it('every MAC is taken, and there is no load.php', async () => {
    const any = await openTestHeadend({ ministra: { mac_prefix: '' } });
    expect(await openStalkerClient(any, 'FE:FF:FF:FF:FF:FF').start()).toMatchObject({ status: '0' });
    await any.close();
    const none = await openTestHeadend({ ministra: { boxes: false } });
    expect((await fetch(`${none.headend.url}/stalker_portal/server/load.php`)).status).toBe(404);
    await none.close();
  });

  it('a box logs in to its account, which then has its MAC', async () => {
    const own = await openTestHeadend({ ministra: { login_required: true } });
    const api = openRest(own);
    await api('POST', 'accounts', 'login=anna&password=secret&account_number=9');
    const mac = '00:1A:79:77:77:78';
    const client = openStalkerClient(own, mac);
    expect(await client.start()).toEqual({ status: 2, template: 'default', info: '' });
    expect(await client.ask('stb', 'do_auth', { login: 'anna', password: 'wrong' })).toBe(false);
    expect(await client.ask('stb', 'do_auth', { login: 'nobody', password: 'secret' })).toBe(false);
    expect(await client.ask('stb', 'do_auth', { login: 'anna', password: 'secret' })).toBe(true);
    expect(await client.start({ auth_second_step: '1' })).toMatchObject({ status: '0', ls: '9', login: 'anna' });
    expect((await api('GET', 'users/anna')).body.results).toMatchObject({ stb_mac: mac });
    // The password of an account is nobody's to guess.
    for (let count = 0; count < 12; count++) await client.ask('stb', 'do_auth', { login: 'anna', password: 'wrong' });
    expect(await client.ask('stb', 'do_auth', { login: 'anna', password: 'secret' })).toBe(false);
    await own.close();
  });

  it('addresses are given out one by one, to boxes that may watch', async () => {
    const own = await openTestHeadend({ ministra: { links: 'temporary' } });
    const client = openStalkerClient(own, own.demo.boxes[0]?.mac ?? '');
    await client.start();
    const [channel] = (await client.ask('itv', 'get_all_channels')).data;
    expect(channel).toMatchObject({ cmd: `ffrt http://localhost/ch/${channel.id}`, use_http_tmp_link: 1 });
    expect(await client.ask('itv', 'create_link', { cmd: channel.cmd })).toEqual({
      ...{ id: channel.id, cmd: 'ffrt http://stream.example/harbour-one/index.m3u8', streamer_id: 0 },
      ...{ link_id: Number(channel.id), load: 0, error: '' },
    });
    // 13 is of another customer, 999 of nobody.
    for (const id of ['13', '999', 'x']) {
      expect(await client.ask('itv', 'create_link', { cmd: `ffrt http://localhost/ch/${id}` })).toMatchObject({
        ...{ cmd: '', error: 'nothing_to_play' },
      });
    }
    await own.close();
  });
});

describe('channels', () => {
  const start = async () => {
    const client = openStalkerClient(head, head.demo.boxes[0]?.mac ?? '');
    await client.start();
    return client;
  };

  it('are the streams of the line-up', async () => {
    const client = await start();
    const all = await client.ask('itv', 'get_all_channels');
    expect(all).toMatchObject({ total_items: all.data.length, max_page_items: 14, selected_item: 0, cur_page: 0 });
    expect(all.data[0]).toMatchObject({
      ...{ id: '1', name: 'Harbour One', number: '1', use_http_tmp_link: 0, use_load_balancing: 0 },
      ...{ cmd: 'ffrt http://stream.example/harbour-one/index.m3u8', lock: 0, fav: 0, archive: 0, open: 1 },
      cmds: [{ url: 'ffrt http://stream.example/harbour-one/index.m3u8' }],
    });
    const byName = new Map(all.data.map((row: { name: string; cmd: string }) => [row.name, row.cmd]));
    expect(byName.get('Northern News')).toBe('rtp udp://239.10.0.3:5000');
    expect(byName.get('Lobby Channel')).toBe('rtp udp://239.20.0.10:5000');
    // The tuner is nothing the protocol knows of, and Family Plus is another customer's.
    expect([byName.has('Parliament'), byName.has('Family Plus')]).toEqual([false, false]);
  });

  it('come in pages of fourteen, sorted, by genre and as favourites', async () => {
    for (let number = 500; number < 520; number++) {
      const body = { number, name: `Extra ${number}`, baseChannel: 'http://stream.example/x.m3u8' };
      await head.call(head.demo.users.admin.token, '/iptv/channel', { body });
    }
    // The third box has no packages and every channel.
    const mac = await newBox();
    const client = openStalkerClient(head, mac);
    await client.start();
    const page = (params: Record<string, string>) => client.ask('itv', 'get_ordered_list', { genre: '*', ...params });
    const first = await page({ p: '1', sortby: 'number', fav: '0' });
    const second = await page({ p: '2' });
    expect(first.data).toHaveLength(14);
    expect(first.total_items).toBeGreaterThan(28);
    expect(second.data[0].number > first.data[13].number || Number(second.data[0].number) > 10).toBe(true);
    expect((await page({ p: '99' })).data).toEqual([]);
    expect((await page({ sortby: 'name' })).data[0].name).toBe('Arena Sport');
    expect((await page({ genre: '10' })).data).toEqual([]);
    expect(await client.ask('itv', 'get_genres')).toEqual([{ id: '*', title: 'All', alias: 'all', censored: 0 }]);

    expect(await client.ask('itv', 'set_fav', { fav_ch: '3,1,999,x' })).toBe(true);
    expect(await client.ask('itv', 'get_fav_ids')).toEqual(['3', '1']);
    expect((await client.ask('itv', 'get_all_fav_channels')).data.map(({ id }: { id: string }) => id)).toEqual([
      '3',
      '1',
    ]);
    expect((await page({ fav: '1', sortby: 'fav' })).data).toMatchObject([{ id: '3', fav: 1 }, { id: '1' }]);
  });

  it('a link is also given for the address in the list', async () => {
    const client = await start();
    const cmd = 'ffrt http://stream.example/harbour-two/index.m3u8';
    expect(await client.ask('itv', 'create_link', { cmd })).toMatchObject({ id: '2', cmd, error: '' });
    expect(await client.ask('itv', 'create_link', { cmd: 'ffrt http://elsewhere/' })).toMatchObject({
      error: 'nothing_to_play',
    });
  });

  it('radio is found by number', async () => {
    const client = await start();
    const found = await client.ask('radio', 'get_channel_by_id', { number: '102' });
    expect(found).toMatchObject({ total_items: '1', data: [{ name: 'Radio Jazz', number: '102', radio: true }] });
    expect(await client.ask('radio', 'get_channel_by_id', { number: '2' })).toMatchObject({
      total_items: '0',
      data: [],
    });
    expect((await client.ask('radio', 'get_ordered_list', { p: '1' })).data).toHaveLength(3);
  });

  it('what a box plays is seen by every other API', async () => {
    const client = await start();
    const playing = async () => (await admin(`/stb/v1/boxes/${head.demo.boxes[0]?.id}`)).playing;
    expect(await client.ask('stb', 'log', { real_action: 'play', tmp_type: '1', ch_id: '2' })).toBe(1);
    expect(await playing()).toMatchObject({ kind: 'channel', name: 'Harbour Two', number: 2 });
    await client.ask('stb', 'log', { real_action: 'play', tmp_type: '2', param: 'A film' });
    expect(await playing()).toEqual({ kind: 'video', name: 'A film' });
    await client.ask('stb', 'log', { real_action: 'stop' });
    expect(await playing()).toBeNull();
  });

  it('have a guide, whose programmes have numbers for ids as clients expect', async () => {
    const token = head.demo.users.admin.token;
    const channel = head.demo.channels[0]?.id ?? '';
    await head.call(token, `/iptv/channel/${channel}`, { body: { epgId: 'one.example' } });
    const headers = { 'content-type': 'application/xml' };
    await head.call(token, '/stb/v1/epg', { method: 'PUT', body: guide(), headers });
    const client = openStalkerClient(head, head.demo.boxes[0]?.mac ?? '');
    await client.start();
    const [{ id }] = (await client.ask('itv', 'get_all_channels')).data;
    const { data } = await client.ask('itv', 'get_epg_info', { period: '5' });
    const programmes = data[id] as Record<string, string>[];
    const figures = expect.stringMatching(/^[1-9]\d{0,9}$/);
    expect(programmes[0]).toMatchObject({
      ...{ id: figures, ch_id: id, name: 'Show 1', descr: 'About 1 & more', duration: 3600 },
      ...{ start_timestamp: figures, stop_timestamp: figures, time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:/) },
    });
    for (const one of programmes) expect(Number(one.id)).toBeLessThan(2 ** 31);
    expect(new Set(programmes.map((one) => one.id)).size).toBe(programmes.length);
    expect(await client.ask('itv', 'get_short_epg', { ch_id: id })).toEqual(programmes.slice(0, 5));
  });

  it('what a customer buys is what the box is shown', async () => {
    const mac = head.demo.boxes[1]?.mac ?? '';
    const client = openStalkerClient(head, mac);
    await client.start();
    const names = async () =>
      (await client.ask('itv', 'get_all_channels')).data.map((row: { name: string }) => row.name);
    expect(await names()).not.toContain('Extra 500');
    const id = (await rest('GET', 'itv')).body.results.find((row: { name: string }) => row.name === 'Extra 500').id;
    await rest('PUT', 'itv_subscription/1002', `sub_ch[]=${id}`);
    expect(await names()).toContain('Extra 500');
    await rest('PUT', 'itv_subscription/1002', 'sub_ch[]=');
    expect(await names()).not.toContain('Extra 500');
    expect((await client.drain()).map(({ event }) => event)).toContain('update_subscription');
  });
});
