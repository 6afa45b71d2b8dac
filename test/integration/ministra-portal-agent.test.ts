/** The real agent under the headend's own portal: every event with its effect on the simulated box, and what the headend then knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let head: TestHeadend;
let rest: Rest;
let box: DemoBox;
let agent: AgentProcess;

beforeAll(async () => {
  head = await openTestHeadend({ ministra: { watchdog_seconds: 1, update_url: 'http://127.0.0.1:9/firmware.bin' } });
  shared.after(head.close);
  rest = openRest(head);
  box = head.demo.boxes[0] as DemoBox;
  agent = createAgentProcess(
    {
      box: { ...box, token: '' },
      upstreams: [],
      config: {
        'upstream.ministra.url': `${head.headend.url}/stalker_portal/c/`,
        'upstream.ministra.serial': 'SN7',
        'upstream.ministra.poll_factor': 0.2,
      },
    },
    shared.after,
  );
  await agent.start();
});
afterAll(shared.all);

const admin = () => head.demo.users.admin.token;
const screen = () => agent.tv.state();
const newest = async () => (await head.call(admin(), `/stb/v1/actions?box=${box.id}&limit=1`)).body.items[0];

/** Sends an event by Ministra's API; resolves with the headend's action and how the agent's ended. */
async function send(form: string) {
  expect((await rest('POST', 'send_event/1001', form)).body).toEqual({ status: 'OK', results: true });
  return arrived((await newest()).id);
}

/** Resolves when the agent has ended what it was handed. */
async function arrived(id: string) {
  const { portalEvent } = await until(async () => {
    const action = await head.action(id);
    return action.portalEvent !== null && action;
  }, `${id} to be handed out`);
  const action = await until(async () => {
    const found = (await agent.status()).recent.find((each) => each.id.startsWith(`ministra:${portalEvent}:`));
    return found && ['done', 'failed', 'refused'].includes(found.state) && found;
  }, `event ${portalEvent} to end on the box`);
  return { onBox: action, state: (await head.action(id)).state };
}

