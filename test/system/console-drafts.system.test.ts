import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** What stands in the forms when the headend ends the session. */

const undo = undoList();
let site: ConsoleSite;
let user: { id: string; token: string };
let view: ConsolePage;

beforeAll(async () => {
  site = await startConsoleSite({ running: 0, known: 4, after: undo.after });
}, 120_000);
afterAll(undo.all);

beforeEach(async () => {
  user = await post('/stb/v1/users', { name: 'Tom', role: 'OWNER', customer: site.headend.demo.customers.business });
  view = await openConsole(site.browser, site.headend.url);
  await view.signIn(user.token);
});

async function post<T>(path: string, body: object = {}): Promise<T> {
  const answer = await fetch(site.headend.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as T;
}

/** Ends the session by a new token, and resolves with that. */
async function endSession(): Promise<string> {
  const { token } = await post<{ token: string }>(`/stb/v1/users/${user.id}/token`);
  await view.page.getByText('Your session has ended.').waitFor();
  return token;
}

async function signInAgain(token: string): Promise<void> {
  await view.page.getByLabel('Your token').fill(token);
  await view.page.getByRole('button', { name: 'Sign in' }).click();
  await view.page.getByRole('navigation').waitFor();
}

async function closeView(): Promise<void> {
  expectNoProblems(view, /401/);
  await view.context.close();
}

test('what was typed in Act, and the ticked boxes, are there when the same user is back', async () => {
  const { page, main } = view;
  await main.getByRole('checkbox').nth(1).check();
  await main.getByRole('button', { name: 'Act on them' }).click();
  await page.getByLabel('Text').fill('Half a mess');
  await main.getByText('At a time').click();
  await main.getByLabel('Spread, minutes (optional)').fill('7');
  const when = await main.getByLabel(/^When \(/).inputValue();
  const token = await endSession();
  await signInAgain(token);
  await main.getByText('1 box', { exact: true }).waitFor({ timeout: 15_000 });
  expect(await page.getByLabel('Text').inputValue()).toBe('Half a mess');
  expect(await main.getByLabel(/^When \(/).inputValue()).toBe(when);
  expect(await main.getByLabel('Spread, minutes (optional)').inputValue()).toBe('7');
  const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage])');
  expect(kept).not.toContain('Half a mess');
  await closeView();
});

test('what was typed is gone for another user, and after signing out', async () => {
  const { page } = view;
  await view.go('act?target=all&type=MESSAGE');
  await page.getByLabel('Text').fill('Mine alone');
  const token = await endSession();
  await signInAgain(site.token('manager'));
  expect(await page.getByLabel('Text').inputValue()).toBe('');
  for (const text of ['', 'Signed out']) {
    await page.getByLabel('Text').fill(text);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signInAgain(token);
    expect(await page.getByLabel('Text').inputValue()).toBe('');
  }
  await closeView();
});

test('a rollout and a group that were half filled in are there when the same user is back', async () => {
  const { page, main } = view;
  await post(`/stb/v1/users/${user.id}`, { name: 'Tom', role: 'ADMIN', customer: null });
  await page.reload();
  await view.go('rollouts/new?target=all');
  await main.getByLabel('Address of the image').fill('https://firmware.example/2.bundle');
  await main.getByLabel('Waves, in percent').fill('5, 50, 100');
  await signInAgain(await endSession());
  await expect
    .poll(() => main.getByLabel('Address of the image').inputValue(), { timeout: 10_000 })
    .toBe('https://firmware.example/2.bundle');
  expect(await main.getByLabel('Waves, in percent').inputValue()).toBe('5, 50, 100');
  await view.go('groups');
  await main.getByRole('button', { name: 'New group' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Second fl');
  await signInAgain(await endSession());
  await expect.poll(() => page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('Second fl');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await main.getByRole('button', { name: 'New group' }).click();
  expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('');
  await closeView();
});
