/** What the fleet does about links that swallow messages and disks that are full; a real store, no wires. */
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newId } from '../../agent/protocol/id.ts';
import type { HeadendMessage } from '../../agent/protocol/messages.ts';
import type { ActionType } from '../../agent/protocol/params.ts';
import { createFleet, type Fleet } from '../../headend/fleet/fleet.ts';
import { openDatabase } from '../../headend/store/database.ts';
import { createGroupCommit } from '../../headend/store/group-commit.ts';
import { openStore } from '../../headend/store/store.ts';
import { report } from '../support/headend.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** A fleet that sends again soon, with one box. */
function openFleet(resendMs = 60): { fleet: Fleet; box: string } {
  const directory = temporaryDirectory();
  const retention = { actionDays: 1, actionCount: 100, telemetryDays: 1, telemetryCount: 100 };
  const store = openStore(join(directory, 'headend.db'), retention);
  const log = pino({ level: 'silent' });
  const fleet = createFleet({
    store,
    artifactsDir: join(directory, 'artifacts'),
    log,
    pace: { resendMs, sweepMs: 20 },
  });
  onTestFinished(async () => {
    await fleet.close();
    await store.close();
  });
  const customer = store.customers.create({ name: 'C', features: ['IPTVBUSINESS'], parent: null }).id;
  return { fleet, box: addBox(fleet, customer) };
}

function addBox(fleet: Fleet, customer: string): string {
  const settings = { enabled: true, streamOnly: false, notes: '', customFields: {}, favorites: [] };
  const id = newId();
  fleet.store.boxes.create(id, { ...settings, customer, mac: null, type: 'STB', name: 'a box', listMode: 'NUMBER' });
  return id;
}

/** A link that keeps what is sent to it; `broken` makes it fail. */
function openLink(fleet: Fleet, box: string, upstream: 'mqtt' | 'websocket' = 'mqtt') {
  const sent: HeadendMessage[] = [];
  const state = { broken: false };
  const connection = fleet.connect({
    box,
    upstream,
    async send(message) {
      if (state.broken) throw new Error('broken');
      sent.push(message);
    },
    cut() {},
  });
  return {
    sent,
    state,
    connection,
    ids: () => sent.flatMap((message) => (message.kind === 'action' ? [message.id] : [])),
  };
}

async function act(fleet: Fleet, box: string, type: ActionType = 'UI', params = {}): Promise<string> {
  const { created } = await fleet.schedule({ boxes: [box], type, params, createdBy: null });
  return created[0] as string;
}

describe('sending again', () => {
  it('an action that is not accepted is sent again and again, and no more once it is', async () => {
    const { fleet, box } = openFleet();
    const link = openLink(fleet, box);
    const id = await act(fleet, box);
    await until(() => link.ids().length >= 3, 'three sendings');
    await link.connection.receive(Buffer.from(JSON.stringify(report(id, 'accepted'))));
    const other = await act(fleet, box, 'DVB');
    const before = link.ids().filter((one) => one === id).length;
    await until(() => link.ids().filter((one) => one === other).length >= 3, 'three sendings of the other');
    expect(link.ids().filter((one) => one === id).length).toBe(before);
  });

  it('a cancellation is sent until the box has settled it', async () => {
    const { fleet, box } = openFleet();
    const link = openLink(fleet, box);
    const id = await act(fleet, box);
    await until(() => link.ids().length > 0, 'the action');
    fleet.cancel(id);
    await until(() => link.sent.filter((message) => message.kind === 'cancel').length >= 2, 'two cancels');
    await link.connection.receive(Buffer.from(JSON.stringify(report(id, 'cancelled'))));
    expect(fleet.store.actions.get(id)?.state).toBe('cancelled');
    expect(() => fleet.cancel(id)).toThrow(/ended already/);
  });

  it('what a broken link did not take goes over the next one', async () => {
    const { fleet, box } = openFleet(60_000);
    const broken = openLink(fleet, box);
    broken.state.broken = true;
    const id = await act(fleet, box);
    await until(() => fleet.store.actions.get(id)?.sentAt, 'the try');
    expect(fleet.store.actions.get(id)?.state).toBe('queued');
    broken.connection.close();
    await until(() => Date.now() > (fleet.store.actions.get(id)?.sentAt ?? 0), 'the next millisecond');
    const next = openLink(fleet, box, 'websocket');
    await until(() => next.ids().includes(id), 'the action');
    await until(() => fleet.store.actions.get(id)?.state === 'delivered', 'delivered');
  });

  it('an action that may be on its way is cancelled by asking, one that cannot be is cancelled at once', async () => {
    const { fleet, box } = openFleet(60_000);
    const unseen = await act(fleet, box);
    expect(fleet.cancel(unseen).state).toBe('cancelled');
    const link = openLink(fleet, box);
    link.state.broken = true;
    const perhaps = await act(fleet, box, 'DVB');
    await until(() => fleet.store.actions.get(perhaps)?.sentAt, 'the try');
    expect(fleet.cancel(perhaps)).toMatchObject({ state: 'queued', cancelAsked: true });
  });

  it('a box that does not read holds up no other', async () => {
    const { fleet, box } = openFleet();
    const stuck = addBox(fleet, fleet.store.boxes.get(box)?.customer ?? '');
    fleet.connect({ box: stuck, upstream: 'mqtt', send: () => new Promise(() => {}), cut() {} });
    const link = openLink(fleet, box);
    await act(fleet, stuck);
    const id = await act(fleet, box);
    await until(() => link.ids().includes(id), 'the action of the other box');
  });
});

