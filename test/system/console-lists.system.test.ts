import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** Users, groups, channels, packages and pairing: what is made, changed and deleted on the page. */

const undo = undoList();
let site: ConsoleSite;
beforeAll(async () => {
  site = await startConsoleSite({ running: 0, known: 5, after: undo.after });
}, 120_000);
afterAll(undo.all);

async function signedIn(role: Parameters<ConsoleSite['token']>[0]): Promise<ConsolePage> {
  const view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token(role));
  return view;
}

test('a user made on the page signs in with the token that is shown once, has another role when it is changed, until it is deleted', async () => {
  const view = await signedIn('admin');
  const { page, main } = view;
  await view.go('users');
  await main.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Nina Night');
  await page.getByRole('dialog').getByLabel('Customer').selectOption('Harbour Hotel');
  await page.getByRole('button', { name: 'Save' }).click();
  const token = (await page.getByRole('dialog').locator('.token').textContent()) ?? '';
  const other = await openConsole(site.browser, site.headend.url);
  await other.signIn(token);
  await other.page.getByText('Nina Night').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  const row = main.getByRole('row', { name: /Nina Night/ });
  await row.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('Manager');
  await page.getByRole('dialog').getByLabel('Name').fill('Nina Dawn');
  await page.getByRole('button', { name: 'Save' }).click();
  const changed = main.getByRole('row', { name: /Nina Dawn Manager Harbour Hotel/ });
  await changed.waitFor();
  await other.page.reload();
  await other.page.getByText('Nina Dawn').waitFor();
  await other.page.getByRole('link', { name: 'Act', exact: true }).waitFor();
  await changed.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await changed.waitFor({ state: 'detached' });
  await other.page.reload();
  await other.page.getByLabel('Your token').waitFor();
  expectNoProblems(view);
  await view.context.close();
  await other.context.close();
});

test('the last administrator cannot give its role up', async () => {
  const view = await signedIn('admin');
  const { page, main } = view;
  await view.go('users');
  await main.getByRole('row', { name: /you/ }).getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('Owner');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('It is the last ADMIN: make another one first').waitFor();
  expectNoProblems(view, /status of 409/);
  await view.context.close();
});

