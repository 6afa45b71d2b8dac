/** Every awkward answer of a portal, by its name: the agent says what it is, and comes back by itself. */
import { describe, expect, test } from 'vitest';
import type { PortalFault } from '../support/portal-faults.ts';
import { actionsOf, openPortal, startBox, startConnected } from '../support/portal-upstream.ts';
import { until } from '../support/until.ts';

const whilePolling: [PortalFault, RegExp][] = [
  ['Unauthorized request.', /cannot tell who asks \(Unauthorized request\.\); check the MAC address/],
  ['Access denied.', /gives this box nothing but events \(Access denied\.\)/],
  ['Identification failed', /does not know this box \(Identification failed\)/],
  ['a PHP fatal error page', /the portal's own code failed at watchdog get_events: Fatal error : Uncaught exception/],
  ['a login page', /a web page answers watchdog get_events, not a portal \(Hotel Wi-Fi Please log in\)/],
  ['{"js":false}', /does not know watchdog get_events, or failed at it: it answered \{"js":false\}/],
  ['{"js":null}', /it answered \{"js":null\}/],
  ['half of the JSON', /the answer to watchdog get_events is no portal's: it starts/],
  ['text that is no JSON', /it starts "OK"/],
  ['a number', /it starts "7"/],
  ['HTTP 500', /answered 500, an error of its own/],
  ['HTTP 502', /answered 502, an error of its own/],
  ['HTTP 404', /no such path at the server \(404\); check the URL/],
  ['a cut in the middle', /./],
  ['no answer at all', /no complete answer within 1 s/],
];

describe.concurrent('while it polls', () => {
  test.for(whilePolling)(
    '%s: said in words; the next good answer counts, without a handshake',
    async ([fault, words], { onTestFinished: after }) => {
      const { portal, box } = await startConnected(after);
      portal.fault(fault, { on: 'get_events' });
      await until(() => box.losses.length === 1, 'the loss');
      expect(box.losses[0]).toMatch(words);
      expect(box.upstream.status().lastError).toMatch(words);
      portal.heal();
      const id = portal.send({ event: 'reboot' });
      await until(() => box.connects === 2, 'the second connection');
      await until(() => actionsOf(box).some((action) => action.id.includes(`:${id}:`)));
      expect(portal.asked('handshake')).toHaveLength(1);
    },
  );

  test('an empty body is nothing new', async ({ onTestFinished: after }) => {
    const { portal, box } = await startConnected(after);
    portal.fault('an empty body', { on: 'get_events' });
    const asked = portal.asked('get_events').length;
    await until(() => portal.asked('get_events').length > asked + 3);
    expect(box.losses).toEqual([]);
    portal.heal();
    portal.send({ event: 'reboot' });
    await until(() => actionsOf(box).length === 1);
  });

  test('Authorization failed., once and for no reason: a new token, and the portal is as before', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    portal.fault('Authorization failed.', { on: 'get_events', times: 1 });
    await until(() => box.connects === 2, 'the second connection');
    expect(portal.asked('handshake')).toHaveLength(2);
  });

  test('a slow portal is waited for', async ({ onTestFinished: after }) => {
    const { portal, box } = await startConnected(after);
    portal.slow(400);
    portal.send({ event: 'reboot' });
    portal.send({ event: 'reload_portal' });
    await until(() => actionsOf(box).length === 2);
    expect(box.losses).toEqual([]);
  });

  test('msgs without an event, from a portal that lets the box in, is nothing', async ({ onTestFinished: after }) => {
    const { portal, box } = await startConnected(after);
    portal.fault('msgs without an event', { on: 'get_events' });
    await until(() => box.connects === 2, 'it to be let in once more');
    const asked = portal.asked('get_events').length;
    await until(() => portal.asked('get_events').length > asked + 3);
    expect(actionsOf(box)).toEqual([]);
    expect(box.losses).toHaveLength(1);
    expect(portal.asked('get_profile')).toHaveLength(2);
  });

  test('a portal that goes away and comes back finds the box with the same token', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    portal.fault('a cut in the middle');
    await until(() => box.upstream.status().state === 'waiting');
    portal.heal();
    await until(() => box.connects === 2);
    expect(portal.asked('handshake')).toHaveLength(1);
  });
});

describe.concurrent('while it is let in', () => {
  test.for<[PortalFault, string, RegExp]>([
    ['a PHP fatal error page', 'handshake', /own code failed at stb handshake/],
    ['an empty body', 'handshake', /answered stb handshake with an empty body/],
    ['{"js":false}', 'handshake', /does not know stb handshake/],
    ['{"js":false}', 'get_profile', /does not know stb get_profile/],
    ['an empty body', 'get_profile', /answered stb get_profile with an empty body/],
    ['HTTP 500', 'get_profile', /answered 500/],
    ['a login page', 'get_profile', /not a portal/],
  ])('%s at %s: said in words, and tried again', async ([fault, on, words], { onTestFinished: after }) => {
    const portal = await openPortal(after);
    portal.fault(fault, { on });
    const box = startBox(after, portal);
    await until(() => box.upstream.status().lastError);
    expect(box.upstream.status().lastError).toMatch(words);
    portal.heal();
    await until(() => box.connects === 1);
  });

  test('a time zone that the portal fails at is not named again', async ({ onTestFinished: after }) => {
    const portal = await openPortal(after);
    portal.fault('a PHP fatal error page', { on: 'handshake', times: 1 });
    const box = startBox(after, portal, { timezone: 'Europe/Kyiv' });
    await until(() => box.connects === 1);
    const zones = portal.asked('handshake').map(({ cookies }) => cookies.timezone);
    expect(zones).toEqual(['Europe/Kyiv', undefined]);
  });

  test('a time zone that neither the box nor the portal knows does not keep the box from polling', async ({
    onTestFinished: after,
  }) => {
    const { portal } = await startConnected(after, { timezone: 'Mars/Olympus' });
    portal.box.profile = { default_timezone: 'Moon/Tycho' };
    const asked = portal.asked('get_events').length;
    await until(() => portal.asked('get_events').length > asked + 2);
  });

  test('a profile with an unknown zone, absurd figures and numbers as strings is lived with', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.box.profile = { default_timezone: 'Mars/Olympus', watchdog_timeout: 'soon', timeslot: '-4', status: 0 };
    const box = startBox(after, portal, { pollFactor: 0.05 });
    await until(() => box.connects === 1);
    expect(box.upstream.status().detail).toBe('Ministra portal, a poll every 6 s');
  });
});
