import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { type Keyboard, keyboardOf } from '../support/keyboard.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** The same work without a mouse: only keys are pressed here, nothing is clicked. */

const undo = undoList();
let site: ConsoleSite;
let view: ConsolePage;
let keyboard: Keyboard;
beforeAll(async () => {
  site = await startConsoleSite({ running: 2, after: undo.after });
  view = await openConsole(site.browser, site.headend.url);
  keyboard = keyboardOf(view.page);
  await view.page.getByLabel('Your token').waitFor();
  await keyboard.type(site.token('admin'));
  await keyboard.press('Enter');
  await view.page.getByRole('heading', { name: 'Fleet' }).waitFor();
}, 120_000);
afterAll(undo.all);

test('sign in, find a box, tick it and send it a volume', async () => {
  const { press, type, tabTo } = keyboard;
  const { page } = view;
  const [box] = site.boxes;
  await press('/');
  await type(box?.name ?? '');
  await expect.poll(() => view.main.locator('.virtual [role=row]').count()).toBe(1);
  await tabTo('Fleet');
  await press(' ');
  await page.getByText('1 box ticked').waitFor();
  await press('g', 'a');
  await page.getByRole('heading', { name: 'Act', level: 1 }).waitFor();
  await tabTo('Message');
  for (let step = 0; step < 5; step++) await press('ArrowDown');
  await page.getByRole('heading', { name: 'Volume' }).waitFor();
  await tabTo('Volume');
  await type('17');
  await press('Enter');
  await until(async () => (await box?.agent.tv.state())?.volume === 17, 'the volume');
});

test('open a box with Enter, press a key of its remote, and find the help with a question mark', async () => {
  const { press, tabTo } = keyboard;
  const { page } = view;
  await press('Escape', 'g', 'f');
  await page.getByRole('heading', { name: 'Fleet' }).waitFor();
  await tabTo('Fleet');
  await press('ArrowDown', 'Enter');
  await page.getByRole('heading', { name: 'The box' }).waitFor();
  await tabTo('Information');
  await press('Enter');
  await until(
    () => site.boxes.some(({ agent }) => agent.events('key').some(({ detail }) => detail?.key === 'INFO')),
    'the key',
  );
  await press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a reboot is confirmed by its number, and a planned action is cancelled', async () => {
  const { press, type, tabTo } = keyboard;
  const { page } = view;
  await view.go(`act?target=box&box=${site.boxes[0]?.id}`);
  await page.reload();
  await tabTo('Message');
  for (let step = 0; step < 8; step++) await press('ArrowDown');
  await page.getByRole('heading', { name: 'Reboot' }).waitFor();
  await tabTo('Now');
  await press('ArrowRight');
  await tabTo(/^Send to 1/);
  await press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await type('1');
  await press('Enter');
  await view.notice('Reboot: asked of 1 box.');
  await press('g', 'l');
  await page.getByRole('heading', { name: 'Actions', level: 1 }).waitFor();
  await page.locator('.fleet-action').first().waitFor();
  await tabTo(/^Reboot/);
  await press('Enter');
  await page.getByRole('heading', { name: 'Reboot', level: 1 }).waitFor();
  await tabTo(/^Cancel 1 not ended/);
  await press('Enter');
  await view.main.locator('.progress-words .cancelled').waitFor({ timeout: 30_000 });
  expectNoProblems(view);
});

const heading = (name: string) => view.page.getByRole('heading', { name, level: 1 }).waitFor();

test('filter the fleet, save the view and choose it again', async () => {
  const { press, type, tabTo } = keyboard;
  const { page } = view;
  await press('g', 'f');
  await heading('Fleet');
  await tabTo('State');
  await press('ArrowDown');
  await expect.poll(() => page.url()).toContain('online=true');
  await tabTo('Save this view');
  await press('Enter');
  await page.getByRole('dialog').waitFor();
  await type('On');
  await press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await tabTo('Clear filters');
  await press('Enter');
  await expect.poll(() => page.url()).not.toContain('online');
  await tabTo('Saved views');
  await press('ArrowDown');
  await expect.poll(() => page.url()).toContain('online=true');
});

test('take a picture, test the speed, and repeat what failed', async () => {
  const { press, type, tabTo } = keyboard;
  const { main } = view;
  const { id, agent } = site.boxes[1]!;
  await view.go(`boxes/${id}`);
  await heading(site.boxes[1]?.name ?? '');
  await tabTo('Take a picture');
  await press('Enter');
  await main.getByRole('img', { name: /The screen of the box/ }).waitFor({ timeout: 60_000 });
  await tabTo('Hour');
  await press('ArrowRight');
  await main.locator('.plots').waitFor();
  await tabTo('Test the speed');
  await press('Enter');
  await main.locator('.speed .figures').getByText('Down').waitFor({ timeout: 60_000 });
  const failed = await site.headend.api.act(id, 'SCRIPT', { script: 'http://127.0.0.1:1/none.sh' });
  await site.headend.api.reached(failed, 'failed');
  await tabTo('Repeat Run script');
  await press('Enter');
  await view.page.getByRole('dialog').waitFor();
  await type('1');
  await press('Enter');
  await until(
    async () => (await site.headend.api.actionsOf(id)).filter((action) => action.type === 'SCRIPT').length === 2,
    'the script to be asked for again',
  );
  expect(agent.events('screenshot')).toHaveLength(1);
});

