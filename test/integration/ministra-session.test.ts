/** How the agent gets in at a portal, stays in, and is told why not. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Portal } from '../support/portal.ts';
import { openPortal, startBox, startConnected } from '../support/portal-upstream.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const polled = (portal: Portal, count: number) =>
  until(() => portal.asked('get_events').length >= count, `${count} polls`);

describe.concurrent('getting in', () => {
  test('shakes hands, fetches its profile and polls, as the portal page does', async ({ onTestFinished: after }) => {
    const portal = await openPortal(after);
    const box = startBox(after, portal, { model: 'MAG250', serial: 'SN1', deviceId: 'D1', timezone: 'Europe/Kiev' });
    await until(() => box.connects === 1);
    await polled(portal, 3);
    const [handshake, profile, first, log, second] = portal.requests;
    expect([handshake, profile, first, log, second].map((request) => request?.action)).toEqual([
      ...['handshake', 'get_profile', 'get_events'],
      // What was on before the box started is over.
      ...['log', 'get_events'],
    ]);
    expect(log?.params).toMatchObject({ real_action: 'stop' });
    expect(handshake).toMatchObject({ type: 'stb', params: { token: '', JsHttpRequest: '1-xml' }, token: undefined });
    expect(handshake?.cookies).toEqual({ mac: portal.box.mac, stb_lang: 'en', timezone: 'Europe/Kiev' });
    expect(profile).toMatchObject({
      params: { stb_type: 'MAG250', sn: 'SN1', device_id: 'D1', auth_second_step: '0' },
    });
    expect(profile?.token).toBe(portal.box.token);
    expect(first).toMatchObject({ type: 'watchdog', params: { cur_play_type: '0', event_active_id: '0', init: '1' } });
    expect(first?.token).toBe(portal.box.token);
    expect(second?.params.init).toBe('0');
    expect(box.upstream.status()).toMatchObject({
      state: 'connected',
      url: `${portal.url}server/load.php`,
      detail: 'Ministra portal, a poll every 0.1 s',
    });
  });

  test('a portal that asks for a login gets it, and the profile a second time', async ({ onTestFinished: after }) => {
    const portal = await openPortal(after);
    portal.box.login = { login: 'anna & ben', password: 'p=ss w?rd' };
    const box = startBox(after, portal, { login: 'anna & ben', password: 'p=ss w?rd' });
    await until(() => box.connects === 1);
    expect(portal.requests.slice(0, 4).map(({ action }) => action)).toEqual([
      'handshake',
      'get_profile',
      'do_auth',
      'get_profile',
    ]);
    expect(portal.asked('get_profile')[1]?.params.auth_second_step).toBe('1');
  });

  test('a login that is missing or wrong is said in words, and one that is mended lets the box in', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.box.login = { login: 'anna', password: 'right' };
    const without = startBox(after, portal);
    await until(() => without.upstream.status().lastError);
    expect(without.upstream.status().lastError).toMatch(/asks for a login.*set upstream\.ministra\.login/);
    const wrong = startBox(after, portal, { login: 'anna', password: 'wrong' });
    await until(() => wrong.upstream.status().lastError);
    expect(wrong.upstream.status().lastError).toMatch(/refused the login anna; check/);
    portal.box.login.password = 'wrong';
    await until(() => wrong.connects === 1);
  });
});

describe.concurrent('secrets', () => {
  test('the password is in no error, also where the portal breaks off in the middle of the login', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.box.login = { login: 'anna', password: 'hush-hush' };
    portal.fault('a cut in the middle', { on: 'do_auth' });
    const box = startBox(after, portal, { login: 'anna', password: 'hush-hush' });
    await until(() => box.upstream.status().lastError);
    expect(portal.asked('do_auth').length).toBeGreaterThan(0);
    expect(box.upstream.status().lastError).not.toMatch(/hush-hush|anna|\?/);
  });
});

describe.concurrent('refusals', () => {
  test.for<[string, Record<string, unknown>, RegExp]>([
    ['a foreign MAC address', { status: 1 }, /does not take the MAC address 00:1A:79:00:B0:C5.*begin with 00:1A:79/],
    [
      'old firmware',
      { status: 1, msg: 'old firmware', block_msg: 'Firmware of your STB is outdated.<br>Please update it.' },
      /no firmware as old.*Firmware of your STB is outdated\. Please update it\.; set upstream\.ministra\.version/,
    ],
    [
      'a device conflict',
      { status: 1, msg: 'device conflict - device_id mismatch', block_msg: 'Call us' },
      /knows this box by other ids \(device conflict - device_id mismatch\); set upstream\.ministra\.device_id/,
    ],
    [
      'an unregistered box',
      { status: 1, block_msg: 'Please contact your provider<br>to register this device!' },
      /does not let this box in: Please contact your provider to register this device!/,
    ],
    [
      'a portal that is switched off',
      { status: 1, block_msg: 'The portal is temporarily unavailable', portal_disabled: true },
      /the portal is switched off for now: The portal is temporarily unavailable/,
    ],
    ['access denied', { status: '1', msg: 'access denied' }, /does not let this box in: access denied/],
  ])(
    '%s is told in plain words, and forgotten when the portal lets the box in',
    async ([, refusal, words], { onTestFinished: after }) => {
      const portal = await openPortal(after);
      portal.box.refusal = refusal;
      const box = startBox(after, portal);
      await until(() => box.upstream.status().state === 'waiting');
      expect(box.upstream.status().lastError).toMatch(words);
      expect(box.connects).toBe(0);
      portal.box.refusal = undefined;
      await until(() => box.connects === 1);
    },
  );

  test('a box that the operator has switched off gets its events all the same, and is up when it is switched on again', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    portal.box.disabled = true;
    const id = portal.send({ event: 'send_msg', msg: 'Please pay.' });
    const box = startBox(after, portal);
    await until(() => box.received.length > 0);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(/switched this box off at the portal \(status 1\)/);
    expect(box.connects).toBe(0);
    portal.box.disabled = false;
    await until(() => box.connects === 1);
    expect(portal.box.queue.find(id)?.confirmed).toBe(false);
    expect(portal.asked('handshake')).toHaveLength(1);
  });
});

describe.concurrent('the token', () => {
  test('is kept over a restart: no handshake and no profile while it works', async ({ onTestFinished: after }) => {
    const portal = await openPortal(after);
    const stateFile = join(temporaryDirectory(after), 'ministra.json');
    const before = startBox(after, portal, { stateFile });
    await until(() => before.connects === 1);
    // Else its last request may come in after the stop, and be taken for the next one's first.
    await until(() => portal.box.log.length === 1, 'it to be told what is on');
    await before.upstream.stop();
    const seen = portal.requests.length;
    const later = startBox(after, portal, { stateFile });
    await until(() => later.connects === 1);
    await polled(portal, 4);
    expect(new Set(portal.requests.slice(seen).map(({ action }) => action))).toEqual(new Set(['get_events', 'log']));
    expect(portal.requests[seen]?.params.init).toBe('1');
    expect(later.upstream.status().detail).toBe('Ministra portal, a poll every 0.1 s');
  });

  test('of another portal, or of another MAC address, is not used', async ({ onTestFinished: after }) => {
    const [one, other] = [await openPortal(after), await openPortal(after)];
    const stateFile = join(temporaryDirectory(after), 'ministra.json');
    const before = startBox(after, one, { stateFile });
    await until(() => before.connects === 1);
    await before.upstream.stop();
    const later = startBox(after, other, { stateFile });
    await until(() => later.connects === 1);
    expect(other.asked('handshake')[0]?.params.token).toBe('');
  });

  test('taken over by another device: the box asks for a new one after a while, with the old one in the handshake', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    const box = startBox(after, portal);
    await until(() => box.connects === 1);
    const old = portal.box.token;
    portal.takeOver();
    await until(() => box.losses.length === 1);
    expect(box.losses[0]).toMatch(/withdrawn the token \(Authorization failed\.\); another device/);
    await until(() => box.connects === 2);
    expect(portal.asked('handshake').map(({ params }) => params.token)).toEqual(['', old]);
    expect(portal.box.token).not.toBe(old);
  });

  test('a portal that has forgotten the box is asked for its profile with the same token, which registers it', async ({
    onTestFinished: after,
  }) => {
    const portal = await openPortal(after);
    const stateFile = join(temporaryDirectory(after), 'ministra.json');
    const before = startBox(after, portal, { stateFile });
    await until(() => before.connects === 1);
    await before.upstream.stop();
    portal.box.known = false;
    portal.box.token = undefined;
    const later = startBox(after, portal, { stateFile });
    await until(() => later.connects === 1);
    expect(portal.asked('handshake')).toHaveLength(1);
    expect(portal.asked('get_profile')).toHaveLength(2);
    expect(portal.box.known).toBe(true);
  });

  test('a portal that forgets the box while it polls is asked for its profile, however often it forgets', async ({
    onTestFinished: after,
  }) => {
    const { portal, box } = await startConnected(after);
    for (const times of [1, 2]) {
      const asked = portal.asked('get_events').length;
      await until(() => portal.asked('get_events').length > asked + 1, 'a poll as of a known box');
      portal.box.known = false;
      await until(() => portal.box.known && box.connects === 1 + times, 'the box to be known again');
      expect(portal.asked('get_profile')).toHaveLength(1 + times);
    }
    expect(portal.asked('handshake')).toHaveLength(1);
  });
});
