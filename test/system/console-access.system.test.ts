import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** Who sees and may do what, in the page and behind it. */

const undo = undoList();
let site: ConsoleSite;
beforeAll(async () => {
  site = await startConsoleSite({ running: 1, known: 5, after: undo.after });
}, 120_000);
afterAll(undo.all);

async function signedIn(role: Parameters<ConsoleSite['token']>[0]): Promise<ConsolePage> {
  const view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token(role));
  return view;
}
const sections = (view: ConsolePage) => view.page.getByRole('navigation').getByRole('link').allTextContents();

test('a wrong token is told, and the page shows nothing before there is a right one', async () => {
  const view = await openConsole(site.browser, site.headend.url);
  await view.page.getByLabel('Your token').fill('not-a-token');
  await view.page.getByRole('button', { name: 'Sign in' }).click();
  await view.page.getByRole('alert').getByText('does not know this token').waitFor();
  expect(await view.page.getByRole('navigation').count()).toBe(0);
  expectNoProblems(view, /401/);
  await view.context.close();
});

test('the token is in a cookie that no script reads, and a page without it gets nothing', async () => {
  const view = await signedIn('admin');
  const [cookie] = await view.context.cookies();
  expect(cookie).toMatchObject({ name: 'token', httpOnly: true, sameSite: 'Strict' });
  expect(
    await view.page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)'),
  ).not.toContain(site.token('admin'));
  await view.context.clearCookies();
  const { id } = site.boxes[0]!;
  const lists = [
    'fleet',
    'boxes',
    'actions',
    'fleet-actions',
    'rollouts',
    'events',
    'users',
    'groups',
    'channels',
    'audit',
  ];
  for (const path of [...lists, `boxes/${id}`, `boxes/${id}/telemetry/history`, 'customers']) {
    expect(await view.page.evaluate(`fetch('/stb/v1/${path}').then((answer) => answer.status)`)).toBe(401);
  }
  await view.page.reload();
  await view.page.getByLabel('Your token').waitFor();
  expectNoProblems(view, /401/);
  await view.context.close();
});

test('signing out ends the session in the browser', async () => {
  const view = await signedIn('manager');
  await view.page.getByRole('button', { name: 'Sign out' }).click();
  await view.page.getByLabel('Your token').waitFor();
  await view.page.reload();
  await view.page.getByLabel('Your token').waitFor();
  expect(await view.context.cookies()).toEqual([]);
  expectNoProblems(view);
  await view.context.close();
});