describe('a link in the order of preference', () => {
  it('is the one heard from last', async () => {
    const { fleet, box } = openFleet(60_000);
    const first = openLink(fleet, box, 'mqtt');
    openLink(fleet, box, 'websocket');
    await first.connection.receive(Buffer.from(JSON.stringify(report('stray', 'accepted'))));
    const id = await act(fleet, box);
    await until(() => first.ids().includes(id), 'the action on the first link');
  });
});

describe('retention', () => {
  it('deletes ended actions beyond the count, the oldest first, and never one that has not ended', async () => {
    const { fleet, box } = openFleet(60_000);
    const waiting = await act(fleet, box);
    const ended: string[] = [];
    for (let volume = 0; volume <= 100; volume++) {
      const id = await act(fleet, box, 'VOLUME', { volume });
      ended.push(id);
      fleet.cancel(id);
    }
    expect(await fleet.store.retain(Date.now())).toEqual([ended[0]]);
    expect(await fleet.store.retain(Date.now() + 2 * 24 * 3600 * 1000)).toHaveLength(100);
    expect(fleet.store.actions.get(waiting)?.state).toBe('queued');
  });
});

describe('the group commit', () => {
  it('undoes what throws alone, keeps its neighbours, and keeps the order', async () => {
    const db = openDatabase(join(temporaryDirectory(), 'x.db'));
    onTestFinished(() => void db.close());
    db.exec('CREATE TABLE t (v INTEGER)');
    const commit = createGroupCommit(db);
    const insert = db.prepare<[number]>('INSERT INTO t VALUES (?)');
    const settled = await Promise.allSettled([
      commit(() => insert.run(1)),
      commit(() => {
        insert.run(2);
        throw new Error('no');
      }),
      commit(() => insert.run(3)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(db.prepare('SELECT v FROM t ORDER BY rowid').pluck().all()).toEqual([1, 3]);
  });

  it('a full disk rejects what did not fit, and later work is stored again', async () => {
    const db = openDatabase(join(temporaryDirectory(), 'x.db'));
    onTestFinished(() => void db.close());
    db.exec('CREATE TABLE t (v BLOB)');
    const commit = createGroupCommit(db);
    const insert = db.prepare<[Buffer]>('INSERT INTO t VALUES (?)');
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages + 4}`);
    await expect(commit(() => insert.run(Buffer.alloc(1_000_000)))).rejects.toThrow(/full/);
    db.pragma('max_page_count = 1000000');
    await expect(commit(() => insert.run(Buffer.alloc(1_000_000)))).resolves.toBeDefined();
  });
});
