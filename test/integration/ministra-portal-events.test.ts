/** One queue for every face: actions of every API as events of the portal's protocol, and events of Ministra's API on every upstream. */
import { get as httpGet } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openSocketBox, openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';
import { openStalkerClient, type StalkerClient } from '../support/stalker-client.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let rest: Rest;
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 60 });
  rest = openRest(head);
});
afterAll(() => head.close());

const admin = () => head.demo.users.admin.token;
let used = 0;

/** A box of the demonstration that no test has had, and a client in its place. */
async function takeBox(): Promise<{ box: DemoBox; account: string; client: StalkerClient }> {
  used += 1;
  const box = head.demo.boxes[used - 1] as DemoBox;
  const client = openStalkerClient(head, box.mac);
  await client.start();
  return { box, account: String(1000 + used), client };
}

const stateOf = async (id: string) => (await head.action(id)).state;
/** The newest actions of a box, oldest first. */
const actionsOf = async (box: DemoBox) =>
  (await head.call(admin(), `/stb/v1/actions?box=${box.id}&limit=500`)).body.items.reverse();

describe('an action', () => {
  it.each([
    ['MESSAGE', { message: 'Hi <b>you</b>' }, { event: 'send_msg', msg: 'Hi <b>you</b>', auto_hide_timeout: '30' }],
    ['MESSAGE', { message: 'x', duration: 86400 }, { event: 'send_msg', auto_hide_timeout: '0', need_confirm: '1' }],
    [
      'VIDEO',
      { video: 'http://v/1.mp4', message: 'Look' },
      { event: 'send_msg_with_video', msg: 'Look', param1: 'http://v/1.mp4' },
    ],
    ['VIDEO', { video: 'http://v/1.mp4' }, { event: 'send_msg_with_video', msg: '&nbsp;', auto_hide_timeout: '1' }],
    ['MESSAGE_VIDEO', { message: 'a', video: 'http://v/2' }, { event: 'send_msg_with_video', param1: 'http://v/2' }],
    ['MESSAGE_URL', { message: 'a', url: 'http://v/3' }, { event: 'send_msg_with_url', param1: 'http://v/3' }],
    ['REBOOT', {}, { event: 'reboot', need_confirm: '0', msg: '', param1: '' }],
    ['UI', {}, { event: 'reload_portal' }],
    ['CHANNELS', {}, { event: 'update_subscription' }],
    ['FIRMWARE', {}, { event: 'update_image' }],
    ['PLAYNUMBER', { number: 7 }, { event: 'play_channel', msg: '7' }],
    ['PLAYRADIONUMBER', { number: 102 }, { event: 'play_radio_channel', msg: '102' }],
    ['SHOW_MENU', {}, { event: 'show_menu' }],
    ['CUT_OFF', { message: 'Pay' }, { event: 'cut_off', msg: 'Pay' }],
    ['CUT_ON', {}, { event: 'cut_on' }],
    ['EPG', {}, { event: 'update_epg' }],
    ['MODULES', {}, { event: 'update_modules' }],
    ['STORAGES', {}, { event: 'mount_all_storages' }],
  ])('%s %j is the event %j', async (type, params, event) => {
    const { box, client } = await takeBox();
    const id = await head.act(box, type, params);
    const polled = await client.poll();
    expect(polled).toMatchObject({ ...event, msgs: 1, reboot_after_ok: '0', additional_services_on: '1' });
    for (const [name, value] of Object.entries(polled)) if (name !== 'msgs') expect(value).toBeTypeOf('string');
    await until(async () => (await stateOf(id)) === 'delivered');
    expect(await head.action(id)).toMatchObject({ portalEvent: Number(polled.id) });
  });

  it('PLAYCHANNEL and PLAYRADIOCHANNEL carry the number of their channel', async () => {
    const { box, client } = await takeBox();
    const channel = (number: number) => head.demo.channels.find((one) => one.number === number)?.id;
    await head.act(box, 'PLAYCHANNEL', { channel: channel(4) });
    await head.act(box, 'PLAYRADIOCHANNEL', { radiochannel: channel(103) });
    expect(await client.drain()).toMatchObject([
      { event: 'play_channel', msg: '4' },
      { event: 'play_radio_channel', msg: '103' },
    ]);
  });

  it('of a Telecom X group reaches the box as the fitting event', async () => {
    const { box, client } = await takeBox();
    const { _id: group } = (
      await head.call(admin(), '/iptv/devicegroup', { body: { name: 'One', customer: box.customer } })
    ).body;
    await head.call(admin(), `/iptv/devicegroup/${group}/device`, { body: { devices: [box.id] } });
    const query = `group=${group}&type=MESSAGE&message=Lunch%20is%20ready.`;
    expect((await head.call(admin(), `/iptv/device/action?${query}`)).body).toEqual({
      ...{ success: true, devices: 1, skipped: 0 },
    });
    expect(await client.poll()).toMatchObject({ event: 'send_msg', msg: 'Lunch is ready.' });
  });

  it.each([
    ['VOLUME', { volume: 10 }],
    ['SCREENSHOT', {}],
    ['SWITCH_OFF', {}],
    ['DVB', {}],
    ['FIRMWARE', { firmware: 'http://x/y' }],
  ])('%s has no event: it is refused, and holds nothing up', async (type, params) => {
    const { box, client } = await takeBox();
    const id = await head.act(box, type, params);
    await head.act(box, 'UI');
    expect(await client.poll()).toMatchObject({ event: 'reload_portal', msgs: 1 });
    expect(await head.action(id)).toMatchObject({ state: 'refused', error: { code: 'UNSUPPORTED', retryable: false } });
  });

  it('without an event waits for a box that also speaks the box protocol', async () => {
    const { box, client } = await takeBox();
    const socket = await openSocketBox(head.headend, box);
    await socket.say({
      ...{ v: 1, kind: 'hello', box: box.id, mac: box.mac, agent: '1', bootId: 'b' },
      ...{ types: [], capabilities: [] },
    });
    await until(async () => (await head.call(admin(), `/stb/v1/boxes/${box.id}`)).body.bootId === 'b');
    await socket.close();
    await until(async () => (await head.call(admin(), `/stb/v1/boxes?online=true&q=${box.id}`)).body.total === 0);
    const id = await head.act(box, 'VOLUME', { volume: 5 });
    await head.act(box, 'UI');
    expect(await client.poll()).toMatchObject({ event: 'reload_portal', msgs: 1 });
    expect(await stateOf(id)).toBe('queued');
    const again = await openSocketBox(head.headend, box);
    await until(() => again.actions().some((action) => action.id === id));
    // What the portal has handed out is not sent a second time.
    expect(again.actions().map(({ type }) => type)).toEqual(['VOLUME']);
    await again.close();
  });

  it('goes over an open link, and not over the portal', async () => {
    const { box, client } = await takeBox();
    const socket = await openSocketBox(head.headend, box);
    await head.act(box, 'UI');
    await until(() => socket.actions().length === 1);
    await head.act(box, 'REBOOT');
    expect(await client.poll()).toEqual({ msgs: 0, additional_services_on: '1' });
    await until(() => socket.actions().length === 2);
    await socket.close();
  });

  it('waits for its time, and is gone after it', async () => {
    const { box, client } = await takeBox();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    await head.act(box, 'REBOOT', {}, { when: later });
    const soon = await head.act(box, 'UI', {}, { expires: new Date(Date.now() + 3_000).toISOString() });
    await until(async () => (await stateOf(soon)) === 'expired');
    expect((await client.poll()).msgs).toBe(0);
    await head.act(box, 'SHOW_MENU');
    expect((await client.drain()).map(({ event }) => event)).toEqual(['show_menu']);
  });

  it('that a box has read is over as far as anybody knows: it is no reason to skip the next, and cannot be cancelled', async () => {
    const { box, client } = await takeBox();
    const first = await head.act(box, 'REBOOT');
    await client.poll();
    await until(async () => (await stateOf(first)) === 'delivered');
    const second = await head.act(box, 'REBOOT');
    expect((await head.call(admin(), `/stb/v1/actions/${first}`, { method: 'DELETE' })).status).toBe(409);
    expect((await head.call(admin(), `/stb/v1/actions/${second}`, { method: 'DELETE' })).body.state).toBe('cancelled');
    expect((await client.poll()).msgs).toBe(0);
  });
});

