/** Who did what: every call of every API that changes something is written down, by whom and how it ended, and nobody reads another's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { operationsOf } from '../fuzz/operations.ts';
import { type AppSite, openAppSite } from '../support/app-site.ts';
import { startHeadendProcess } from '../support/headend-process.ts';
import { openRest } from '../support/ministra-rest.ts';
import { until } from '../support/until.ts';

let site: AppSite;
let admin: string;
let box: DemoBox;
beforeAll(async () => {
  site = await openAppSite();
  admin = site.admin;
  box = site.box;
});
afterAll(() => site.close());

const audit = async (query = '', token = admin) => (await site.call(token, `/stb/v1/audit?${query}`)).body;
/** The newest entry. */
const last = async () => (await audit('limit=1')).items[0];
const user = (role: 'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller') => site.demo.users[role].token;

describe('an entry', () => {
  test('says of an action who asked, for what, of how many boxes, and how it ended', async () => {
    const { body: me } = await site.call(user('owner'), '/stb/v1/session');
    await site.call(user('owner'), '/stb/v1/actions', {
      body: { boxes: [box.id], type: 'MESSAGE', params: { message: 'Dinner' }, spread: 3 },
    });
    expect(await last()).toMatchObject({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      who: {
        kind: 'user',
        id: me.user.id,
        name: me.user.name,
        role: 'OWNER',
        fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
        address: '127.0.0.1',
      },
      call: 'POST /stb/v1/actions',
      type: 'MESSAGE',
      target: `Room 101 (${box.id})`,
      given: { params: { message: 'Dinner' }, spread: 3 },
      status: 200,
      outcome: { boxes: 1, skipped: 0 },
    });
  });

  test.each(['GET', 'HEAD', 'POST'])('is made of the group action of Telecom X by %s', async (method) => {
    const query = `?group=${site.demo.groups.business}&type=VOLUME&volume=5&token=${admin}`;
    const body = method === 'POST' ? { group: site.demo.groups.business, type: 'VOLUME', volume: 6 } : undefined;
    await site.call(admin, `/iptv/device/action${method === 'POST' ? '' : query}`, { method, body });
    const entry = await last();
    expect(entry).toMatchObject({
      call: `${method} /iptv/device/action`,
      type: 'VOLUME',
      target: expect.stringContaining(`(${site.demo.groups.business})`),
      status: 200,
    });
    expect(JSON.stringify(entry)).not.toContain(admin);
  });

  test('is made of a call that was refused, with what was wrong', async () => {
    await site.call(user('viewer'), '/stb/v1/actions', { body: { all: true, type: 'REBOOT' } });
    expect(await last()).toMatchObject({
      who: { role: 'VIEWER' },
      type: 'REBOOT',
      target: 'ALL',
      status: 403,
      outcome: { error: 'access_denied: Insufficient access level' },
    });
    await site.call(admin, '/stb/v1/users', { body: { name: '', role: 'ADMIN' } });
    expect(await last()).toMatchObject({ call: 'POST /stb/v1/users', status: 422, outcome: { error: 'name' } });
  });

  test('is made of what billing asks by Ministra’s API, with Ministra’s error', async () => {
    const rest = openRest(site);
    await rest('POST', `send_event/${box.mac}`, 'event=reboot');
    expect(await last()).toMatchObject({
      who: { kind: 'billing', name: site.demo.ministra.login, role: null },
      call: 'POST /stalker_portal/api/v1/send_event',
      target: box.mac,
      given: { event: 'reboot' },
      status: 200,
      outcome: {},
    });
    await rest('POST', 'send_event/00:00:00:00:00:00', 'event=reboot');
    expect(await last()).toMatchObject({ outcome: { error: 'STB not found' } });
    const before = (await audit()).total;
    await rest('GET', 'stb');
    await rest('PUT', `stb/${box.mac}`, 'status=1', { authorization: 'Basic bm86bm8=' });
    expect((await audit()).total).toBe(before);
  });

  test('is made of a device that signs in and out, and of what it does to others', async () => {
    const { body } = await site.login('a-tablet', { name: 'Tablet' });
    expect(await last()).toMatchObject({
      who: { kind: 'box', id: body._id, name: 'Tablet', fingerprint: null },
      call: 'POST /iptv/app/login',
      given: { username: site.account.username, password: '…', deviceId: '…' },
      status: 200,
      outcome: { id: body._id },
    });
    await site.call(body.token, `/iptv/app/device/${body._id}/name?name=Slate`);
    expect(await last()).toMatchObject({ call: 'GET /iptv/app/device/:device/name', given: { name: 'Slate' } });
    await site.call(body.token, '/iptv/app/logout');
    expect(await last()).toMatchObject({ who: { kind: 'box', id: body._id }, call: 'GET /iptv/app/logout' });
  });

  test('names a box only to whom may see it', async () => {
    const other = site.demo.boxes.find(({ customer }) => customer === site.demo.customers.private) as DemoBox;
    await site.call(user('owner'), `/iptv/device/${other.id}/action?type=REBOOT`);
    expect(await last()).toMatchObject({ target: other.id, status: 404 });
  });

  test('says which proxy a call came through, and for whom', async () => {
    await site.call(admin, '/stb/v1/pair', { body: {}, headers: { 'x-forwarded-for': '192.0.2.7' } });
    expect((await last()).who.address).toBe('192.0.2.7 via 127.0.0.1');
  });
});