describe('the agent at the portal', () => {
  it('is online with its serial number, and takes its line-up from there', async () => {
    await until(async () => (await rest('GET', 'stb/1001')).body.results[0].online === '1');
    expect((await rest('GET', 'accounts/1001')).body.results).toMatchObject([{ stb_sn: 'SN7', online: '1' }]);
    expect(await send('event=update_channels')).toMatchObject({ onBox: { type: 'CHANNELS', state: 'done' } });
  });

  it('play_channel tunes the channel with the number, the headend knows what is on', async () => {
    const { onBox, state } = await send('event=play_channel&channel=2');
    expect([onBox.type, onBox.state, state]).toEqual(['PLAYNUMBER', 'done', 'delivered']);
    expect((await screen()).playing).toMatchObject({ name: 'Harbour Two', number: 2 });
    await until(async () => {
      const { playing } = (await head.call(admin(), `/stb/v1/boxes/${box.id}`)).body;
      return playing?.name === 'Harbour Two';
    });
  });

  it('play_channel of a number that the box does not have is refused on the box', async () => {
    expect(await send('event=play_channel&channel=999')).toMatchObject({ onBox: { state: 'refused' } });
    expect((await screen()).playing).toMatchObject({ number: 2 });
  });

  it('play_radio_channel plays the radio', async () => {
    expect(await send('event=play_radio_channel&channel=102')).toMatchObject({ onBox: { state: 'done' } });
    expect((await screen()).playing).toMatchObject({ kind: 'radio', name: 'Radio Jazz' });
  });

  it('a Telecom X channel reaches the box as its number', async () => {
    const channel = head.demo.channels.find(({ number }) => number === 1)?.id;
    const query = `type=PLAYCHANNEL&channel=${channel}`;
    const { body } = await head.call(admin(), `/iptv/device/${box.id}/action?${query}`);
    expect(await arrived(body._id)).toMatchObject({ onBox: { type: 'PLAYNUMBER', state: 'done' } });
    expect((await screen()).playing).toMatchObject({ name: 'Harbour One' });
  });

  it('show_menu, reload_portal and update_image have their effect', async () => {
    expect(await send('event=show_menu')).toMatchObject({ onBox: { type: 'SHOW_MENU', state: 'done' } });
    expect((await screen()).scene.menu).toMatchObject({ title: 'Menu' });
    await agent.tv.press('EXIT');
    expect(await send('event=reload_portal')).toMatchObject({ onBox: { type: 'UI', state: 'done' } });
    expect(agent.events('ui-reload')).toHaveLength(1);
    expect(await send('event=update_image')).toMatchObject({ onBox: { type: 'FIRMWARE' } });
  });

  it.each(['update_epg', 'update_modules'])('%s is refused on the box, with the reason', async (event) => {
    const { onBox } = await send(`event=${event}`);
    expect([onBox.state, onBox.error]).toEqual(['refused', expect.stringMatching(/^UNSUPPORTED/)]);
  });

  it('a message is shown, and done when the viewer has closed it', async () => {
    await rest('POST', 'stb_msg/1001', 'msg=%3Cb%3E%25mac%25%3C/b%3E %25sn%25');
    await until(async () => (await screen()).scene.message);
    expect((await screen()).scene.message?.html).toContain(`<b>${box.mac}</b> SN7`);
    const { id } = await newest();
    await until(async () => (await head.action(id)).state === 'delivered');
    await agent.tv.press('OK');
    await until(async () => (await head.action(id)).state === 'done');
    expect(await head.action(id)).toMatchObject({ result: { confirmed: true } });
    expect((await screen()).scene).not.toHaveProperty('message');
  });

  it('a message that hides by itself is confirmed, too', async () => {
    await rest('POST', 'send_event/1001', 'event=send_msg&msg=short&auto_hide_timeout=1');
    const { id } = await newest();
    await until(async () => (await head.action(id)).state === 'done');
  });

  it('a message with a video shows it after the message', async () => {
    const form = 'event=send_msg_with_video&msg=Look&video=http://127.0.0.1:9/film.mp4&auto_hide_timeout=1';
    await rest('POST', 'send_event/1001', form);
    await until(async () => (await screen()).playing?.url === 'http://127.0.0.1:9/film.mp4');
    expect(await send('event=play_channel&channel=1')).toMatchObject({ onBox: { state: 'done' } });
  });

  it('status 0 blocks the screen over a restart, status 1 frees it', async () => {
    await rest('PUT', 'stb/1001', 'status=0');
    await until(async () => (await screen()).scene.blocked);
    await agent.kill();
    await agent.start();
    expect((await screen()).scene.blocked).toBeDefined();
    await rest('PUT', 'stb/1001', 'status=1');
    await until(async () => (await screen()).scene.blocked === undefined);
    expect(await send('event=play_channel&channel=1')).toMatchObject({ onBox: { state: 'done' } });
  });

  it('reboot restarts the box once; need_reboot after the message', async () => {
    const before = agent.events('reboot').length;
    expect(await send('event=reboot')).toMatchObject({ onBox: { type: 'REBOOT', state: 'done' } });
    expect(agent.events('reboot')).toHaveLength(before + 1);
    await rest('POST', 'send_event/1001', 'event=send_msg&msg=Restart&need_reboot=1&auto_hide_timeout=1');
    await until(() => agent.events('reboot').length === before + 2, 'the restart after the message', 30_000);
  });
});

it('a burst of 20 commands reaches the agent completely and in order, though it polls once an hour', async () => {
  const own = undoList();
  try {
    const slow = await openTestHeadend({ ministra: { watchdog_seconds: 3_600 } });
    own.after(slow.close);
    const numbers = Array.from({ length: 20 }, (_, index) => 900 + index);
    const api = openRest(slow);
    for (const number of numbers) await api('POST', 'send_event/1001', `event=play_channel&channel=${number}`);
    const there = createAgentProcess(
      {
        box: { ...(slow.demo.boxes[0] as DemoBox), token: '' },
        upstreams: [],
        config: { 'upstream.ministra.url': `${slow.headend.url}/stalker_portal/` },
      },
      own.after,
    );
    await there.start();
    const path = `/stb/v1/actions?state=delivered&box=${slow.demo.boxes[0]?.id}`;
    const token = slow.demo.users.admin.token;
    await until(async () => (await slow.call(token, path)).body.total === 20, 'all twenty to be read', 30_000);
    await there.idle();
    const refused = [...there.log().matchAll(/number (9\d\d) is not among/g)].map(([, number]) => Number(number));
    expect([...new Set(refused)]).toEqual(numbers);
  } finally {
    await own.all();
  }
});
