/** Every event of the portal, with its effect on a simulated box of a real agent process. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentProcess } from '../support/agent-process.ts';
import type { Portal } from '../support/portal.ts';
import { createPortalAgent } from '../support/portal-agent.ts';
import type { NewEvent } from '../support/portal-queue.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let portal: Portal;
let agent: AgentProcess;

beforeAll(async () => {
  ({ portal, agent } = await createPortalAgent(shared.after));
  await agent.start();
});
afterAll(shared.all);

/** Sends an event and resolves with how its action ended. */
async function ended(event: NewEvent) {
  const id = portal.send(event);
  return until(async () => {
    const action = (await agent.status()).recent.find((each) => each.id.startsWith(`ministra:${id}:`));
    const isOver = action && ['done', 'failed', 'refused'].includes(action.state);
    return isOver && { id, type: action.type, state: action.state, error: action.error };
  }, `${event.event} to end`);
}

const scene = async () => (await agent.tv.state()).scene;
const playing = async () => (await agent.tv.state()).playing;

describe('commands', () => {
  test('update_channels and update_subscription fetch the line-up from the portal', async () => {
    expect(await ended({ event: 'update_channels' })).toMatchObject({ type: 'CHANNELS', state: 'done' });
    expect(await ended({ event: 'update_subscription' })).toMatchObject({ type: 'CHANNELS', state: 'done' });
    expect(portal.asked('get_all_channels')).toHaveLength(2);
  });

  test('play_channel plays the channel with the number, and the portal is told what is on', async () => {
    expect(await ended({ event: 'play_channel', msg: '10' })).toMatchObject({ type: 'PLAYNUMBER', state: 'done' });
    expect(await playing()).toMatchObject({ id: '37', name: 'Ten', url: 'http://127.0.0.1:8001/ten.m3u8' });
    await until(() => portal.box.log.length > 0);
    expect(portal.box.log.at(-1)).toMatchObject({ real_action: 'play', tmp_type: '1', ch_id: '37' });
    await until(() => portal.asked('get_events').at(-1)?.params.cur_play_type === '1');
  });

  test('the portal is told once of each thing that comes on, however much is reported meanwhile', async () => {
    const before = portal.box.log.length;
    for (const msg of ['1', '10']) portal.send({ event: 'play_channel', msg });
    for (let times = 0; times < 3; times += 1) portal.send({ event: 'update_epg' });
    await until(() => portal.box.log.at(-1)?.ch_id === '37' && portal.box.log.length > before);
    await agent.idle();
    const told = portal.box.log.slice(before).map(({ real_action, ch_id }) => [real_action, ch_id].join(' '));
    expect(told.filter((each, index) => each === told[index - 1])).toEqual([]);
  });

  test('play_channel of a channel whose address is good once asks for the address', async () => {
    expect(await ended({ event: 'play_channel', msg: '11' })).toMatchObject({ state: 'done' });
    expect(await playing()).toMatchObject({ id: '38', url: 'http://127.0.0.1:8001/38?once=1' });
  });

  test.each(['99', '', 'abc', '0x1'])('play_channel %j is refused, and what is on stays on', async (msg) => {
    const before = await playing();
    const { state, error } = await ended({ event: 'play_channel', msg });
    expect(state).toBe('refused');
    expect(error).toMatch(msg === '99' ? /^UNKNOWN_CHANNEL: number 99/ : /^BAD_PARAMS: PLAYNUMBER: number/);
    expect(await playing()).toEqual(before);
  });

  test('play_radio_channel asks the portal for the number', async () => {
    expect(await ended({ event: 'play_radio_channel', msg: '2' })).toMatchObject({ state: 'done' });
    expect(await playing()).toMatchObject({ kind: 'radio', name: 'Skyline' });
    expect(await ended({ event: 'play_radio_channel', msg: '3' })).toMatchObject({ state: 'refused' });
  });

  test('show_menu opens the menu', async () => {
    expect(await ended({ event: 'show_menu' })).toMatchObject({ type: 'SHOW_MENU', state: 'done' });
    expect((await scene()).menu).toMatchObject({ title: 'Menu' });
    await agent.tv.press('EXIT');
  });

  test('reload_portal reloads the user interface', async () => {
    expect(await ended({ event: 'reload_portal' })).toMatchObject({ type: 'UI', state: 'done' });
    expect(agent.events('ui-reload')).toHaveLength(1);
  });

  test('update_image upgrades the firmware, which says why it cannot', async () => {
    const { type, error } = await ended({ event: 'update_image' });
    expect(type).toBe('FIRMWARE');
    expect(error).toMatch(/^UNSUPPORTED: firmware: there is no key/);
  });

  test.each([
    ['update_epg', 'EPG', /^UNSUPPORTED: epg: this box keeps no programme guide/],
    ['update_modules', 'MODULES', /^UNSUPPORTED: modules: this box's menu/],
    ['mount_all_storages', 'STORAGES', /^UNSUPPORTED: storages: this box records nothing/],
    ['additional_services_status', 'portal event additional_services_status', /^UNKNOWN_TYPE: /],
  ])('%s is refused, with the reason', async (event, type, reason) => {
    const { error, ...rest } = await ended({ event });
    expect(rest).toMatchObject({ type, state: 'refused' });
    expect(error).toMatch(reason);
  });

  test('cut_off blocks the screen, also after a restart of the box and of the agent, until cut_on', async () => {
    await ended({ event: 'play_channel', msg: '10' });
    expect(await ended({ event: 'cut_off', msg: 'Please call <b>us</b>.' })).toMatchObject({ state: 'done' });
    expect(await agent.tv.state()).toMatchObject({
      playing: null,
      scene: { blocked: { html: 'Please call <b>us</b>.' } },
    });
    expect((await ended({ event: 'play_channel', msg: '10' })).error).toMatch(/^CUT_OFF: cut off since /);
    await agent.tv.press('CHANNEL_NEXT');
    expect(await playing()).toBeNull();

    expect(await ended({ event: 'reboot' })).toMatchObject({ type: 'REBOOT', state: 'done' });
    expect((await scene()).blocked).toEqual({ html: 'Please call <b>us</b>.' });
    await agent.kill();
    await agent.start();
    expect((await scene()).blocked).toEqual({ html: 'Please call <b>us</b>.' });
    expect((await agent.status()).cutOffSince).toMatch(/^\d{4}-/);

    expect(await ended({ event: 'cut_on' })).toMatchObject({ state: 'done' });
    expect(await scene()).not.toHaveProperty('blocked');
    expect(await ended({ event: 'play_channel', msg: '10' })).toMatchObject({ state: 'done' });
  });

  test('reboot restarts the box once, and the box comes back with its token', async () => {
    const handshakes = portal.asked('handshake').length;
    const before = agent.events('reboot').length;
    expect(await ended({ event: 'reboot' })).toMatchObject({ state: 'done' });
    expect(agent.events('reboot')).toHaveLength(before + 1);
    expect(portal.asked('handshake')).toHaveLength(handshakes);
  });
});

describe('messages', () => {
  test('send_msg shows the text, with the box named in it, and is confirmed when the viewer has closed it', async () => {
    const id = portal.send({ event: 'send_msg', msg: '<p>Box %mac%, %sn%</p><script>x</script>' });
    await until(async () => (await scene()).message);
    expect((await scene()).message?.html).toContain('Box 00:1A:79:00:B0:C5, SN7');
    expect((await scene()).message?.html).not.toContain('script');
    await until(() => portal.asked('get_events').at(-1)?.params.event_active_id === String(id));
    expect(portal.box.queue.find(id)).toMatchObject({ confirmed: false });
    await agent.tv.press('OK');
    await until(() => portal.box.queue.find(id)?.confirmed);
    await agent.idle();
    expect(await scene()).not.toHaveProperty('message');
  });

  test('auto_hide_timeout takes the message away, and that confirms it', async () => {
    const id = portal.send({ event: 'send_msg', msg: 'Short', auto_hide_timeout: 1 });
    await until(() => portal.box.queue.find(id)?.confirmed);
    expect(agent.events('message-ended').at(-1)?.detail).toEqual({ how: 'timeout' });
  });

  test('reboot_after_ok restarts the box after the message was confirmed', async () => {
    const before = agent.events('reboot').length;
    const id = portal.send({ event: 'send_msg', msg: 'We restart your box.', reboot_after_ok: 1 });
    await until(async () => (await scene()).message);
    expect(agent.events('reboot')).toHaveLength(before);
    await agent.tv.press('OK');
    await until(() => agent.events('reboot').length > before);
    expect(portal.box.queue.find(id)?.confirmed).toBe(true);
    await until(() => agent.idle().then(() => true));
    expect(agent.events('reboot')).toHaveLength(before + 1);
  });

  test('send_msg_with_video plays the video after the message, and then what was on', async () => {
    await ended({ event: 'play_channel', msg: '10' });
    const url = 'http://127.0.0.1:8001/news.mp4';
    const id = portal.send({ event: 'send_msg_with_video', msg: 'News', param1: url });
    await until(async () => (await scene()).message);
    await agent.tv.press('OK');
    await until(async () => (await playing())?.url === url);
    await until(() => portal.box.queue.find(id)?.confirmed);
    await agent.tv.press('STOP');
    await until(async () => (await playing())?.id === '37');
    await agent.idle();
  });

  test('send_msg_with_url opens the page after the message', async () => {
    const id = portal.send({ event: 'send_msg_with_url', msg: 'Survey', param1: 'https://survey.example/' });
    await until(async () => (await scene()).message);
    await agent.tv.press('OK');
    await until(async () => (await scene()).page);
    expect((await scene()).page).toEqual({ url: 'https://survey.example/' });
    await until(() => portal.box.queue.find(id)?.confirmed);
    await agent.tv.press('EXIT');
  });

  test('a message that cannot be shown is confirmed, for it would hide the next one', async () => {
    const empty = portal.send({ event: 'send_msg', msg: '<img src=x>' });
    const next = portal.send({ event: 'send_msg', msg: 'Next', auto_hide_timeout: 1 });
    await until(() => portal.box.queue.find(empty)?.confirmed && portal.box.queue.find(next)?.confirmed);
    expect(agent.log()).toContain('the message cannot be shown; it is confirmed all the same');
  });
});

test('nothing is left to report in the end, and each event was handed over', async () => {
  await agent.idle();
  expect((await agent.status()).queue).toMatchObject({ waiting: 0, running: 0, unreported: 0 });
  expect(portal.box.queue.events.every(({ ended }) => ended)).toBe(true);
});