test('every operation that changes something makes one, with its outcome there when its answer is', async () => {
  const unseen: string[] = [];
  for (const { method, path, isForBoxes } of await operationsOf(site.headend.url)) {
    if (isForBoxes || ['GET', 'HEAD'].includes(method) || path.endsWith('/preview')) continue;
    const { status } = await site.call(admin, path.replace(/\{\w+\}/g, 'f'.repeat(24)), { method, body: {} });
    const entry = await last();
    if (entry.call !== `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}` || entry.status !== status)
      unseen.push(`${method} ${path}: ${status}, the last entry is ${entry.call}: ${entry.status}`);
  }
  expect(unseen).toEqual([]);
});

test('reading, previews, heartbeats and calls of nobody leave none', async () => {
  const before = (await audit()).total;
  await site.call(admin, '/stb/v1/boxes');
  await site.call(admin, '/stb/v1/actions/preview', { body: { all: true, type: 'UI' } });
  await site.call(box.token, '/iptv/app/heartbeat', { body: {} });
  expect((await site.call('not-a-token', '/stb/v1/actions', { body: { all: true, type: 'UI' } })).status).toBe(401);
  expect((await site.login('a-phone', { password: 'wrong' })).status).toBe(401);
  expect((await audit()).total).toBe(before);
});

test('no token and no password is in it, whoever used one', async () => {
  const made = (await site.call(admin, '/stb/v1/users', { body: { name: 'Nina', role: 'ADMIN' } })).body;
  await site.call(undefined, '/stb/v1/session', { body: { token: made.token } });
  await site.call(admin, `/stb/v1/users/${made.id}/token`, { method: 'POST' });
  await site.call(admin, '/iptv/drm', {
    body: { customer: site.demo.customers.private, username: 'minnie', password: 'a-password-of-minnie' },
  });
  await openRest(site)('POST', 'accounts', 'login=minnie&password=a-password-of-minnie&account_number=77');
  await site.call(admin, '/stb/v1/actions', {
    body: { boxes: [box.id], type: 'FIRMWARE', params: { firmware: 'https://me:pass@f.example/a?sig=signed' } },
  });
  const said = JSON.stringify((await audit('limit=500')).items);
  expect(said).toContain('https://…@f.example/a?…');
  const secrets = [admin, made.token, 'a-password-of-minnie', 'me:pass', 'sig=signed', site.account.password];
  for (const secret of [...secrets, box.token, site.phone.token, site.demo.ministra.password])
    expect(said).not.toContain(secret);
  const files = readdirSync(site.dataDir).filter((file) => file.startsWith('headend.db'));
  for (const file of files) expect(readFileSync(join(site.dataDir, file)).includes('a-password-of-minnie')).toBe(false);
});

