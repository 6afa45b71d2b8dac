import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { cleanHtml } from '../../agent/message-html.ts';
import { loadCanvas } from '../../platform/drivers/simulator/screen/canvas.ts';
import { layOutMessage } from '../../platform/drivers/simulator/screen/message-layout.ts';
import { createMeasure } from '../../platform/drivers/simulator/screen/paragraph.ts';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** The form that asks boxes for something: what it says before anything is sent. */

const undo = undoList();
let site: ConsoleSite;
let view: ConsolePage;
let provoked: RegExp | undefined;

beforeAll(async () => {
  site = await startConsoleSite({ running: 1, known: 4, after: undo.after });
}, 120_000);
afterAll(undo.all);

beforeEach(async () => {
  provoked = undefined;
  view = await openConsole(site.browser, site.headend.url);
  await view.signIn(site.token('admin'));
});
afterEach(async () => {
  expectNoProblems(view, provoked);
  await view.context.close();
});

test('a message is previewed in the lines and the type sizes in which the box draws it', async () => {
  const brush = (await loadCanvas())?.createCanvas(1, 1).getContext('2d');
  if (brush === undefined) throw new Error('the drawing library is not installed');
  const line = 'The pool closes at ten today, and opens again at eight in the morning.<br>';
  const messages = [
    'Lunch is ready.',
    "<h1>Hi</h1>it's<ul><li>one</li><li>two</li></ul>",
    `<b></b>${'<i></i>'.repeat(40)}Short, however long its markup is.`,
    'x<noscript>shown</noscript><textarea>dropped</textarea> <i>a<b>b</i>c</b>',
    line.repeat(4),
    line.repeat(40),
  ];
  await view.go('act?target=all&type=MESSAGE');
  for (const message of messages) {
    const { text } = layOutMessage(await cleanHtml(message), createMeasure(brush));
    const drawn = text.runs.map((run) => `${run.text} ${run.look.size} ${run.look.bold ? 700 : 400} ${run.y}`);
    await view.page.getByLabel('Text').fill(message);
    await expect.poll(previewed).toEqual(drawn);
  }
});

/** The runs of the preview: text, size, weight and baseline. */
function previewed(): Promise<string[]> {
  return view.main
    .locator('.tv-text text')
    .evaluateAll((runs: { textContent: string; getAttribute(name: string): string }[]) =>
      runs.map((run) =>
        [run.textContent, ...['font-size', 'font-weight', 'y'].map((of) => run.getAttribute(of))].join(' '),
      ),
    );
}