test('write a message, record keys, pick a channel, and copy the line for the shell', async () => {
  const { press, type, tabTo } = keyboard;
  const { page, main } = view;
  const { id, agent } = site.boxes[1]!;
  const send = async () => {
    await main.getByText('1 box', { exact: true }).waitFor();
    await tabTo(/^Send to 1/);
    await press('Enter');
  };
  await view.go(`act?target=box&box=${id}&type=MESSAGE`);
  await tabTo('Text');
  await type('Keys only');
  await send();
  await until(() => agent.events('message').length > 0, 'the message');
  await tabTo('The same as a command');
  await press('Enter');
  await tabTo('Copy');
  await press('Enter');
  expect(await page.evaluate('navigator.clipboard.readText()')).toContain('"message":"Keys only"');

  await view.go(`act?target=box&box=${id}&type=EMULATEKEYS`);
  await tabTo('Record from my keyboard');
  await press('Enter');
  await press('ArrowDown', 'r', 'Tab');
  await send();
  await until(() => agent.events('key').some(({ detail }) => detail?.key === 'RED'), 'the red key');

  await view.go(`act?target=box&box=${id}&type=PLAYCHANNEL`);
  await tabTo('Number or name');
  await type('Harbour Two');
  await expect.poll(() => main.locator('.channel').count()).toBe(1);
  await press('Tab', ' ');
  await send();
  await until(() => agent.events('play').length > 0, 'the channel to play', 60_000);
});

test('a time that is half typed stays a time, and nothing is sent before it is whole', async () => {
  const { press, focused, tabTo } = keyboard;
  const { page, main } = view;
  const { id } = site.boxes[1]!;
  const asked = async () => (await site.headend.api.actionsOf(id)).filter(({ type }) => type === 'UI').length;
  await view.go(`act?target=box&box=${id}&type=UI`);
  await tabTo('Now');
  await press('ArrowRight');
  await tabTo('When');
  const when = await page.getByLabel(/^When/).inputValue();
  await press('Backspace');
  expect(await main.getByRole('radio', { name: 'At a time' }).isChecked()).toBe(true);
  expect(await focused()).toMatch(/^When/);
  await tabTo(/^Send/);
  await press('Enter');
  await expect.poll(focused).toMatch(/^When/);
  await page.getByLabel(/^When/).fill(when);
  await page.getByLabel('Spread, minutes').fill('-5');
  await tabTo(/^Send/);
  await press('Enter');
  await expect.poll(focused).toMatch(/^Spread/);
  await page.getByLabel('Spread, minutes').fill('');
  expect(await asked()).toBe(0);
  await tabTo(/^Send to 1/);
  await press('Enter');
  await view.notice('Reload interface: asked of 1 box.');
  expect(await asked()).toBe(1);
});

test('pair a box', async () => {
  const { press, type, tabTo } = keyboard;
  const { page, main } = view;
  const reserved = await fetch(`${site.headend.url}/iptv/app/reservecode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ deviceId: 'by-keys', type: 'STB', model: 'SIM250', mac: '00:1A:79:AA:BB:02' }),
  });
  const { code } = (await reserved.json()) as { code: string };
  await press('Escape', 'g', 'p');
  await heading('Pair a box');
  await tabTo('Code');
  await type(code);
  await tabTo('Name (optional)');
  await type('Room 778');
  await press('Enter');
  await main.getByRole('link', { name: 'Room 778' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('make a group, a user, a channel and a package, and read of it in who did what', async () => {
  const { press, type, tabTo } = keyboard;
  const { page, main } = view;
  const dialog = page.getByRole('dialog');
  const make = async (button: string, fields: Record<string, string>) => {
    await tabTo(button);
    await press('Enter');
    await dialog.waitFor();
    for (const [field, text] of Object.entries(fields)) {
      if (!(await dialog.getByLabel(field, { exact: true }).evaluate('(it) => it === document.activeElement')))
        await tabTo(field);
      await type(text);
    }
    await press('Enter');
  };
  await press('Escape', 'g', 'o');
  await heading('Groups');
  await make('New group', { Name: 'By keys' });
  await main.getByRole('row', { name: /By keys/ }).waitFor();
  await dialog.waitFor({ state: 'detached' });

  await press('g', 'u');
  await heading('Users and tokens');
  await make('New user', { Name: 'Kay Board' });
  await dialog.locator('.token').waitFor();
  await press('Escape');
  await main.getByRole('row', { name: /Kay Board/ }).waitFor();

  await press('g', 'c');
  await heading('Channels and packages');
  await make('New channel', { Number: '57', Name: 'Key Channel' });
  await main.getByRole('row', { name: /Key Channel/ }).waitFor();
  await dialog.waitFor({ state: 'detached' });
  await make('New package', { Name: 'Key Package' });
  await main.getByRole('row', { name: /Key Package/ }).waitFor();
  await dialog.waitFor({ state: 'detached' });

  await press('g', 'w');
  await heading('Who did what');
  await press('/');
  await type('Kay Board');
  await main.getByRole('cell', { name: 'Made a user' }).waitFor();
  await expect.poll(() => main.locator('.audit tbody tr').count()).toBe(1);
  expectNoProblems(view);
});
