/** What a portal hands out, and what it is told: nothing is lost, nothing comes twice, nothing is confirmed too early. */
import { describe, expect, test } from 'vitest';
import type { PortalFault } from '../support/portal-faults.ts';
import { actionsOf, dismissed, openPortal, reportOf, startBox, startConnected } from '../support/portal-upstream.ts';
import { until } from '../support/until.ts';
import type { UpstreamBox } from '../support/upstream-box.ts';

const acks = (box: UpstreamBox) => box.received.filter((text) => text.includes('"kind":"ack"')).length;

describe.concurrent('events', () => {
  test('a burst is fetched in one go and in order, however long the poll interval', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.box.watchdogSeconds = 3_600;
    const ids = Array.from({ length: 20 }, (_, index) => portal.send({ event: 'play_channel', msg: String(index) }));
    const box = startBox(after, portal, { pollFactor: 1 });
    await until(() => actionsOf(box).length === 20);
    expect(actionsOf(box).map(({ id }) => Number(id.split(':')[1]))).toEqual(ids);
    expect(actionsOf(box).map(({ params }) => params.number)).toEqual(ids.map((_, index) => index));
  });

  test('an array in msgs, numbers for strings and empty bodies, as of the panels, are taken', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.panel();
    const id = portal.send({ event: 'send_msg', msg: 'Hello' });
    const box = startBox(after, portal);
    await until(() => actionsOf(box).length > 0);
    expect(actionsOf(box)[0]).toMatchObject({ type: 'MESSAGE', params: { message: 'Hello' } });
    await box.upstream.send(reportOf(actionsOf(box)[0]!.id, dismissed));
    expect(portal.box.queue.find(id)?.confirmed).toBe(true);
    const asked = portal.asked('get_events').length;
    await until(() => portal.asked('get_events').length > asked + 2);
    expect(box.losses).toEqual([]);
  });

  test('a message on the screen is kept back by the portal, which counts it all the same', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    const event = portal.send({ event: 'send_msg', msg: 'Hello' });
    await until(() => actionsOf(box).length > 0);
    const { id } = actionsOf(box)[0]!;
    await box.upstream.send(reportOf(id, { type: 'MESSAGE', state: 'progress', progress: { phase: 'shown' } }));
    const asked = () => portal.asked('get_events').filter(({ params }) => params.event_active_id === String(event));
    await until(() => asked().length > 3);
    expect(box.losses).toEqual([]);
    expect(portal.box.queue.find(event)?.confirmed).toBe(false);
    await box.upstream.send(reportOf(id, dismissed));
    await until(() => portal.asked('get_events').at(-1)?.params.event_active_id === '0');
  });

  test('the same event has the same id each time it comes, another event never has it', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    portal.send({ event: 'send_msg', msg: 'Hello' });
    await until(() => actionsOf(box).length >= 3);
    expect(new Set(actionsOf(box).map(({ id }) => id)).size).toBe(1);
    portal.send({ event: 'reboot' });
    await until(() => actionsOf(box).some(({ type }) => type === 'REBOOT'));
    expect(new Set(actionsOf(box).map(({ id }) => id)).size).toBe(2);
  });

  test('an event that cannot be stored is kept and offered again, and nothing is asked of the portal meanwhile', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    let isFull = true;
    box.store = () => {
      if (isFull) throw new Error('the disk is full');
    };
    portal.send({ event: 'reboot' });
    portal.send({ event: 'reload_portal' });
    await until(() => actionsOf(box).length >= 2);
    expect(actionsOf(box).every(({ type }) => type === 'REBOOT')).toBe(true);
    expect(portal.box.queue.events.map(({ delivered }) => delivered)).toEqual([1, 0]);
    isFull = false;
    await until(() => actionsOf(box).some(({ type }) => type === 'UI'));
  });

  test('the last poll is taken in before the agent stops, and no other follows', async ({ onTestFinished: after }) => {
    const { portal, box } = await startConnected(after);
    portal.slow(200);
    const asked = portal.asked('get_events').length;
    await until(() => portal.asked('get_events').length > asked);
    portal.send({ event: 'reboot' });
    await box.upstream.finishTaking?.();
    expect(actionsOf(box).length).toBe(1);
    const count = portal.asked('get_events').length;
    await box.upstream.stop();
    expect(portal.asked('get_events')).toHaveLength(count);
  });
});

describe.concurrent('confirmations', () => {
  test.for<PortalFault>(['HTTP 500', '{"js":false}', 'a PHP fatal error page', 'no answer at all', 'Access denied.'])(
    '%s: the report is not acknowledged, and is when the portal takes the confirmation',
    async (fault, { onTestFinished: after }) => {
      const { portal, box } = await startConnected(after);
      const event = portal.send({ event: 'send_msg', msg: 'Hello' });
      await until(() => actionsOf(box).length > 0);
      const report = reportOf(actionsOf(box)[0]!.id, dismissed);
      portal.fault(fault, { on: 'confirm_event' });
      await expect(box.upstream.send(report)).rejects.toThrow();
      expect(acks(box)).toBe(0);
      portal.heal();
      await until(() => box.upstream.send(report).then(() => true));
      expect(portal.box.queue.find(event)?.confirmed).toBe(true);
      expect(acks(box)).toBe(1);
    },
  );

  test('an empty body, as panels answer for an event they have forgotten, confirms', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    portal.send({ event: 'send_msg', msg: 'Hello' });
    await until(() => actionsOf(box).length > 0);
    portal.fault('an empty body', { on: 'confirm_event' });
    await box.upstream.send(reportOf(actionsOf(box)[0]!.id, dismissed));
    expect(acks(box)).toBe(1);
  });

  test('reports of others are refused, so that another upstream carries them', async ({ onTestFinished: after }) => {
    const { box } = await startConnected(after);
    await expect(box.upstream.send(reportOf('from-mqtt', {}))).rejects.toMatchObject({ code: 'HEADEND_FAILED' });
    expect(box.upstream.owns?.('from-mqtt')).toBe(false);
    expect(box.upstream.owns?.('ministra:27:command:0123456789ab')).toBe(true);
  });
});