test('a VIEWER sees its customer, and is offered nothing that acts or changes', async () => {
  const view = await signedIn('viewer');
  expect(await sections(view)).not.toEqual(expect.arrayContaining(['Act']));
  expect(await sections(view)).not.toEqual(expect.arrayContaining(['Users']));
  expect(await view.main.getByRole('checkbox').count()).toBe(0);
  await view.go(`boxes/${site.boxes[0]?.id}`);
  expect(await view.main.getByRole('button', { name: 'Reboot', exact: true }).count()).toBe(0);
  expect(await view.main.locator('.remote').count()).toBe(0);
  const { api } = site.headend;
  const waiting = await api.act(
    site.boxes[0]?.id ?? '',
    'UI',
    {},
    { when: new Date(Date.now() + 3_600_000).toISOString() },
  );
  const attempts: [method: string, path: string, body?: object][] = [
    ['POST', '/stb/v1/actions', { all: true, type: 'REBOOT' }],
    ['GET', `/iptv/device/${site.boxes[0]?.id}/action?type=REBOOT`],
    ['DELETE', `/stb/v1/actions/${waiting}`],
    ['POST', `/stb/v1/actions/${waiting}/repeat`],
    ['DELETE', `/stb/v1/fleet-actions/${waiting}`],
    ['POST', `/stb/v1/fleet-actions/${waiting}/repeat`],
    ['POST', '/stb/v1/pair', { code: 'AAAA' }],
    ['POST', '/iptv/devicegroup', { name: 'Mine' }],
    ['GET', '/stb/v1/audit'],
    ['GET', '/stb/v1/users'],
  ];
  for (const [method, path, body] of attempts) {
    const init = { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
    const call = `fetch(${JSON.stringify(path)}, ${JSON.stringify(init)}).then((answer) => answer.status)`;
    expect([path, await view.page.evaluate(call)]).toEqual([path, 403]);
  }
  expect((await api.action(waiting)).state).not.toBe('cancelled');
  await api.cancel(waiting);
  expectNoProblems(view, /403/);
  await view.context.close();
});

test.each([
  ['viewer', ['act?target=all', 'pair', 'users', 'audit', 'rollouts/new?target=all']],
  ['manager', ['users', 'audit', 'rollouts/new?target=all']],
  ['owner', ['users', 'rollouts/new?target=all']],
  ['reseller', ['users']],
] as const)('a %s who types the address of a screen that its role may not use is told so', async (role, addresses) => {
  const view = await signedIn(role);
  for (const address of addresses) {
    await view.page.goto(`${site.headend.url}/#/${address}`);
    await view.main.getByText('Not for your role').waitFor({ timeout: 10_000 });
    await view.page.goto(`${site.headend.url}/#/nowhere`);
    await view.main.getByText('There is no such page').waitFor();
  }
  expectNoProblems(view);
  await view.context.close();
});

test('a type that a role may not use is named where its address is typed', async () => {
  const view = await signedIn('manager');
  await view.go('act?target=all&type=SCRIPT');
  await view.main.getByText('Your role may not use Run script.').waitFor({ timeout: 10_000 });
  await view.main.getByRole('radio', { name: 'Reboot' }).check();
  expect(await view.main.getByText('Your role may not use').count()).toBe(0);
  expectNoProblems(view);
  await view.context.close();
});

test('who did what is shown to an OWNER for its own customer, by user and by token, and not to a MANAGER', async () => {
  const manager = await signedIn('manager');
  expect(await sections(manager)).not.toContain('Who did what');
  await manager.go(`boxes/${site.boxes[0]?.id}`);
  await manager.main.getByRole('button', { name: 'Reload interface', exact: true }).click();
  await manager.notice('Reload interface');
  const { demo } = site.headend;
  await fetch(`${site.headend.url}/iptv/devicegroup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${site.token('privateOwner')}` },
    body: JSON.stringify({ name: 'Of the others' }),
  });

  const view = await signedIn('owner');
  await view.go('audit');
  const row = view.main.getByRole('row', { name: /Asked boxes: Reload interface/ }).first();
  await row.getByText('Room 101').waitFor();
  await row.getByText('1 box').waitFor();
  expect(await view.main.getByText('Of the others').count()).toBe(0);
  await row.getByRole('button', { name: demo.users.manager.name }).click();
  await view.main.getByText(`Only ${demo.users.manager.name}`).waitFor();
  await expect.poll(() => view.main.getByRole('button', { name: demo.users.owner.name }).count()).toBe(0);
  await view.main.getByRole('button', { name: 'Show everybody' }).click();
  await view.main
    .getByRole('button', { name: /^token / })
    .first()
    .click();
  await view.main.getByText(/^Only token /).waitFor();
  await view.main.getByRole('searchbox').fill('no such thing');
  await view.main.getByText('Nothing found').waitFor();
  await view.main.getByLabel('Type of action').selectOption('Volume');
  expect(view.page.url()).toContain('type=VOLUME');
  expectNoProblems(manager);
  expectNoProblems(view);
  await manager.context.close();
  await view.context.close();
});

test('a picture of a screen is not shown to a role that may not take one', async () => {
  const { api, url } = site.headend;
  const { artifact } = await api.reached(await api.act(site.boxes[0]?.id ?? '', 'SCREENSHOT'));
  const look = async (role: Parameters<ConsoleSite['token']>[0]) =>
    (await fetch(url + artifact?.url, { headers: { authorization: `Bearer ${site.token(role)}` } })).status;
  expect([await look('viewer'), await look('manager'), await look('reseller'), await look('admin')]).toEqual([
    403, 403, 200, 200,
  ]);
});

