/** What a change of packages, settings and subscriptions does to a running box, with a real agent process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import type { ActionAnswer } from '../support/headend-api.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: AgentsHeadend;
let box: DemoBox;
let agent: AgentProcess;
let channel: string;
let sport: string;

beforeAll(async () => {
  headend = await startAgentsHeadend({ boxes: 3, after: shared.after });
  box = headend.nextBox();
  agent = createAgentProcess({ box, headend, upstreams: ['websocket'] }, shared.after);
  const created = await post('/iptv/channel', {
    number: 20,
    name: 'Garden',
    baseChannel: 'http://stream.example/garden.m3u8',
    dvb: { freq: 218_000, id: 'C_20_218000', prog: 20 },
  });
  channel = created._id as string;
  const made = await post('/iptv/package', { name: 'Garden pack', channels: [{ _id: channel, type: 'BASE' }] });
  sport = made._id as string;
  await agent.start();
  await headend.api.online(box.id);
});
afterAll(shared.all);

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(headend.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${headend.demo.users.admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status, path).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

/** The actions that the headend has made by itself for the box, the oldest first. */
async function sent(): Promise<ActionAnswer[]> {
  return (await headend.api.actionsOf(box.id)).filter(({ type }) => type === 'CHANNELS' || type === 'DVB').reverse();
}

/** Resolves with the types of what the box was sent by itself since `before`, when there are `count` of them and all are done. */
async function sentSince(before: number, count: number): Promise<string[]> {
  const settled = await until(
    async () => {
      const since = (await sent()).slice(before);
      return since.length >= count && since.every(({ state }) => state === 'done') && since;
    },
    'the box to have fetched its line-up',
    60_000,
    50,
  );
  return settled.map(({ type }) => type);
}

async function play(): Promise<ActionAnswer> {
  return headend.api.reached(await headend.api.act(box.id, 'PLAYCHANNEL', { channel }));
}

const lineupFile = () => JSON.parse(readFileSync(join(agent.stateDir, 'lineup.json'), 'utf8'));

test('a new subscription reaches the box by itself, and its channel plays from the stream', async () => {
  await post(`/stb/v1/boxes/${box.id}/subscriptions`, { package: sport });
  expect(await sentSince(0, 2)).toEqual(['CHANNELS', 'DVB']);
  expect(await play()).toMatchObject({ state: 'done', result: { reception: 'BASE' } });
});

test('a package that goes from BASE to DVB: the box fetches the line-up once, and the next PLAYCHANNEL uses the tuner', async () => {
  const before = (await sent()).length;
  await post(`/iptv/package/${sport}`, { channels: [{ _id: channel, type: 'DVB' }] });
  expect(await sentSince(before, 1)).toEqual(['CHANNELS']);
  expect(await play()).toMatchObject({ state: 'done', result: { reception: 'DVB', lock: { frequencyKhz: 218_000 } } });
  expect((await agent.tv.state()).playing).toMatchObject({ id: channel, reception: 'DVB' });
});

test('streamOnly of the customer sends it back to the stream, and of the device, too', async () => {
  const before = (await sent()).length;
  await post(`/iptv/settings/${box.customer}`, { stbStreamOnly: true });
  expect(await sentSince(before, 2)).toEqual(['CHANNELS', 'DVB']);
  expect(await play()).toMatchObject({ state: 'done', result: { reception: 'BASE' } });
  expect((await agent.tv.state()).services).toEqual([]);
  const between = (await sent()).length;
  await post(`/iptv/device/${box.id}`, { streamOnly: true });
  await post(`/iptv/settings/${box.customer}`, { stbStreamOnly: false });
  await post(`/iptv/device/${box.id}`, { streamOnly: false });
  await until(async () => (await agent.tv.state()).services.length > 0, 'the tuner to have its services again', 60_000);
  expect((await sentSince(between, 2)).length).toBeGreaterThan(1);
  expect(await play()).toMatchObject({ state: 'done', result: { reception: 'DVB' } });
});

test('a change that does not touch the box sends it nothing', async () => {
  const before = (await sent()).length;
  const other = await post('/iptv/package', { name: 'Other', channels: [{ _id: channel, type: 'BASE' }] });
  await post(`/iptv/package/${other._id}`, { channels: [{ _id: channel, type: 'DVB' }] });
  await post(`/iptv/package/${sport}`, { name: 'Garden and more' });
  await post(`/iptv/settings/${box.customer}`, { ntpServer: 'ntp.example' });
  expect((await sent()).length).toBe(before);
});

test('a subscription that ends takes the channel away, and PLAYCHANNEL is refused with the reason', async () => {
  const before = (await sent()).length;
  const end = new Date(Date.now() + 1_000).toISOString();
  await post(`/stb/v1/boxes/${box.id}/subscriptions`, { package: sport, end });
  expect(await sentSince(before, 2)).toEqual(['CHANNELS', 'DVB']);
  expect(lineupFile().lineup.channels.map(({ id }: { id: string }) => id)).not.toContain(channel);
  const refused = await play();
  expect(refused).toMatchObject({ state: 'refused', error: { code: 'UNKNOWN_CHANNEL' } });
  expect(refused.error?.message).toContain(`the subscription to Garden and more ended at ${end}`);
});
