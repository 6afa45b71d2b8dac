import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageFaults } from '../support/axe.ts';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** What stands where on a screen: columns, headings, names, and what a form says of its fields. */

const undo = undoList();
let site: ConsoleSite;

beforeAll(async () => {
  site = await startConsoleSite({ running: 0, known: 4, after: undo.after });
}, 120_000);
afterAll(undo.all);

async function signedIn(role: Parameters<ConsoleSite['token']>[0], width = 1440): Promise<ConsolePage> {
  const view = await openConsole(site.browser, site.headend.url, { width });
  await view.signIn(site.token(role));
  return view;
}

async function done(view: ConsolePage, provoked?: RegExp): Promise<void> {
  expectNoProblems(view, provoked);
  await view.context.close();
}

test('a box that was chosen has its name in the form that acts, after a reload too', async () => {
  const view = await signedIn('admin');
  const [box] = site.headend.demo.boxes;
  await view.go(`act?target=box&box=${box?.id}`);
  await view.page.reload();
  await view.main
    .locator('.target')
    .getByText(box?.name ?? '')
    .waitFor();
  await done(view);
});

test.each([740, 800, 900, 960, 1060, 1440])(
  'at %i pixels the whole of each line of the fleet is in sight',
  async (width) => {
    const view = await signedIn('admin', width);
    await view.main.locator('.virtual .line').first().waitFor();
    expect(
      await view.main
        .locator('.grid')
        .evaluate((grid: { scrollWidth: number; clientWidth: number }) => grid.scrollWidth - grid.clientWidth),
    ).toBe(0);
    const texts = await view.main.locator('.virtual .line').first().locator('.c-name, .c-action, .c-seen').all();
    for (const cell of texts) expect(await cell.isVisible()).toBe(true);
    await done(view);
  },
);

test('on a phone each line of the fleet says how busy, how full and how warm the box is', async () => {
  const view = await signedIn('admin', 360);
  const line = view.main.locator('.virtual .line').first();
  await line.waitFor();
  const bottom = await bottomOf(line);
  for (const cell of await line.locator('.c-cpu, .c-memory, .c-temperature').all()) {
    expect(await cell.isVisible()).toBe(true);
    expect(await bottomOf(cell)).toBeLessThanOrEqual(bottom);
  }
  await done(view);
});

test('a viewer who comes where it may not finds a heading that says so', async () => {
  const view = await signedIn('viewer');
  for (const path of ['act', 'users', 'pair', 'rollouts/new']) {
    await view.page.goto(`${site.headend.url}/#/${path}`);
    await view.main.getByText('Not for your role').waitFor();
    expect(await view.main.getByRole('heading', { level: 1 }).allTextContents(), path).toEqual(['Not for your role']);
    expect(await pageFaults(view.page, path)).toEqual([]);
  }
  await done(view);
});

test('in the boxes of a rollout nothing stands over a name, however narrow the window is', async () => {
  const body = { all: true, firmware: 'http://127.0.0.1:1/2.bundle', waves: [50, 100], gate: 95 };
  const made = await fetch(`${site.headend.url}/stb/v1/rollouts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { id } = (await made.json()) as { id: string };
  const view = await signedIn('admin', 360);
  await view.go(`rollouts/${id}`);
  const line = view.main.locator('.members tbody tr').first();
  const [name, wave] = [await line.locator('a').boundingBox(), await line.locator('td').nth(1).boundingBox()];
  if (name === null || wave === null) throw new Error('there is no line');
  expect(wave.x >= name.x + name.width || wave.y >= name.y + name.height).toBe(true);
  await done(view);
});

test('what the headend refuses of a form stands at its field, under no other name', async () => {
  const view = await signedIn('admin');
  const dialog = view.page.getByRole('dialog');
  await view.go('channels');
  await view.main.getByRole('button', { name: 'New channel' }).click();
  await dialog.getByLabel('Number').fill('77');
  await dialog.getByLabel('Name').fill('Sea View');
  const refused = async (field: RegExp, value: string, says: string) => {
    await dialog.getByLabel(field).fill(value);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog
      .locator('label', { has: view.page.locator('[aria-invalid=true]') })
      .getByText(says)
      .waitFor();
    expect(
      await dialog
        .getByLabel(field)
        .evaluate((input: object) => input === Reflect.get(globalThis, 'document').activeElement),
    ).toBe(true);
    expect(await dialog.getByRole('alert').count()).toBe(1);
    await dialog.getByLabel(field).fill('');
    expect(await dialog.locator('[aria-invalid=true]').count()).toBe(0);
  };
  await refused(/^Stream(?!s)/, 'foo', 'Expected a URL: http, https, udp, rtp, received "foo"');
  await refused(/^Streams on site/, 'udp://239.1.1.1:1\nfoo', 'Line 2: Expected a URL');
  await refused(/^Tuner/, '{', 'The tuner parameters are not JSON.');
  await refused(/^Tuner/, '{"freq":[1]}', 'freq: Invalid type');
  await done(view, /422/);
});

test('a second channel of a number, and a second package of a name, are told before they are made', async () => {
  const view = await signedIn('admin');
  const dialog = view.page.getByRole('dialog');
  await view.go('channels');
  await view.main.getByRole('button', { name: 'New channel' }).click();
  await dialog.getByLabel('Number').fill('1');
  await dialog.getByText('Harbour One has this number already.').waitFor();
  await dialog.getByLabel('It is a radio channel').check();
  expect(await dialog.getByText('has this number already').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await view.main.getByRole('button', { name: 'New package' }).click();
  await dialog.getByLabel('Name').fill('basic');
  await dialog.getByText('There is a package “Basic” already.').waitFor();
  await done(view);
});

test('firmware for a box that is in a rollout can be sent, and the form says what it would disturb', async () => {
  const view = await signedIn('admin');
  await view.go('act?target=all&type=FIRMWARE');
  await view.main.getByText(/boxes in a rollout under way, which another image disturbs: 2\.bundle/).waitFor();
  expect(await view.main.getByRole('button', { name: /^Send to / }).isEnabled()).toBe(true);
  await done(view);
});

test('all packages and all rollouts are listed, however many there are', async () => {
  const headers = { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' };
  const ask = async <T>(path: string, init: RequestInit = {}) =>
    (await (await fetch(site.headend.url + path, { headers, ...init })).json()) as T;
  const post = (path: string, body: object = {}) =>
    ask<{ id: string }>(path, { method: 'POST', body: JSON.stringify(body) });
  const before = await ask<{ items: { id: string }[] }>('/stb/v1/rollouts');
  for (const { id } of before.items) await post(`/stb/v1/rollouts/${id}/stop`);
  for (let number = 1; number <= 501; number++) await post('/iptv/package', { name: `Zone ${number}` });
  for (let number = 1; number <= 101; number++) {
    const image = { name: `Build ${number}`, firmware: 'http://127.0.0.1:1/3.bundle', waves: [100], gate: 95 };
    const { id } = await post('/stb/v1/rollouts', { ...image, boxes: [site.headend.demo.boxes[0]?.id] });
    await post(`/stb/v1/rollouts/${id}/stop`);
  }
  const view = await signedIn('admin');
  await view.go('channels');
  await view.main.getByText('Zone 99', { exact: true }).waitFor();
  await view.go('rollouts');
  await view.main.getByText('Build 1', { exact: true }).waitFor();
  await done(view);
});

/** Where something ends on the page. */
const bottomOf = (of: Locator): Promise<number> =>
  of.evaluate((element: { getBoundingClientRect(): { bottom: number } }) => element.getBoundingClientRect().bottom);