test('a MANAGER sees one customer only, and is offered the types of its role', async () => {
  const view = await signedIn('manager');
  const { demo } = site.headend;
  const mine = demo.boxes.filter(({ customer }) => customer === demo.customers.business);
  await expect.poll(() => view.main.locator('.virtual [role=row]').count()).toBe(mine.length);
  const theirs = demo.boxes.find(({ customer }) => customer !== demo.customers.business);
  await view.page.goto(`${site.headend.url}/#/boxes/${theirs?.id}`);
  await view.main.getByText('There is no such box').waitFor();
  await view.go('act?target=all&type=SCRIPT');
  expect(await view.main.getByRole('radio', { name: 'Run script' }).count()).toBe(0);
  expect(await view.main.getByRole('radio', { name: 'Reboot' }).count()).toBe(1);
  await view.main.getByRole('radio', { name: 'Reload interface' }).check();
  await view.main.getByText(`${mine.length} boxes`).waitFor();
  expectNoProblems(view, /404/);
  await view.context.close();
});

test('a page whose session has ended says so and asks for the token, without a reload', async () => {
  const headers = { authorization: `Bearer ${site.token('admin')}` };
  const made = await fetch(`${site.headend.url}/stb/v1/users`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Tom', role: 'MANAGER', customer: site.headend.demo.customers.business }),
  });
  const { id, token } = (await made.json()) as { id: string; token: string };
  const view = await openConsole(site.browser, site.headend.url);
  await view.signIn(token);
  await fetch(`${site.headend.url}/stb/v1/users/${id}`, { method: 'DELETE', headers });
  await view.page.getByText('Your session has ended.').waitFor();
  await view.page.getByLabel('Your token').fill(site.token('viewer'));
  await view.page.getByRole('button', { name: 'Sign in' }).click();
  await view.page.getByText('Vera Viewer').waitFor();
  await view.page.getByRole('button', { name: 'Sign out' }).click();
  await view.page.getByText('The headend prints').waitFor();
  expectNoProblems(view, /401/);
  await view.context.close();
});

test('one entry of who did what is one entry', async () => {
  await fetch(`${site.headend.url}/iptv/devicegroup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token('owner')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Written once' }),
  });
  const view = await signedIn('admin');
  await view.go('audit?q=Written%20once');
  await view.main.getByText('1 entry', { exact: true }).waitFor({ timeout: 10_000 });
  expectNoProblems(view);
  await view.context.close();
});

test('a headend that does not answer ends no session', async () => {
  const view = await signedIn('viewer');
  await view.page.route('**/stb/v1/session', (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  await view.page.reload();
  await view.page.getByText('The headend answered 502.').waitFor();
  await view.page.unroute('**/stb/v1/session');
  await view.page.getByRole('button', { name: 'Try again' }).click();
  await view.page.getByText('Vera Viewer').waitFor();
  expectNoProblems(view, /502/);
  await view.context.close();
});

test('a screen that was opened while the headend was away shows itself when it is back', async () => {
  const view = await signedIn('admin');
  const { page, main } = view;
  await site.headend.kill();
  await main.getByText('The connection to the headend is lost.').waitFor();
  await page.goto(`${site.headend.url}/#/groups`);
  await main.getByText('Hotel rooms').waitFor();
  await page.goto(`${site.headend.url}/#/channels`);
  await main.getByText('The headend cannot be reached.').waitFor();
  await site.headend.start();
  await main.getByText('Harbour One').waitFor();
  expectNoProblems(view, /ERR_/);
  await view.context.close();
});

test('a headend that hangs, or a network that swallows everything, is not called live', async () => {
  const view = await signedIn('admin');
  const { main } = view;
  const pid = site.headend.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    await main.getByText('The connection to the headend is lost.').waitFor();
    const ends = await Promise.all(
      ['.side', '.pulse'].map(async (of) => {
        const box = await view.page.locator(of).first().boundingBox();
        return (box?.x ?? 0) + (box?.width ?? 0);
      }),
    );
    expect(ends[1]).toBeLessThan(ends[0] ?? 0);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await main.getByText('The connection to the headend is lost.').waitFor({ state: 'detached' });
  expectNoProblems(view, /ERR_/);
  await view.context.close();
});

test('a screen that failed before the page was ever live shows itself when it is', async () => {
  const view = await openConsole(site.browser, site.headend.url);
  const { page, main } = view;
  const away = /\/stb\/v1\/(events|channels|packages)/;
  await page.route(away, (route) => route.abort());
  await view.signIn(site.token('admin'));
  await view.go('channels');
  await main.getByText('The headend cannot be reached.').first().waitFor();
  await page.unroute(away);
  await main.getByText('Harbour One').waitFor({ timeout: 30_000 });
  expectNoProblems(view, /ERR_FAILED/);
  await view.context.close();
});