test('a group is made, filled, renamed and deleted', async () => {
  const view = await signedIn('owner');
  const { page, main } = view;
  await view.go('groups');
  await main.getByRole('button', { name: 'New group' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('First floor');
  await page.getByRole('button', { name: 'Save' }).click();
  const row = main.getByRole('row', { name: /First floor/ });
  await row.getByRole('button', { name: 'Boxes…' }).click();
  await page.getByRole('dialog').getByRole('checkbox').first().check();
  await page.getByRole('dialog').getByRole('searchbox').fill('nothing like this');
  await page.getByRole('dialog').getByText('No box matches').waitFor({ timeout: 10_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await row.getByRole('cell', { name: '1', exact: true }).waitFor();
  await row.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Ground floor');
  await page.getByRole('button', { name: 'Save' }).click();
  const renamed = main.getByRole('row', { name: /Ground floor/ });
  await renamed.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await renamed.waitFor({ state: 'detached' });
  expectNoProblems(view);
  await view.context.close();
});

test('a name that another group of the customer has is refused beside its field', async () => {
  const view = await signedIn('owner');
  const { page, main } = view;
  await view.go('groups');
  await main.getByRole('button', { name: 'New group' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('hotel rooms ');
  await dialog.getByText('There is a group “Hotel rooms” already.').waitFor({ timeout: 10_000 });
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await main
    .getByRole('row', { name: /Hotel rooms/ })
    .getByRole('button', { name: 'Change' })
    .click();
  await dialog.getByLabel('Name').fill('Hotel Rooms');
  expect(await dialog.getByRole('button', { name: 'Save' }).isEnabled()).toBe(true);
  expectNoProblems(view);
  await view.context.close();
});

test('a channel and a package are made and deleted', async () => {
  const view = await signedIn('admin');
  const { page, main } = view;
  await view.go('channels');
  await main.getByRole('button', { name: 'New channel' }).click();
  await page.getByRole('dialog').getByLabel('Number').fill('55');
  await page.getByRole('dialog').getByLabel('Name').fill('Chess Live');
  await page
    .getByRole('dialog')
    .getByLabel('Stream', { exact: false })
    .first()
    .fill('https://stream.example/chess.m3u8');
  await page.getByRole('button', { name: 'Save' }).click();
  const channel = main.getByRole('row', { name: /Chess Live/ });
  await channel.waitFor();
  await main.getByRole('button', { name: 'New package' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Thinkers');
  await page
    .getByRole('dialog')
    .getByLabel(/Chess Live/)
    .check();
  await page.getByRole('button', { name: 'Save' }).click();
  const made = main.getByRole('row', { name: /Thinkers/ });
  await made.getByRole('cell', { name: '1', exact: true }).waitFor();
  for (const row of [made, channel]) {
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
  }
  expectNoProblems(view);
  await view.context.close();
});

test('a box that shows a code is paired by it, and is in the fleet', async () => {
  const reserve = () =>
    fetch(`${site.headend.url}/iptv/app/reservecode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ deviceId: 'box-of-the-test', type: 'STB', model: 'SIM250', mac: '00:1A:79:AA:BB:01' }),
    }).then((answer) => answer.json() as Promise<{ code: string; token?: string; _id?: string }>);
  const { code } = await reserve();
  const view = await signedIn('owner');
  await view.go('pair');
  await view.page.getByLabel('Code').fill('ZZZZ');
  await view.page.getByRole('button', { name: 'Pair', exact: true }).click();
  await view.page.getByRole('alert').waitFor();
  await view.page.getByLabel('Code').fill(code.toLowerCase());
  await view.page.getByLabel('Name (optional)').fill('Room 777');
  await view.page.getByRole('button', { name: 'Pair', exact: true }).click();
  await view.main.getByRole('link', { name: 'Room 777' }).click();
  await view.page.getByRole('heading', { name: 'Room 777' }).waitFor();
  await view.go('fleet?q=777');
  await view.main.getByRole('row', { name: /Room 777.*never/ }).waitFor({ timeout: 10_000 });
  await until(async () => (await reserve()).token !== undefined, 'the box to be given its token');
  expectNoProblems(view, /404/);
  await view.context.close();
});

test('a long name without a space is broken where a narrow window ends, and nothing beside it is cut off', async () => {
  const { api, url, demo } = site.headend;
  const name = 'Wonderful-and-extraordinary'.replaceAll('-', '').repeat(4);
  const [box] = demo.boxes;
  for (const path of [`/iptv/device/${box?.id}`, `/iptv/devicegroup/${demo.groups.business}`]) {
    await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
  }
  await api.act(box?.id ?? '', 'CHANNELS');
  const view = await openConsole(site.browser, url, { width: 360 });
  await view.signIn(site.token('admin'));
  for (const screen of ['groups', 'actions?by=box']) {
    await view.go(screen);
    await view.main.getByRole('link', { name }).first().waitFor();
    const cut = await view.main
      .locator('.card, .action-line')
      .evaluateAll((all: { scrollWidth: number; clientWidth: number; className: string }[]) =>
        all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className),
      );
    expect([screen, cut]).toEqual([screen, []]);
  }
  expectNoProblems(view);
  await view.context.close();
});

test('an administrator who replaces its own token is shown the new one, and goes on with it', async () => {
  const made = await fetch(`${site.headend.url}/stb/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada Alone', role: 'ADMIN', customer: null }),
  });
  const { token: old } = (await made.json()) as { token: string };
  const view = await openConsole(site.browser, site.headend.url);
  const { page, main } = view;
  await view.signIn(old);
  await view.go('users');
  await main
    .getByRole('row', { name: /Ada Alone/ })
    .getByRole('button', { name: 'New token' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'New token' }).click();
  const token = (await dialog.locator('.token').textContent({ timeout: 10_000 })) ?? '';
  expect(token).not.toBe(old);
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await page.reload();
  await main
    .getByRole('row', { name: /Ada Alone/ })
    .getByText('you')
    .waitFor();
  const other = await openConsole(site.browser, site.headend.url);
  await other.signIn(token);
  expectNoProblems(view);
  expectNoProblems(other);
  await view.context.close();
  await other.context.close();
});
