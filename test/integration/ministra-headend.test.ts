/** The agent under our own headend in the place of a portal: what operators send by any API reaches the box, and comes back as far as the protocol can say. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoxActionType } from '../../agent/protocol/params.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { type Headend, startHeadend } from '../../headend/main.ts';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { type HeadendApi, openHeadendApi } from '../support/headend-api.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const operator = { login: 'stalker', password: 'secret' };
const shared = undoList();
let headend: Headend;
let box: DemoBox;
let agent: AgentProcess;
let api: HeadendApi;

beforeAll(async () => {
  headend = await startHeadend({
    ...{ data_dir: temporaryDirectory(shared.after), demo: true, demo_boxes: 3, log: { level: 'silent' } },
    ...{ http: { port: 0 }, broker: { port: 0 } },
    ministra: { ...operator, watchdog_seconds: 3 },
  });
  shared.after(() => headend.close());
  box = headend.demo!.boxes[0]!;
  api = openHeadendApi(headend.url, headend.demo!.users.admin.token);
  const config = { 'upstream.ministra.url': `${headend.url}/stalker_portal/`, 'upstream.ministra.poll_factor': 0.05 };
  agent = createAgentProcess({ box, upstreams: [], config }, shared.after);
  await agent.start();
  await until(async () => (await agent.status()).upstreams[0]?.state === 'connected', 'the portal to be reached');
});
afterAll(shared.all);

/** `POST /stalker_portal/api/send_event/MAC`, as an operator's billing does it. */
async function send(fields: Record<string, string>): Promise<unknown> {
  const { login, password } = operator;
  const response = await fetch(`${headend.url}/stalker_portal/api/send_event/${box.mac}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` },
    body: new URLSearchParams(fields),
  });
  return response.json();
}

/** Resolves when the newest action of the type has ended on the box. */
async function ended(type: BoxActionType): Promise<{ state: string; error?: string }> {
  return until(async () => {
    const [last] = (await agent.status()).recent.filter((action) => action.type === type);
    return last && ['done', 'failed', 'refused'].includes(last.state) && last;
  }, `${type} to end`);
}

const scene = async () => (await agent.tv.state()).scene;
const playing = async () => (await agent.tv.state()).playing;
const queued = { status: 'OK', results: true };

describe('events of the REST API', () => {
  test('update_channels, then play_channel by number', async () => {
    expect(await send({ event: 'update_channels' })).toMatchObject(queued);
    expect(await ended('CHANNELS')).toMatchObject({ state: 'done' });
    const channel = headend.demo!.channels.find(({ radio }) => !radio)!;
    expect(await send({ event: 'play_channel', channel: String(channel.number) })).toMatchObject(queued);
    expect(await ended('PLAYNUMBER')).toMatchObject({ state: 'done' });
    expect(await playing()).toMatchObject({ name: channel.name });
  });

  test('play_radio_channel', async () => {
    const channel = headend.demo!.channels.find(({ radio }) => radio)!;
    await send({ event: 'play_radio_channel', channel: String(channel.number) });
    expect(await ended('PLAYRADIONUMBER')).toMatchObject({ state: 'done' });
    expect(await playing()).toMatchObject({ kind: 'radio', name: channel.name });
  });

  test('show_menu and reload_portal', async () => {
    await send({ event: 'show_menu' });
    await until(async () => (await scene()).menu);
    await send({ event: 'reload_portal' });
    expect(await ended('UI')).toMatchObject({ state: 'done' });
  });

  test('cut_off and cut_on', async () => {
    await send({ event: 'cut_off', msg: 'Call us' });
    await until(async () => (await scene()).blocked);
    await send({ event: 'cut_on' });
    await until(async () => !(await scene()).blocked);
  });

  test('send_msg with auto_hide_timeout, which is kept, and need_reboot', async () => {
    const before = agent.events('reboot').length;
    await send({ event: 'send_msg', msg: 'Short', auto_hide_timeout: '1', need_reboot: '1' });
    await until(() => agent.events('message').length === 1);
    await until(() => agent.events('reboot').length > before);
    await until(() => agent.idle().then(() => true));
    expect(agent.events('message-ended').at(-1)?.detail).toEqual({ how: 'timeout' });
    expect(agent.events('message')).toHaveLength(1);
  });

  test('a burst of 20 commands comes completely and in order', async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => 900 + index);
    for (const channel of numbers) await send({ event: 'play_channel', channel: String(channel) });
    await until(() => agent.log().split('"event from the portal"').length > 20, 'twenty events');
    await agent.idle();
    const refused = [...agent.log().matchAll(/number (9\d\d) is not among/g)].map((match) => Number(match[1]));
    expect([...new Set(refused)]).toEqual(numbers);
  });
});

describe("actions of the headend's own API", () => {
  test('a MESSAGE is delivered when it was read, and done when it was confirmed', async () => {
    const id = await api.act(box.id, 'MESSAGE', { message: 'Hello', duration: 600 });
    await until(async () => (await scene()).message);
    expect((await api.reached(id, 'delivered')).state).toBe('delivered');
    await agent.tv.press('OK');
    expect((await api.reached(id)).state).toBe('done');
    expect(await scene()).not.toHaveProperty('message');
  });

  test('a PLAYCHANNEL becomes play_channel', async () => {
    const channel = headend.demo!.channels.filter(({ radio }) => !radio)[1]!;
    const id = await api.act(box.id, 'PLAYCHANNEL', { channel: channel.id });
    await until(async () => (await playing())?.name === channel.name);
    expect((await api.action(id)).state).toBe('delivered');
  });

  test('a VIDEO is played', async () => {
    await api.act(box.id, 'VIDEO', { video: 'http://127.0.0.1:8001/film.mp4' });
    await until(async () => (await playing())?.url === 'http://127.0.0.1:8001/film.mp4');
  });
});

test('one login was enough, and nothing is left to report', async () => {
  await agent.idle();
  expect(agent.log().split('"new":true,"msg":"let in')).toHaveLength(2);
  expect((await agent.status()).upstreams[0]).toMatchObject({ name: 'ministra', state: 'connected' });
});