describe('a burst', () => {
  it('of 20 commands reaches the box completely and in order, one at a poll, with the count of what waits', async () => {
    const { account, client } = await takeBox();
    for (let number = 1; number <= 20; number++) {
      const form = number % 5 === 0 ? 'event=reboot' : `event=play_channel&channel=${number}`;
      expect((await rest('POST', `send_event/${account}`, form)).body.results).toBe(true);
    }
    const events = [];
    for (let left = 20; left > 0; left--) {
      const event = await client.poll();
      expect(event.msgs).toBe(left);
      events.push(event.event === 'reboot' ? 'reboot' : event.msg);
    }
    expect((await client.poll()).msgs).toBe(0);
    const expected = Array.from({ length: 20 }, (_, index) => ((index + 1) % 5 === 0 ? 'reboot' : String(index + 1)));
    expect(events).toEqual(expected);
  });

  it('of messages and commands keeps its order, and an unconfirmed message hides nothing', async () => {
    const { account, client } = await takeBox();
    for (const form of ['event=send_msg&msg=1', 'event=reload_portal', 'event=send_msg&msg=2', 'event=show_menu']) {
      await rest('POST', `send_event/${account}`, form);
    }
    const events = await client.drain();
    expect(events.map(({ event, msg }) => msg || event)).toEqual(['1', 'reload_portal', '2', 'show_menu']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
  });
});

describe('a message', () => {
  const send = async (client: StalkerClient, account: string, msg: string) => {
    await rest('POST', `stb_msg/${account}`, `msg=${msg}`);
    return client.poll();
  };

  it('is repeated until it is confirmed, and done then', async () => {
    const { box, account, client } = await takeBox();
    const { id } = await send(client, account, 'Hello');
    for (let count = 0; count < 3; count++) expect(await client.poll()).toMatchObject({ id, msgs: 1, msg: 'Hello' });
    expect((await client.poll({ event_active_id: id ?? '' })).msgs).toBe(0);
    expect((await client.poll({ 'data[event_active_id]': id ?? '', event_active_id: '' })).msgs).toBe(0);
    expect((await actionsOf(box)).at(-1)).toMatchObject({ type: 'MESSAGE', state: 'delivered' });
    expect(await client.confirm(id)).toEqual({ data: 'ok' });
    expect(await client.confirm(id)).toEqual({ data: 'ok' });
    expect(await client.confirm('999999999')).toEqual({ data: 'ok' });
    expect(await client.confirm('x')).toEqual({ data: 'ok' });
    expect((await client.poll()).msgs).toBe(0);
    expect((await actionsOf(box)).at(-1)).toMatchObject({ state: 'done', result: { confirmed: true } });
  });

  it('takes turns with others that are not confirmed', async () => {
    const { account, client } = await takeBox();
    const first = await send(client, account, '1');
    const second = await send(client, account, '2');
    const polls = [await client.poll(), await client.poll(), await client.poll()];
    expect(polls.map(({ id }) => id)).toEqual([first.id, second.id, first.id]);
    expect(polls.every(({ msgs }) => msgs === 1)).toBe(true);
  });

  it('is not confirmed by another box', async () => {
    const { account, client } = await takeBox();
    const { client: other } = await takeBox();
    const { id } = await send(client, account, 'Mine');
    await other.confirm(id);
    expect((await client.poll()).id).toBe(id);
  });

  it('is not repeated after its lifetime, and once it is cancelled', async () => {
    const { box, account, client } = await takeBox();
    await rest('POST', `stb_msg/${account}`, 'msg=short&ttl=4');
    const short = await client.poll();
    const { id } = await send(client, account, 'long');
    await until(
      async () => (await client.poll()).id === id && (await client.poll()).id === id,
      'only the long one',
      30_000,
    );
    expect((await actionsOf(box)).at(-2)).toMatchObject({ state: 'delivered', portalEvent: Number(short.id) });
    const long = (await actionsOf(box)).at(-1);
    const cancelled = await head.call(admin(), `/stb/v1/actions/${long.id}`, { method: 'DELETE' });
    expect(cancelled.body.state).toBe('cancelled');
    expect((await client.poll()).msgs).toBe(0);
  });

  it('names the box, and carries what follows it', async () => {
    const { box, account, client } = await takeBox();
    const form = 'event=send_msg&msg=%25mac%25 %25mac%25 %25sn%25&need_reboot=1';
    await rest('POST', `send_event/${account}`, form);
    expect(await client.poll()).toMatchObject({ msg: `${box.mac} %mac% 0123`, reboot_after_ok: '1' });
  });
});

describe('delivery', () => {
  it('is noted when the answer has left; one that did not leave is given again, under the same number', async () => {
    const { box, client } = await takeBox();
    const id = await head.act(box, 'REBOOT');
    // The box hangs up while the headend is still about to answer.
    const url = `${head.headend.url}/stalker_portal/server/load.php?type=watchdog&action=get_events`;
    const headers = { cookie: `mac=${encodeURIComponent(box.mac)}`, authorization: `Bearer ${client.token}` };
    await new Promise<void>((resolve) => {
      const request = httpGet(url, { headers });
      request.on('error', () => resolve());
      request.on('socket', (socket) => socket.once('connect', () => setImmediate(() => request.destroy())));
      request.on('response', (response) => response.resume().on('end', resolve));
    });
    await until(
      async () => {
        const { state, portalEvent } = await head.action(id);
        if (state === 'delivered') return true;
        const polled = await client.poll();
        return polled.id !== undefined && (portalEvent === null || polled.id === String(portalEvent));
      },
      'the event to be handed out after all',
      40_000,
    );
    await until(async () => (await stateOf(id)) === 'delivered');
    expect((await client.poll()).msgs).toBe(0);
  });

  it('to pollers at the same moment is of each event once', async () => {
    const { account, client } = await takeBox();
    for (let number = 1; number <= 10; number++) {
      await rest('POST', `send_event/${account}`, `event=play_channel&channel=${number}`);
    }
    const polls = await Promise.all(Array.from({ length: 25 }, () => client.poll()));
    const numbers = polls.flatMap(({ id, msg }) => (id === undefined ? [] : [Number(msg)]));
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('goes on after a restart of the headend, with the same numbers', async () => {
    const { box, account, client } = await takeBox();
    await rest('POST', `stb_msg/${account}`, 'msg=1');
    const before = await client.poll();
    await rest('POST', `send_event/${account}`, 'event=show_menu');
    await head.restart();
    expect(await client.poll()).toMatchObject({ event: 'show_menu', id: String(Number(before.id) + 1) });
    expect(await client.poll()).toMatchObject({ id: before.id, msg: '1' });
    expect(await actionsOf(box)).toHaveLength(2);
  });
});

describe('an event of Ministra’s API on another upstream', () => {
  it('is the same action, and its reports end it', async () => {
    const { box, account } = await takeBox();
    const socket = await openSocketBox(head.headend, box);
    await rest('POST', `send_event/${account}`, 'event=play_channel&channel=3');
    await until(() => socket.actions().length === 1);
    const [action] = socket.actions();
    expect(action).toMatchObject({ type: 'PLAYNUMBER', params: { number: 3 } });
    await socket.say(report(action?.id ?? '', 'done', { result: { number: 3 } }));
    await until(async () => (await stateOf(action?.id ?? '')) === 'done');
    await socket.close();
  });

  it('need_reboot restarts the box after its message, and only then', async () => {
    const { box, account } = await takeBox();
    const socket = await openSocketBox(head.headend, box);
    await rest('POST', `send_event/${account}`, 'event=send_msg&msg=Update&need_reboot=1');
    await until(() => socket.actions().length === 1);
    await socket.say(report(socket.actions()[0]?.id ?? '', 'done', { result: { ended: 'dismissed' } }));
    await until(() => socket.actions().length === 2);
    expect(socket.actions().map(({ type }) => type)).toEqual(['MESSAGE', 'REBOOT']);
    await socket.close();
  });

  it('status 0 and 1 cut the box off and on, once each', async () => {
    const { box, account } = await takeBox();
    const put = (status: number) => rest('PUT', `accounts/${account}`, `status=${status}`);
    for (const status of [1, 0, 0, 1, 1]) expect((await put(status)).body.results).toBe(true);
    const types = async () => (await actionsOf(box)).map(({ type }: { type: string }) => type);
    expect(await types()).toEqual(['CUT_OFF', 'CUT_ON']);
    // A CUT_OFF that came without the status is taken back by the status, too.
    await rest('POST', `send_event/${account}`, 'event=cut_off');
    await put(1);
    expect(await types()).toEqual(['CUT_OFF', 'CUT_ON', 'CUT_OFF', 'CUT_ON']);
  });
});
