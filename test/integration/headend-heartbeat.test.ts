/** The heartbeat and the reports over plain HTTP, as a box on that upstream uses them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openTestHeadend, poll, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 3 });
});
afterAll(() => head.close());

const isOnline = async ({ id }: DemoBox): Promise<boolean> =>
  (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${id}`)).body.online;

describe('the heartbeat', () => {
  it('answers with what waits, which is off the queue then', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const id = await head.act(second, 'VOLUME', { volume: 30 });
    const { body } = await poll(head, second, { cpuUsage: '7.5', uptime: 60 });
    expect(body.success).toBe(true);
    expect(body.actions).toContainEqual({ v: 1, kind: 'action', id, type: 'VOLUME', params: { volume: 30 } });
    expect((await poll(head, second)).body.actions).toEqual([]);
    const view = (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${second.id}`)).body;
    expect(view).toMatchObject({ online: true, upstream: 'heartbeat' });
    expect(view.telemetry).toMatchObject({ cpuPercent: 7.5, uptimeSeconds: 60 });
  });

  it('leaves them queued with noEvents', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const id = await head.act(second, 'VOLUME', { volume: 31 });
    const ids = async (body: object) =>
      (await poll(head, second, body)).body.actions.map((one: { id: string }) => one.id);
    expect(await ids({ noEvents: true })).toContain(id);
    expect((await head.action(id)).state).toBe('queued');
    expect(await ids({ noEvents: true })).toContain(id);
    expect(await ids({})).toContain(id);
    expect(await ids({})).not.toContain(id);
  });

  it('with Prefer: wait answers as soon as an action is made', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const polling = poll(head, second, {}, 40);
    await until(() => isOnline(second), 'the poll to be open');
    const id = await head.act(second, 'VOLUME', { volume: 32 });
    const { headers, body } = await polling;
    expect(headers.get('preference-applied')).toBe('wait=40');
    expect(body.actions.map((one: { id: string }) => one.id)).toEqual([id]);
  });

  it('with Prefer: wait answers empty when the time is out', async () => {
    const { body, headers } = await poll(head, head.demo.boxes[2] as DemoBox, {}, 1);
    expect(headers.get('preference-applied')).toBe('wait=1');
    expect(body).toEqual({ success: true, actions: [] });
  });

  it('holds at most 55 seconds, and nothing without the preference', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    await head.act(second, 'VOLUME', { volume: 33 });
    expect((await poll(head, second, {}, 3600)).headers.get('preference-applied')).toBe('wait=55');
    expect((await poll(head, second)).headers.get('preference-applied')).toBeNull();
  });

  it('carries a cancel for what the box has got', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const id = await head.act(second, 'VOLUME', { volume: 34 });
    await poll(head, second);
    await head.call(head.demo.users.admin.token, `/stb/v1/actions/${id}`, { method: 'DELETE' });
    expect((await poll(head, second)).body.actions).toContainEqual({ v: 1, kind: 'cancel', id });
  });

  it('takes hello and telemetry of the box protocol in its body', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const telemetry = { v: 1, kind: 'telemetry', at: new Date().toISOString(), volume: 44 };
    const { status } = await poll(head, second, { hello: hello(second, { firmware: '9.9.9' }), telemetry });
    expect(status).toBe(200);
    const view = (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${second.id}`)).body;
    expect(view).toMatchObject({ firmware: '9.9.9', telemetry: { volume: 44 } });
    const bad = await poll(head, second, { hello: { v: 2 } });
    expect(bad).toMatchObject({ status: 422, body: { message: 'hello' } });
  });

  it('takes a list of reports, and says which are stored and which cannot be read', async () => {
    const second = head.demo.boxes[1] as DemoBox;
    const id = await head.act(second, 'VOLUME', { volume: 35 });
    const good = [report(id, 'started'), report(id, 'done')];
    const { body } = await head.call(second.token, '/stb/v1/reports', { body: [...good, { v: 1, kind: 'nonsense' }] });
    expect(body.acks).toEqual(good.map((one) => one.report));
    expect(body.refused).toMatchObject([{ index: 2 }]);
    expect((await head.action(id)).state).toBe('done');
  });
});
