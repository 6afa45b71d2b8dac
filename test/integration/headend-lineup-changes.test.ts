/** When boxes are told of their line-up by themselves: once, only those that a change touches, and whatever happens in between. */
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openSocketBox, openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let admin: string;
let boxes: DemoBox[];
let channel: string;

beforeEach(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  admin = head.demo.users.admin.token;
  boxes = head.demo.boxes;
  channel = head.demo.channels[4]?.id as string;
});
afterEach(() => head.close());

const post = async (path: string, body: object) => {
  const answer = await head.call(admin, path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const actions = async (box: Pick<DemoBox, 'id'> | undefined) =>
  (await head.call(admin, `/stb/v1/actions?box=${box?.id}`)).body.items
    .map(({ type }: { type: string }) => type)
    .reverse();
const setPackage = (type: 'BASE' | 'DVB') =>
  post(`/iptv/package/${head.demo.package}`, { channels: [{ _id: channel, type }] });
/** The CHANNELS that waits for a box. */
const unsent = async (box: DemoBox) =>
  (await head.call(admin, `/stb/v1/actions?box=${box.id}&type=CHANNELS&state=queued`)).body.items[0];
/** Resolves when nobody is left to be told. */
async function told(): Promise<void> {
  const db = new Database(`${head.dataDir}/headend.db`, { readonly: true });
  const due = db.prepare('SELECT 1 FROM lineup_told WHERE channels_due = 1 OR dvb_due = 1');
  await until(() => due.get() === undefined, 'every box to have been told');
  db.close();
}

it('the boxes that have the package are told once, however often it changes while they are away; the others are not', async () => {
  await setPackage('DVB');
  await setPackage('BASE');
  await setPackage('DVB');
  await post(`/iptv/channel/${channel}`, { name: 'Another name' });
  await told();
  for (const box of boxes.slice(0, 3)) expect(await actions(box)).toEqual(['CHANNELS', 'DVB']);
  // The fourth has no package: it has every channel, and one has another name.
  expect(await actions(boxes[3])).toEqual(['CHANNELS', 'DVB']);
});

it('what changes nothing for a box tells it nothing', async () => {
  const other = await post('/iptv/package', { name: 'Other', channels: [{ _id: channel, type: 'BASE' }] });
  await post(`/iptv/package/${other._id}`, { channels: [] });
  await post(`/iptv/package/${head.demo.package}`, { name: 'Renamed' });
  await post(`/iptv/device/${boxes[0]?.id}`, { name: 'Renamed', notes: 'x', streamOnly: false });
  await post(`/iptv/channel/${channel}`, { epgId: 'guide.example' });
  await post(`/iptv/settings/${head.demo.customers.business}`, { ntpServer: 'ntp.example' });
  await post('/iptv/channel', {
    number: 90,
    name: 'Of others',
    baseChannel: 'http://x.example/',
    customer: head.demo.customers.private,
  });
  await told();
  expect(await actions(boxes[0])).toEqual([]);
  expect(await actions(boxes[3])).toEqual(['CHANNELS', 'DVB']);
});

it('a change while a box is fetching is not lost: it is told again when that has ended', async () => {
  const box = boxes[0] as DemoBox;
  const raw = await openSocketBox(head.headend, box);
  await raw.say(hello(box));
  await setPackage('DVB');
  const first = await until(() => raw.actions().find(({ type }) => type === 'CHANNELS'), 'the first CHANNELS');
  await raw.say(report(first.id, 'accepted'));
  await raw.say(report(first.id, 'started'));
  await until(async () => (await head.action(first.id)).state === 'started');
  await setPackage('BASE');
  await setPackage('DVB');
  expect((await actions(box)).filter((type: string) => type === 'CHANNELS')).toHaveLength(1);
  await raw.say(report(first.id, 'done', { result: {} }));
  const channels = () => raw.actions().filter(({ type }) => type === 'CHANNELS');
  await until(() => channels().length === 2, 'the second CHANNELS');
  await raw.say(report(channels()[1]?.id ?? '', 'done', { result: {} }));
  await told();
  expect(channels()).toHaveLength(2);
  await raw.close();
});

it('a subscription that begins or ends while the headend is off is told at its next start', async () => {
  const [starting, ending] = boxes as [DemoBox, DemoBox];
  const extra = await post('/iptv/channel', { number: 80, name: 'Extra', baseChannel: 'http://x.example/80' });
  const sold = await post('/iptv/package', { name: 'Sport', channels: [{ _id: extra._id, type: 'BASE' }] });
  await post(`/stb/v1/boxes/${ending.id}/subscriptions`, { package: sold._id });
  const turn = Date.now() + 2_000;
  const at = new Date(turn).toISOString();
  await post(`/stb/v1/boxes/${starting.id}/subscriptions`, { package: sold._id, start: at });
  await post(`/stb/v1/boxes/${ending.id}/subscriptions`, { package: sold._id, end: at });
  await head.headend.close();
  await until(() => Date.now() > turn, 'the subscriptions to begin and to end');
  await head.restart();
  await until(
    async () => (await actions(starting)).length > 0 && (await actions(ending)).length > 0,
    'both to be told',
  );
  const lineup = async (box: DemoBox) => (await head.call(box.token, '/stb/v1/lineup')).body;
  const numbers = async (box: DemoBox) => (await lineup(box)).channels.map(({ number }: { number: number }) => number);
  expect(await numbers(starting)).toContain(80);
  expect(await numbers(ending)).not.toContain(80);
  const reason = `the subscription to Sport ended at ${at}`;
  expect((await lineup(ending)).ended).toEqual([{ id: extra._id, name: 'Extra', reason }]);
});

it('a box whose subscription has ended is told nothing by a change that touches it no more than it does the others', async () => {
  const [ended, other] = boxes as [DemoBox, DemoBox];
  const extra = await post('/iptv/channel', { number: 80, name: 'Extra', baseChannel: 'http://x.example/80' });
  const sold = await post('/iptv/package', { name: 'Sport', channels: [{ _id: extra._id, type: 'BASE' }] });
  await post(`/stb/v1/boxes/${ended.id}/subscriptions`, { package: sold._id });
  await head.call(admin, `/stb/v1/boxes/${ended.id}/subscriptions/${sold._id}`, { method: 'DELETE' });
  await told();
  await head.call(admin, `/iptv/device/${ended.id}/action/${(await unsent(ended)).id}`, { method: 'DELETE' });
  await post('/iptv/channel', { number: 81, name: 'In no package', baseChannel: 'http://x.example/81' });
  await told();
  expect(await unsent(ended)).toBeUndefined();
  expect(await actions(other)).toEqual([]);
});

it('a box that an operator makes is told what it has; a tablet is not', async () => {
  const customer = head.demo.customers.business;
  const make = (more: object) => post('/iptv/device', { customer, packages: [head.demo.package], ...more });
  const box = await make({ mac: '00:1A:79:12:34:56' });
  const tablet = await make({ mac: '00:1A:79:12:34:57', type: 'ANDROID' });
  await told();
  expect(await actions({ id: box._id })).toEqual(['CHANNELS', 'DVB']);
  expect(await actions({ id: tablet._id })).toEqual([]);
});

it('a box that is disabled is not told, and is when it is enabled again', async () => {
  const box = boxes[0] as DemoBox;
  await post(`/iptv/device/${box.id}`, { enabled: false });
  await setPackage('DVB');
  await told();
  expect(await actions(box)).toEqual([]);
  expect((await actions(boxes[1])).length).toBeGreaterThan(0);
  await post(`/iptv/device/${box.id}`, { enabled: true });
  await told();
  expect(await actions(box)).toEqual(['CHANNELS', 'DVB']);
});

it('what a box has of its packages follows the main one, and a device takes one main package at a time', async () => {
  const box = boxes[0] as DemoBox;
  const addOn = await post('/iptv/package', { name: 'Add-on', channels: [{ _id: channel, type: 'DVB' }] });
  const main = await post('/iptv/package', { name: 'Main', main: true, channels: [] });
  const packages = [head.demo.package, addOn._id];
  await post(`/iptv/device/${box.id}`, { packages });
  const found = (await head.call(box.token, '/stb/v1/lineup')).body.channels.find(
    ({ id }: { id: string }) => id === channel,
  );
  expect(found.reception).toBe('BASE');
  const second = await head.call(admin, `/iptv/device/${box.id}`, { body: { packages: [...packages, main._id] } });
  expect(second).toMatchObject({ status: 422, body: { message: 'packages' } });
  const end = new Date(Date.now() + 3_600_000).toISOString();
  const periods = [{ _id: head.demo.package, end }, { _id: main._id, start: end }, addOn._id];
  await post(`/iptv/device/${box.id}`, { packages: periods });
  const { subscriptions, packages: now } = (await head.call(admin, `/iptv/device/${box.id}`)).body;
  expect(now.sort()).toEqual([...packages].sort());
  expect(subscriptions).toContainEqual({ _id: main._id, start: end });
});

it('a box that loses its last package has no channel, not all of them', async () => {
  const box = boxes[0] as DemoBox;
  const channels = async () => (await head.call(box.token, '/stb/v1/lineup')).body.channels.length;
  expect(await channels()).toBeGreaterThan(0);
  await post(`/iptv/device/${box.id}`, { packages: [] });
  expect(await channels()).toBe(0);
  await post(`/iptv/device/${box.id}`, { packages: [head.demo.package] });
  expect(await channels()).toBeGreaterThan(0);
  await head.call(admin, `/iptv/package/${head.demo.package}`, { method: 'DELETE' });
  expect(await channels()).toBe(0);
});
