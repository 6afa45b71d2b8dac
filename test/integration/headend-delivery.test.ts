/** How actions reach boxes and reports come back, with raw clients in the place of the boxes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import {
  hello,
  openMqttBox,
  openSocketBox,
  openTestHeadend,
  type RawBox,
  report,
  type TestHeadend,
} from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let box: DemoBox;
const open: RawBox[] = [];

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 3 });
});
afterAll(() => head.close());

beforeEach(() => {
  box = head.demo.boxes[0] as DemoBox;
});
afterEach(async () => {
  for (const raw of open.splice(0)) await raw.close();
  await until(async () => !(await isOnline(box)), 'the box to be offline');
  const { token } = head.demo.users.admin;
  for (const state of ['queued', 'delivered', 'accepted', 'started']) {
    const { body } = await head.call(token, `/stb/v1/actions?state=${state}&limit=500`);
    for (const { id, box: owner } of body.items) {
      const from = head.demo.boxes.find((one) => one.id === owner);
      await head.call(from?.token, '/stb/v1/reports', { body: report(id, 'cancelled') });
    }
  }
});

async function isOnline({ id }: DemoBox): Promise<boolean> {
  return (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${id}`)).body.online;
}

const upstreams = {
  websocket: async () => keep(await openSocketBox(head.headend, box)),
  mqtt: async () => keep(await openMqttBox(head.headend, box)),
};

function keep<T extends RawBox>(raw: T): T {
  open.push(raw);
  return raw;
}

describe.each(['websocket', 'mqtt'] as const)('over %s', (name) => {
  const connect = upstreams[name];

  it('a box that is on gets an action at once, and its report makes it done', async () => {
    const raw = await connect();
    await until(() => isOnline(box), 'the box to be online');
    const id = await head.act(box, 'VOLUME', { volume: 20 }, { spread: 0, expires: '2126-01-01T00:00:00Z' });
    const [action] = await until(() => raw.actions().length > 0 && raw.actions());
    expect(action).toEqual({
      v: 1,
      kind: 'action',
      id,
      type: 'VOLUME',
      params: { volume: 20 },
      expires: '2126-01-01T00:00:00.000Z',
      spread: 0,
    });
    await until(async () => (await head.action(id)).state === 'delivered', 'delivered');
    await raw.say(report(id, 'accepted'));
    await raw.say(report(id, 'started'));
    await raw.say(report(id, 'progress', { progress: { percent: 50 } }));
    const final = report(id, 'done', { result: { volume: 20 } });
    await raw.say(final);
    await until(
      () => raw.heard.some((message) => message.kind === 'ack' && message.report === final.report),
      'the ack',
    );
    const action_ = await head.action(id);
    expect(action_).toMatchObject({ state: 'done', result: { volume: 20 }, error: null, progress: { percent: 50 } });
    expect(action_.reports.map(({ state }: { state: string }) => state)).toEqual([
      'accepted',
      'started',
      'progress',
      'done',
    ]);
  });

  it('a restart that is to follow a message follows its end, not its being on the screen', async () => {
    const raw = await connect();
    const { login, password } = head.demo.ministra;
    const answer = await fetch(`${head.headend.url}/stalker_portal/api/send_event/${box.mac}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` },
      body: new URLSearchParams({ event: 'send_msg', msg: 'Restart', need_reboot: '1' }),
    });
    expect(await answer.json()).toMatchObject({ status: 'OK' });
    const [message] = await until(() => raw.actions().length > 0 && raw.actions());
    await raw.say(report(message!.id, 'done', { open: true, result: {} }));
    await until(async () => (await head.action(message!.id)).state === 'done', 'the message to be on the screen');
    const { token } = head.demo.users.admin;
    const restarts = async () => (await head.call(token, `/stb/v1/actions?box=${box.id}&type=REBOOT`)).body.total;
    const before = await restarts();
    await raw.say(report(message!.id, 'done', { result: { ended: 'dismissed' } }));
    const restart = await until(() => raw.actions().find(({ type }) => type === 'REBOOT'), 'the restart');
    expect(await restarts()).toBe(before + 1);
    await raw.say(report(restart.id, 'done'));
  });

  it('how an open `done` ended takes its place, and what comes late changes nothing', async () => {
    const raw = await connect();
    const id = await head.act(box, 'MESSAGE', { message: 'Lunch' });
    await until(() => raw.actions().length > 0);
    const say = async (message: ReturnType<typeof report>) => {
      const before = raw.heard.length;
      await raw.say(message);
      const acked = () =>
        raw.heard.slice(before).some((heard) => heard.kind === 'ack' && heard.report === message.report);
      await until(acked, 'the ack');
      return head.action(id);
    };
    const first = report(id, 'done', { open: true, result: { notified: 1 } });
    const last = report(id, 'done', { result: { notified: 2, ended: 'timeout' } });
    expect(await say(first)).toMatchObject({ state: 'done', result: { notified: 1 }, reports: [{ open: true }] });
    const settled = await say(last);
    expect(settled).toMatchObject({ state: 'done', result: { notified: 2, ended: 'timeout' } });
    expect(settled.reports).toHaveLength(1);
    for (const late of [first, last, report(id, 'done', { open: true, result: {} })]) {
      expect(await say(late)).toMatchObject({ result: settled.result, reports: settled.reports });
    }
  });

  it('a box that is off gets what waited, in order, when it is back', async () => {
    const ids = [];
    for (const volume of [1, 2, 3]) ids.push(await head.act(box, 'VOLUME', { volume }));
    expect((await head.action(ids[0] as string)).state).toBe('queued');
    const raw = await connect();
    await until(() => raw.actions().length === 3, 'three actions');
    expect(raw.actions().map(({ id }) => id)).toEqual(ids);
  });

  it('what was not accepted comes again on the next connection, what was accepted does not', async () => {
    const first = await connect();
    const lost = await head.act(box, 'VOLUME', { volume: 4 });
    const taken = await head.act(box, 'VOLUME', { volume: 5 });
    await until(() => first.actions().length === 2, 'both actions');
    await first.say(report(taken, 'accepted'));
    await until(async () => (await head.action(taken)).state === 'accepted', 'accepted');
    await first.close();
    await until(async () => !(await isOnline(box)), 'offline');
    const second = await connect();
    await until(() => second.actions().some(({ id }) => id === lost), 'the lost action');
    expect(second.actions().map(({ id }) => id)).not.toContain(taken);
  });

  it('a second hello on the same connection brings what was not accepted again', async () => {
    const raw = await connect();
    await raw.say(hello(box));
    const id = await head.act(box, 'UI');
    await until(() => raw.actions().length === 1, 'the action');
    await raw.say(hello(box, { bootId: 'another-boot' }));
    await until(() => raw.actions().filter((action) => action.id === id).length === 2, 'the action again');
  });

  it('an action with `when` is sent at once: the box keeps the time, also without a network', async () => {
    const raw = await connect();
    const when = new Date(Date.now() + 3_600_000).toISOString();
    const id = await head.act(box, 'REBOOT', {}, { when });
    const [action] = await until(() => raw.actions().length > 0 && raw.actions());
    expect(action).toMatchObject({ id, when });
  });

  it('an action that the box has seen is cancelled by the box: it is asked, and its report decides', async () => {
    const raw = await connect();
    const id = await head.act(box, 'VOLUME', { volume: 6 });
    await until(() => raw.actions().length === 1, 'the action');
    const { token } = head.demo.users.admin;
    const { body } = await head.call(token, `/stb/v1/actions/${id}`, { method: 'DELETE' });
    expect(body).toMatchObject({ cancelAsked: true });
    expect(body.state).not.toBe('cancelled');
    await until(() => raw.heard.some((message) => message.kind === 'cancel' && message.id === id), 'the cancel');
    await raw.say(report(id, 'done'));
    await until(async () => (await head.action(id)).state === 'done', 'done after all');
  });

  it('a hello and telemetry are what the headend knows of the box', async () => {
    const raw = await connect();
    await raw.say(hello(box));
    const playing = { kind: 'channel', id: 'c1', name: 'Harbour One', number: 1 };
    await raw.say({ v: 1, kind: 'telemetry', at: new Date().toISOString(), cpuPercent: 12, playing });
    const { token } = head.demo.users.admin;
    const view = await until(async () => {
      const { body } = await head.call(token, `/stb/v1/boxes/${box.id}`);
      return body.playing !== null && body;
    });
    expect(view).toMatchObject({ online: true, upstream: name, model: 'SIM250', firmware: '1.0.0', playing });
    expect(view.telemetry.cpuPercent).toBe(12);
    const { body } = await head.call(token, `/stb/v1/boxes/${box.id}/telemetry`);
    expect(body.items[0].cpuPercent).toBe(12);
  });
});

describe('reports', () => {
  it('a final report that comes twice is stored once and acknowledged each time', async () => {
    const raw = await upstreams.websocket();
    const id = await head.act(box, 'UI');
    const final = report(id, 'done', { result: { once: true } });
    await raw.say(final);
    await raw.say(final);
    await until(() => raw.heard.filter((message) => message.kind === 'ack').length === 2, 'two acks');
    expect((await head.action(id)).reports).toHaveLength(1);
  });

  it('a final state stays; a different final one is only kept in the history', async () => {
    const raw = await upstreams.websocket();
    const id = await head.act(box, 'UI');
    await raw.say(report(id, 'failed', { error: { code: 'TIMEOUT', message: 'late', retryable: true } }));
    await raw.say(report(id, 'done'));
    await raw.say(report(id, 'started'));
    const action = await until(async () => {
      const found = await head.action(id);
      return found.reports.length === 3 && found;
    });
    expect(action).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' } });
  });

  it('a state is never taken back', async () => {
    const raw = await upstreams.websocket();
    const id = await head.act(box, 'UI');
    await raw.say(report(id, 'started'));
    await raw.say(report(id, 'accepted'));
    await until(async () => (await head.action(id)).reports.length === 2, 'both reports');
    expect((await head.action(id)).state).toBe('started');
  });

  it("about nobody's action, another box's, or none are acknowledged, counted, and change nothing", async () => {
    const raw = await upstreams.websocket();
    const foreign = await head.act(head.demo.boxes[1] as DemoBox, 'UI');
    const strays = [report('unknown', 'done'), report(foreign, 'done'), report(null, 'refused')];
    for (const stray of strays) await raw.say(stray);
    await until(() => raw.heard.filter((message) => message.kind === 'ack').length === 3, 'three acks');
    expect(await head.action(foreign)).toMatchObject({ state: 'queued', reports: [] });
    const { body } = await head.call(undefined, '/metrics');
    expect(body).toMatch(/stb_headend_stray_reports_total [1-9]/);
  });

  it('2,000 at once are all stored and acknowledged', async () => {
    const raw = await upstreams.websocket();
    const { token } = head.demo.users.admin;
    const ids: string[] = [];
    for (let volume = 0; volume <= 99; volume++) ids.push(await head.act(box, 'VOLUME', { volume }));
    await until(() => raw.actions().length >= 100, 'a hundred actions');
    const finals = ids.flatMap((id) => Array.from({ length: 20 }, () => report(id, 'done')));
    await Promise.all(finals.map((final) => raw.say(final)));
    await until(() => raw.heard.filter((message) => message.kind === 'ack').length === 2_000, '2,000 acks', 30_000);
    const { body } = await head.call(token, `/stb/v1/actions?box=${box.id}&state=done&type=VOLUME`);
    expect(body.total).toBeGreaterThanOrEqual(100);
  });
});

describe('expiry', () => {
  it('an action that no box has seen expires on time', async () => {
    const expires = new Date(Date.now() + 300).toISOString();
    const id = await head.act(box, 'MESSAGE', { message: 'too late' }, { expires });
    await until(async () => (await head.action(id)).state === 'expired', 'expired');
    const raw = await upstreams.websocket();
    const next = await head.act(box, 'UI');
    await until(() => raw.actions().some((action) => action.id === next), 'the next action');
    expect(raw.actions().map((action) => action.id)).not.toContain(id);
  });
});

describe('one action over several links', () => {
  it('goes over one of them', async () => {
    const socket = await upstreams.websocket();
    const broker = await upstreams.mqtt();
    const id = await head.act(box, 'UI');
    const sentinel = await head.act(box, 'DVB');
    const all = () => [...socket.actions(), ...broker.actions()].map((action) => action.id);
    await until(() => all().includes(sentinel), 'the second action');
    expect(all().filter((one) => one === id)).toHaveLength(1);
  });
});

describe('a restart of the headend', () => {
  it('keeps boxes, tokens, actions and reports, and sends what waits', async () => {
    const done = await head.act(box, 'UI');
    await head.call(box.token, '/stb/v1/reports', { body: report(done, 'done') });
    const waiting = await head.act(box, 'DVB');
    const before = await head.action(done);
    await head.restart();
    expect(await head.action(done)).toEqual(before);
    expect(head.demo.boxes.map(({ id }) => id)).toContain(box.id);
    const raw = await upstreams.mqtt();
    await until(() => raw.actions().some(({ id }) => id === waiting), 'what waited');
  });
});
