/** What a headend makes of a rollout that it finds at its start, after it was killed between any two commits. */
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '../../agent/protocol/id.ts';
import type { HeadendMessage, Report } from '../../agent/protocol/messages.ts';
import { createFleet, type Fleet } from '../../headend/fleet/fleet.ts';
import { openStore, type Store } from '../../headend/store/store.ts';
import { report } from '../support/headend.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const retention = { actionDays: 1, actionCount: 100, telemetryDays: 1, telemetryCount: 100 };

/** A store with two boxes, and fleets on it, one after the other. */
function openSite() {
  const directory = temporaryDirectory();
  const store = openStore(join(directory, 'headend.db'), retention);
  onTestFinished(() => store.close());
  const customer = store.customers.create({ name: 'C', features: ['IPTVBUSINESS'], parent: null }).id;
  const boxes = [newId(), newId()].map((id) => addBox(store, id, customer));
  return {
    store,
    boxes,
    openFleet() {
      const fleet = createFleet({
        store,
        artifactsDir: join(directory, 'artifacts'),
        log: pino({ level: 'silent' }),
      });
      onTestFinished(() => fleet.close());
      return fleet;
    },
    begin: (fleet: Fleet, shares: number[]) =>
      fleet.rollouts.create({
        name: 'R',
        firmware: 'http://images.example/2.bundle',
        boxes,
        shares,
        gate: 100,
        patienceMs: 3_600_000,
        soakMs: 0,
        createdBy: null,
        customers: [customer],
        leftOut: 0,
      }),
  };
}

function addBox(store: Store, id: string, customer: string): string {
  const settings = { enabled: true, streamOnly: false, notes: '', customFields: {}, favorites: [] };
  store.boxes.create(id, { ...settings, customer, mac: null, type: 'STB', name: 'a box', listMode: 'NUMBER' });
  return id;
}

/** The box is online, and keeps what it is sent. */
function connect(fleet: Fleet, box: string) {
  const sent: HeadendMessage[] = [];
  const send = async (message: HeadendMessage) => void sent.push(message);
  const connection = fleet.connect({ box, upstream: 'mqtt', send, cut() {} });
  return {
    installs: () => sent.flatMap((message) => (message.kind === 'action' ? [message.id] : [])),
    say: (message: Report) => connection.receive(Buffer.from(JSON.stringify(message))),
  };
}

const states = (store: Store, id: string) => store.rolloutBoxes.counts(id).map(({ state, count }) => [state, count]);
const actionsOf = (store: Store, id: string) =>
  store.rolloutBoxes.list({ rollout: id, scope: null }, { offset: 0, limit: 9 }).items.map(({ action }) => action);

test('killed after the rollout was stored and before anybody was asked: each box is asked once', async () => {
  const { store, boxes, openFleet, begin } = openSite();
  const killed = openFleet();
  const creating = begin(killed, [100]);
  await killed.close();
  const id = await creating;
  expect(states(store, id)).toEqual([['waiting', 2]]);
  const fleet = openFleet();
  const links = boxes.map((box) => connect(fleet, box));
  await until(() => links.every((link) => link.installs().length === 1), 'both boxes to be asked');
  expect(actionsOf(store, id).sort()).toEqual(links.flatMap((link) => link.installs()).sort());
});

test('killed after reports were stored and before the rollout took them over: they count, and the next wave begins', async () => {
  const { store, openFleet, begin } = openSite();
  const killed = openFleet();
  const id = await begin(killed, [50, 100]);
  await until(() => states(store, id).some(([state]) => state === 'asked'), 'the first box to be asked');
  await killed.close();
  const [first = null] = actionsOf(store, id);
  await store.commit(() => store.actions.apply(first ?? '', report(first, 'done'), Date.now()));
  const fleet = openFleet();
  await until(() => states(store, id).some(([state]) => state === 'proving'), 'the report to be taken over');
  expect(store.rollouts.get(id)).toMatchObject({ state: 'running', wave: 0 });
  const [member] = store.rolloutBoxes.list({ rollout: id, scope: null }, { offset: 0, limit: 1 }).items;
  connect(fleet, member?.box ?? '');
  await until(() => store.rollouts.get(id)?.wave === 1, 'the box to be online again, and the next wave');
});

test('killed after it was stopped and before anything was taken back: nothing of it is left to begin', async () => {
  const { store, openFleet, begin } = openSite();
  const killed = openFleet();
  const id = await begin(killed, [100]);
  await until(() => actionsOf(store, id).every((action) => action !== null), 'the boxes to be asked');
  const asked = actionsOf(store, id);
  await killed.close();
  store.rollouts.move(id, 'stopped', 'Stopped by nobody.');
  openFleet();
  await until(() => states(store, id).every(([state]) => state === 'waiting'), 'the actions to be taken back');
  expect(asked.map((action) => store.actions.get(action ?? '')?.state)).toEqual(['cancelled', 'cancelled']);
});

test('killed, and started only when its patience was long over: boxes have time to come back before anything counts', async () => {
  const { store, boxes, openFleet, begin } = openSite();
  const killed = openFleet();
  const id = await begin(killed, [100]);
  const links = boxes.map((box) => connect(killed, box));
  await until(() => links.every((link) => link.installs().length === 1), 'both boxes to be asked');
  await killed.close();
  store.rollouts.enter(id, 0, Date.now() - 24 * 3_600_000);
  const fleet = openFleet();
  const heard = new Promise((resolve) => fleet.events.subscribe(({ event }) => event === 'rollout' && resolve(event)));
  await heard;
  expect(store.rollouts.get(id)).toMatchObject({ state: 'running', reason: null });
  const back = boxes.map((box) => connect(fleet, box));
  await Promise.all(back.map((link, index) => link.say(report(links[index]?.installs()[0] ?? '', 'done'))));
  await until(() => store.rollouts.get(id)?.state === 'done', 'the rollout to be done');
});

test('a box that is deleted is no part of it any more', async () => {
  const { store, boxes, openFleet, begin } = openSite();
  const fleet = openFleet();
  const id = await begin(fleet, [100]);
  await until(() => actionsOf(store, id).every((action) => action !== null), 'the boxes to be asked');
  const [kept, gone] = boxes;
  store.boxes.remove(gone ?? '');
  const link = connect(fleet, kept ?? '');
  await until(() => link.installs().length === 1, 'the box to be asked');
  await link.say(report(link.installs()[0] ?? '', 'done'));
  await until(() => store.rollouts.get(id)?.state === 'done', 'the rollout to be done');
  expect(states(store, id)).toEqual([['healthy', 1]]);
});