describe('who reads it', () => {
  test('is found by text, user, token, type and time, page by page', async () => {
    await site.call(user('reseller'), '/stb/v1/actions', { body: { boxes: [box.id], type: 'SPEEDTEST' } });
    const { who, at } = await last();
    expect((await audit(`user=${who.id}&type=SPEEDTEST`)).total).toBe(1);
    expect((await audit(`fingerprint=${who.fingerprint}&limit=1`)).items[0].who.id).toBe(who.id);
    expect((await audit('q=speedtest')).items[0].type).toBe('SPEEDTEST');
    expect((await audit(`from=${at}&q=room%20101`)).items[0].type).toBe('SPEEDTEST');
    expect((await audit('to=2020-01-01T00:00:00Z')).total).toBe(0);
    const [first, second] = [await audit('limit=1'), await audit('limit=1&offset=1')];
    expect(first.items[0].id).toBeGreaterThan(second.items[0].id);
    expect((await site.call(admin, '/stb/v1/audit?from=yesterday')).status).toBe(422);
  });

  test('is an OWNER of its customer, a RESELLER also of those below, an ADMIN of all, and nobody else', async () => {
    for (const role of ['viewer', 'manager'] as const)
      expect((await site.call(user(role), '/stb/v1/audit')).status).toBe(403);
    expect((await site.call(box.token, '/stb/v1/audit')).status).toBe(403);
    expect((await site.call(undefined, '/stb/v1/audit')).status).toBe(401);
    for (const role of ['viewer', 'manager', 'owner', 'privateOwner', 'reseller'] as const)
      await site.call(user(role), '/stb/v1/session', { body: {} });
    await site.call(admin, '/stb/v1/session', { body: {} });
    const roles = async (token: string) => {
      const { items } = await audit('q=/stb/v1/session&limit=500', token);
      return [...new Set(items.map(({ who }: { who: { role: string } }) => who.role))].sort();
    };
    expect(await roles(user('owner'))).toEqual(['MANAGER', 'OWNER', 'VIEWER']);
    expect(await roles(user('privateOwner'))).toEqual(['OWNER']);
    expect(await roles(user('reseller'))).toEqual(['MANAGER', 'OWNER', 'RESELLER', 'VIEWER']);
    expect(await roles(admin)).toEqual(['ADMIN', 'MANAGER', 'OWNER', 'RESELLER', 'VIEWER']);
    const { body } = await site.call(user('privateOwner'), '/stb/v1/session');
    const customers = (await audit('limit=500', user('privateOwner'))).items.filter(
      ({ who }: { who: { kind: string; id: string } }) => who.kind === 'user' && who.id !== body.user.id,
    );
    expect(customers).toEqual([]);
  });
});

test('a headend that is killed at any moment has written down whatever it has done', async () => {
  const headend = await startHeadendProcess({ after: onTestFinished });
  const target = headend.demo.boxes[0] as DemoBox;
  const ask = (volume: number) => headend.api.act(target.id, 'VOLUME', { volume }).catch(() => undefined);
  const asked = Array.from({ length: 60 }, (_, volume) => ask(volume));
  await until(async () => (await headend.api.actionsOf(target.id)).length > 0, 'the first action');
  await headend.kill();
  await Promise.all(asked);
  await headend.start();
  const done = await headend.api.actionsOf(target.id);
  const answer = await headend.api.get('/stb/v1/audit?type=VOLUME&limit=500');
  const { items } = (await answer.json()) as { items: { given: { params: { volume: number } } }[] };
  const written = items.map(({ given }) => given.params.volume);
  expect(done.length).toBeGreaterThan(0);
  expect(written).toEqual(expect.arrayContaining(done.map(({ params }) => params.volume)));
});