/** A local time as the field for it takes it, so many minutes from now. */
function minutesAhead(minutes: number): string {
  const date = new Date(Date.now() + minutes * 60_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

test('a time that has passed is said beside its field, and nothing is sent', async () => {
  const { page, main } = view;
  const [box] = site.boxes;
  await view.go(`act?target=box&box=${box?.id}&type=DVB`);
  const asked = (await site.headend.api.actionsOf(box?.id ?? '')).length;
  await main.getByText('At a time').click();
  await main.getByLabel(/^When \(/).fill(minutesAhead(-90));
  await main.getByText('This has passed. Choose a later time, or Now.').waitFor({ timeout: 10_000 });
  await main.getByRole('button', { name: /^Send/ }).click();
  const focused = () => page.evaluate('document.activeElement.type');
  await expect.poll(focused).toBe('datetime-local');
  await main.getByLabel(/^When \(/).fill(minutesAhead(600 * 24 * 60));
  await main.getByText('This lies more than 366 days ahead.').waitFor();
  await main.getByLabel(/^When \(/).fill(minutesAhead(90));
  await main.getByLabel('Not after (optional)').fill(minutesAhead(60));
  await main.getByText('This lies before it begins.').waitFor();
  await main.getByText('Now', { exact: true }).click();
  await main.getByText('1 box', { exact: true }).waitFor();
  await main.getByLabel('Not after (optional)').fill(minutesAhead(-1));
  await main.getByText('This has passed.', { exact: true }).waitFor();
  await main.getByRole('button', { name: /^Send/ }).click();
  // The wrong field gets the focus a moment later, and would get what is typed.
  await expect.poll(focused).toBe('datetime-local');
  await main.getByLabel('Spread, minutes (optional)').fill('9999');
  await main.getByText('Expected a number of minutes up to 1,440 (a day).').waitFor();
  expect(await page.locator('.notice').count()).toBe(0);
  expect((await site.headend.api.actionsOf(box?.id ?? '')).length).toBe(asked);
});

test('what would reach no box is not sent, and the reason is said', async () => {
  const { page, main } = view;
  const made = await fetch(`${site.headend.url}/iptv/devicegroup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token('owner')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Empty yet' }),
  });
  const { _id: group } = (await made.json()) as { _id: string };
  await view.go(`act?target=group&group=${group}&type=REBOOT`);
  await main.getByText('It would reach no box.').waitFor({ timeout: 10_000 });
  expect(await main.getByRole('button', { name: /^Send/ }).isDisabled()).toBe(true);
  await view.go('act?target=filter&q=nothing-like-this&type=UI');
  await main.getByText('It would reach no box.').waitFor();
  expect(await main.getByRole('button', { name: /^Send/ }).isDisabled()).toBe(true);
  await view.go('act?target=boxes&type=UI');
  await main.getByText('Choose first whom it is for.').waitFor();
  expect(await main.getByRole('button', { name: /^Send/ }).isDisabled()).toBe(true);
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('the number of boxes that a restart asks for follows the group while it is asked', async () => {
  const call = (path: string, body: object) =>
    fetch(`${site.headend.url}/iptv/devicegroup${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.token('owner')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((answer) => answer.json() as Promise<{ _id: string }>);
  const [first, second] = site.headend.demo.boxes;
  const group = await call('', { name: 'That grows' });
  await call(`/${group._id}/device`, { devices: [first?.id] });
  await view.go(`act?target=group&group=${group._id}&type=REBOOT`);
  await view.main.getByText('1 box', { exact: true }).waitFor();
  await view.main.getByRole('button', { name: /^Send/ }).click();
  const dialog = view.page.getByRole('dialog');
  await dialog.getByLabel(/the number of boxes, 1,/).fill('1');
  await call(`/${group._id}/device`, { devices: [second?.id] });
  await dialog.getByLabel(/the number of boxes, 2,/).waitFor({ timeout: 15_000 });
  expect(await dialog.getByRole('button', { name: 'Reboot' }).isDisabled()).toBe(true);
  await view.page.keyboard.press('Escape');
});

test('how many are off or would be skipped moves while boxes come and go', async () => {
  const { main } = view;
  const { id, agent } = site.boxes[0]!;
  await view.go(`act?target=box&box=${id}&type=CHANNELS`);
  await main.getByText('1 box', { exact: true }).waitFor();
  expect(await main.getByText(/^1 off/).count()).toBe(0);
  await agent.kill();
  await main.getByText('1 off, for which it waits').waitFor();
  const waiting = await site.headend.api.act(id, 'CHANNELS');
  await main.getByText('1 skipped, the same waits already').waitFor({ timeout: 15_000 });
  await site.headend.api.cancel(waiting);
  await main.getByText(/^1 skipped/).waitFor({ state: 'detached', timeout: 15_000 });
  await agent.start();
  await main.getByText(/^1 off/).waitFor({ state: 'detached' });
});

test('a number that is half typed is said to be none, and is not sent as if it were blank', async () => {
  const { page, main } = view;
  const [box] = site.boxes;
  await view.go(`act?target=box&box=${box?.id}&type=MESSAGE`);
  await page.getByLabel('Text').fill('Lunch');
  await main.getByLabel('Seconds on the screen').pressSequentially('1e');
  await main.getByRole('button', { name: /^Send/ }).click();
  await main.getByText('Expected a number.').waitFor({ timeout: 10_000 });
  expect(await page.locator('.notice').count()).toBe(0);
});

test('a message in which no text is left is refused at its field', async () => {
  const { page, main } = view;
  await view.go('act?target=all&type=MESSAGE');
  await page.getByLabel('Text').fill('<b> </b><script>alert(1)</script>');
  await main.getByRole('button', { name: /^Send/ }).click();
  await main.getByText('Without what the box takes out, no text is left.').waitFor({ timeout: 10_000 });
  expect(await page.locator('.notice').count()).toBe(0);
});

test('the text that may go with a video is called optional', async () => {
  await view.go('act?target=all&type=VIDEO');
  await view.main.getByLabel('Text (optional)').waitFor({ timeout: 10_000 });
});

test('a sequence of keys that is full says so', async () => {
  const { page, main } = view;
  await view.go('act?target=all&type=EMULATEKEYS');
  await main.getByRole('button', { name: 'Record from my keyboard' }).click();
  for (let count = 0; count < 201; count++) await page.keyboard.press('ArrowDown');
  await main.getByText('That is all: a sequence has at most 200 keys.').waitFor({ timeout: 10_000 });
  expect(await main.locator('.sequence button').count()).toBe(200);
});

test('a group that is gone is called so, before and after sending', async () => {
  const { main } = view;
  await view.go('act?target=group&group=gone&type=UI');
  const gone = 'A box or group that was chosen is not there any more, or not yours.';
  await main.getByText(gone).waitFor({ timeout: 10_000 });
  await main.getByRole('button', { name: 'Send' }).click();
  await view.notice(`Reload interface: ${gone}`);
  provoked = /status of 404/;
});

test('in a small window what has the focus, and what is said of it, is not below the bar that sends', async () => {
  const { page, main } = view;
  await page.setViewportSize({ width: 360, height: 640 });
  await view.go('act?target=all&type=MESSAGE');
  const field = page.getByLabel('Text');
  await field.fill(' ');
  await main.getByRole('button', { name: 'Send' }).click();
  const topOf = async (part: Locator) => (await part.boundingBox())?.y ?? 0;
  const bar = main.locator('.sending');
  await expect.poll(async () => (await topOf(main.getByText('Fill this in.'))) < (await topOf(bar)) - 10).toBe(true);
  const covered = await page.evaluate(
    `[...document.querySelectorAll('.act-form :is(input, select)')].filter((field) => {
      const said = document.getElementById(field.getAttribute('aria-describedby')) ?? field;
      // It stands at the edge of the window, where the bar is.
      document.querySelector('main').scrollBy(0, field.getBoundingClientRect().bottom - innerHeight);
      document.activeElement.blur();
      field.focus();
      const { top } = document.querySelector('.sending').getBoundingClientRect();
      return [field, said].some((part) => part.getBoundingClientRect().bottom > top);
    }).map((field) => field.outerHTML)`,
  );
  expect(covered).toEqual([]);
});

test('the line for the shell is copied over plain HTTP too, where the browser has no clipboard to write to', async () => {
  const { page, main } = view;
  await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await page.reload();
  await view.go('act?target=all&type=JS');
  await main.getByText('The same as a command').click();
  await main.getByRole('button', { name: 'Copy' }).click();
  await main.getByRole('button', { name: 'Copied' }).waitFor({ timeout: 10_000 });
  await main.locator('#param-js').focus();
  await page.keyboard.press('Control+V');
  expect(await main.locator('#param-js').inputValue()).toMatch(/^curl -X POST .*"type":"JS"/);
});

test('a filter offers what the boxes have, and keeps what its address names though none has it now', async () => {
  const { main } = view;
  await view.go('act?target=filter&type=UI&firmware=9.9.9');
  await main.getByText('It would reach no box.').waitFor();
  const firmware = main.getByRole('combobox', { name: 'Firmware' });
  expect(await firmware.inputValue()).toBe('9.9.9');
  await firmware.selectOption('any');
  await main.getByRole('combobox', { name: 'Upstream' }).selectOption('mqtt');
  await main.getByText('1 box', { exact: true }).waitFor();
});
