import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ConsolePage, expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** The console by the mouse: a real headend, real agents, Debian's Chromium. */

const undo = undoList();
let site: ConsoleSite;
let view: ConsolePage;
let provoked: RegExp | undefined;

beforeAll(async () => {
  site = await startConsoleSite({ running: 3, known: 6, after: undo.after });
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

const first = () => site.boxes[0]!;

test('the fleet shows every box, and searches, filters and sorts in the URL', async () => {
  const { page, main } = view;
  await main.getByText('3 of 6 online').waitFor();
  expect(await main.locator('.virtual [role=row]').count()).toBe(6);
  await main.getByRole('searchbox').fill(first().name);
  await expect.poll(() => main.locator('.virtual [role=row]').count()).toBe(1);
  expect(page.url()).toContain(`q=${first().name.replace(' ', '+')}`);
  await main.getByRole('button', { name: 'Clear filters' }).click();
  await main.getByLabel('State').selectOption('online');
  await expect.poll(() => main.locator('.virtual [role=row]').count()).toBe(3);
  await main.getByRole('button', { name: 'Box', exact: true }).click();
  expect(page.url()).toContain('sort=-name');
  const names = () => main.locator('.virtual .c-name a').allTextContents();
  const before = await names();
  await page.reload();
  await expect.poll(names).toEqual(before);
});

test('a box that is ticked by keys stays in sight, also where the list gets smaller by it', async () => {
  const { page, main } = view;
  await page.setViewportSize({ width: 1280, height: 520 });
  await main.locator('.virtual [role=row]').nth(5).waitFor();
  await main.getByRole('grid').focus();
  await page.keyboard.press('End');
  await page.keyboard.press(' ');
  await main.getByText('1 box ticked').waitFor();
  const bottom = async (of: string) => {
    const box = await main.locator(of).boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  await expect
    .poll(async () => (await bottom('.grid')) - (await bottom('[data-active=true]')))
    .toBeGreaterThanOrEqual(0);
});

test('a mangled address leads to a page that says so, and not to a blank one', async () => {
  const { page, main } = view;
  await page.goto(`${site.headend.url}/#/boxes/%E0%A4`);
  await page.reload();
  await main.getByText('There is no such box').waitFor({ timeout: 10_000 });
  provoked = /404/;
});

test('the whole page is below 150 kB compressed, and may run nothing but its own files', async () => {
  const { url } = site.headend;
  const sizes: number[] = [];
  for (const path of ['/', ...((await (await fetch(url)).text()).match(/\/assets\/[^"]+/g) ?? [])]) {
    const { headers, status } = await fetch(url + path, { headers: { 'accept-encoding': 'gzip' } });
    expect([path, status]).toEqual([path, 200]);
    sizes.push(Number(headers.get('content-length')));
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  }
  expect(sizes.length).toBeGreaterThan(2);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
});

test('a view is saved under a name and chosen again', async () => {
  const { page, main } = view;
  await view.go('fleet?online=false');
  await main.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Those that are off');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await view.go('fleet');
  await main.getByLabel('Saved views').selectOption('Those that are off');
  await expect.poll(() => page.url()).toContain('online=false');
});

test('a box that goes off is shown as off without a reload, and comes back', async () => {
  const last = site.boxes[1]!;
  const row = view.main.locator(`#row-${last.id}`);
  await row.getByRole('img', { name: 'Online' }).waitFor();
  await last.agent.kill();
  await row.getByRole('img', { name: 'Offline' }).waitFor({ timeout: 60_000 });
  await last.agent.start();
  await row.getByRole('img', { name: 'Online' }).waitFor();
});

test('all boxes that match are ticked and sent a message that looks as in the preview', async () => {
  const { page, main } = view;
  await view.go('fleet?online=true');
  await main.getByRole('button', { name: 'Tick all 3 that match' }).click();
  await main.getByRole('button', { name: 'Act on them' }).click();
  await page.getByLabel('Text').fill('<h2>Dinner</h2>at <b onclick="alert(1)">eight</b><script>alert(1)</script>');
  expect(await main.locator('.tv-text text').allTextContents()).toEqual(['Dinner', 'at ', 'eight']);
  await main.getByText('3 boxes', { exact: true }).waitFor();
  await main.getByRole('button', { name: 'Send to 3' }).click();
  await view.notice('Message: asked of 3 boxes.');
  for (const { agent } of site.boxes)
    await until(() => agent.events('message').length > 0, 'the message on the screen');
});

test('a box shows its screen, takes keys from mouse and keyboard, and what is done in one click is done', async () => {
  const { page, main } = view;
  const { agent, id } = first();
  await view.go(`boxes/${id}`);
  await main.getByRole('button', { name: 'Take a picture' }).click();
  const picture = main.getByRole('img', { name: /The screen of the box/ });
  await picture.waitFor({ timeout: 30_000 });
  await expect.poll(() => picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(1280);

  const keys = () => agent.events('key').map(({ detail }) => detail?.key);
  await main.getByRole('button', { name: 'Programme guide' }).click();
  await until(() => keys().includes('EPG'), 'the key of the mouse');
  await main.getByLabel('My keyboard presses its keys').check();
  // The page listens from its next frame on.
  const isBack = async () => (await page.keyboard.press('Escape')) ?? keys().includes('BACK');
  await until(isBack, 'the first key of the keyboard', undefined, 500);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('7');
  await until(() => ['UP', 'NUM7'].every((key) => keys().includes(key)), 'the keys of the keyboard');
  expect(await main.locator('.remote .key').count()).toBe(55);

  await main.getByRole('button', { name: 'Reload interface', exact: true }).click();
  await until(() => agent.events('ui-reload').length > 0, 'the interface to reload');
  const slider = main.getByRole('slider', { name: 'Volume' });
  await slider.fill('23');
  await until(async () => (await agent.tv.state()).volume === 23, 'the volume');
  const before = (await site.headend.api.box(id)).bootId;
  await main.getByRole('button', { name: 'Reboot', exact: true }).click();
  await view.confirm('Reboot', 1);
  await until(async () => (await site.headend.api.box(id)).bootId !== before, 'another boot id', 60_000);
  await main.locator('.action', { hasText: 'Reboot' }).getByText('Done').first().waitFor({ timeout: 60_000 });
});

test('a volume that is stepped through is asked for once, where it came to rest', async () => {
  const { main } = view;
  const { agent, id } = site.boxes[2]!;
  await view.go(`boxes/${id}`);
  await main
    .getByRole('slider', { name: 'Volume' })
    .evaluate((slider: { value: string; dispatchEvent(of: Event): void }) => {
      for (const value of ['61', '62', '63', '64']) {
        slider.value = value;
        for (const name of ['input', 'change']) slider.dispatchEvent(new Event(name, { bubbles: true }));
      }
    });
  await until(async () => (await agent.tv.state()).volume === 64, 'the volume');
  const asked = (await site.headend.api.actionsOf(id)).filter(({ type }) => type === 'VOLUME');
  expect(asked.map(({ params }) => params)).toEqual([{ volume: 64 }]);
});

test('a followed screen is taken again and again, until it is not followed', async () => {
  const { main } = view;
  const { agent, id } = site.boxes[2]!;
  await view.go(`boxes/${id}`);
  await main.getByLabel(/Follow/).check();
  await until(() => agent.events('screenshot').length >= 2, 'two pictures', 60_000);
});

test('a followed screen is followed on after an ask that did not reach the headend', async () => {
  const { page, main } = view;
  const { agent, id } = site.boxes[2]!;
  await view.go(`boxes/${id}`);
  let lost = 0;
  await page.route('**/stb/v1/actions', (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    return route.abort();
  });
  const before = agent.events('screenshot').length;
  await main.getByLabel(/Follow/).check();
  await until(() => agent.events('screenshot').length > before, 'a picture after the lost ask', 30_000);
  expect(lost).toBe(1);
  provoked = /ERR_FAILED/;
});

test('a speed test is plotted with its figures, and its reports stand in the timeline', async () => {
  const { main } = view;
  const { id } = first();
  await view.go(`boxes/${id}`);
  await main.getByRole('button', { name: 'Test the speed' }).click();
  await main.locator('.speed .figures').getByText('Down').waitFor({ timeout: 60_000 });
  expect(await main.locator('.speed .u-over').count()).toBe(1);
  // Before anything is pointed at: the whole test, and how the box was last.
  const legend = await main.locator('.speed .u-legend').textContent();
  expect(legend).toMatch(/^Seconds[\d.]+ to [\d.]+Down[\d.,]+ Mbit\/sUp[\d.,]+ Mbit\/s$/);
  await main.locator('.plots .u-over').first().waitFor();
  expect(await main.locator('.plots .u-legend').first().textContent()).toMatch(/^Time[\d/, :]+CPU\d+%Memory used\d+%/);
  const line = main.locator('.action', { hasText: 'Speed test' }).first();
  await line.getByRole('button', { expanded: false }).click();
  for (const state of ['Asked', 'Accepted', 'Started', 'Done'])
    await line.locator('.reports').getByText(state).first().waitFor();
});

test('a destructive type asks for the number of boxes, and a planned one can be cancelled', async () => {
  const { page, main } = view;
  await view.go(`act?target=group&group=${site.headend.demo.groups.business}&type=SWITCH_OFF`);
  await main.getByText('At a time').click();
  await page.getByRole('button', { name: /^Send to/ }).click();
  const title = (await page.getByRole('dialog').getByRole('heading').textContent()) ?? '';
  const boxes = Number(/on (\d+) box/.exec(title)?.[1]);
  await view.confirm('Switch off', boxes);
  await view.notice(/Switch off: asked of/);
  await view.go('actions');
  await main.locator('.fleet-action', { hasText: 'Switch off' }).first().click();
  await main.getByRole('button', { name: /^Cancel \d+ not ended/ }).click();
  await main.locator('.progress-words .cancelled', { hasText: `${boxes} cancelled` }).waitFor({ timeout: 30_000 });
  expect(site.boxes.every(({ agent }) => agent.events('standby').length === 0)).toBe(true);
});

test('what failed is counted by its reason, and repeated', async () => {
  const { main } = view;
  const { id } = first();
  await site.headend.api.act(id, 'SCRIPT', { script: 'http://127.0.0.1:1/none.sh' });
  await view.go('actions');
  await main.locator('.fleet-action', { hasText: 'Run script' }).first().click();
  await main.getByRole('table', { name: 'Why not' }).waitFor({ timeout: 60_000 });
  await main.getByRole('button', { name: 'Repeat on 1 that failed' }).click();
  await view.confirm('Run script', 1);
  await view.notice('Run script: asked of 1 box.');
  expect((await site.headend.api.actionsOf(id)).filter(({ type }) => type === 'SCRIPT')).toHaveLength(2);
});

test('what failed on one box is repeated from its own line', async () => {
  const { main } = view;
  const { id } = site.boxes[1]!;
  const failed = await site.headend.api.act(id, 'SCRIPT', { script: 'http://127.0.0.1:1/none.sh' });
  await site.headend.api.reached(failed, 'failed');
  await view.go(`boxes/${id}`);
  await main.getByRole('button', { name: 'Repeat Run script' }).click();
  await view.confirm('Run script', 1);
  await view.notice('Run script: asked of 1 box.');
  expect((await site.headend.api.actionsOf(id)).filter(({ type }) => type === 'SCRIPT')).toHaveLength(2);
});

test('how a box was is plotted over an hour, a day and a week, and its own time is shown where it differs', async () => {
  const { id } = first();
  const far = await openConsole(site.browser, site.headend.url, { zone: 'Pacific/Kiritimati' });
  await far.signIn(site.token('admin'));
  await far.context.addInitScript(`
    const { fillText } = CanvasRenderingContext2D.prototype;
    globalThis.drawn = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      if (y < this.canvas.height) drawn.push(text);
      fillText.call(this, text, x, y);
    };`);
  await far.page.reload();
  await far.go(`boxes/${id}`);
  for (const span of ['Week', 'Day', 'Hour']) {
    const answer = far.page.waitForResponse((response) => response.url().includes('/telemetry/history'));
    if (span === 'Hour') await far.page.reload();
    else await far.main.getByRole('radio', { name: span }).check();
    expect((await answer).status()).toBe(200);
    await far.main.locator('.plots .u-over').first().waitFor();
    // Which day it was stands at the axis.
    await expect.poll(() => far.page.evaluate('drawn.splice(0).join()')).toMatch(/\d [A-Z][a-z]{2}/);
  }
  await far.main.getByText(`(${Intl.DateTimeFormat().resolvedOptions().timeZone})`).waitFor();
  expectNoProblems(far);
  await far.context.close();
  await view.go(`boxes/${id}`);
  await view.main.getByText('Last report').waitFor();
  expect(await view.main.getByText('Its own time').count()).toBe(0);
});

test('more of what a box was asked comes below what is shown, which stays', async () => {
  const { main } = view;
  const { id } = site.headend.demo.boxes[4]!;
  for (let volume = 0; volume < 14; volume += 1) await site.headend.api.act(id, 'VOLUME', { volume });
  await view.go(`boxes/${id}`);
  await expect.poll(() => main.locator('.action').count()).toBe(12);
  const newest = await main.locator('.action').first().elementHandle();
  await main.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => main.locator('.action').count()).toBeGreaterThan(12);
  expect(await newest?.evaluate((line: { isConnected: boolean }) => line.isConnected)).toBe(true);
});

test('everything that was asked is listed, to the very first as one scrolls, with what is near in the page, and live', async () => {
  const { main } = view;
  const { id } = site.headend.demo.boxes[3]!;
  for (let count = 0; count < 605; count += 1) await site.headend.api.act(id, 'MESSAGE', { message: `No. ${count}.` });
  const scrollTo = (end: 'top' | 'bottom') =>
    main.evaluate((element, where) => element.scrollTo(0, where === 'top' ? 0 : element.scrollHeight), end);
  const lists = [
    ['actions?type=MESSAGE', '.fleet-action', 'No. 605.'],
    ['actions?type=MESSAGE&by=box', '.action', 'No. 606.'],
  ] as const;
  for (const [address, line, next] of lists) {
    await view.go(address);
    await main.locator(line).first().waitFor();
    await expect
      .poll(async () => {
        await scrollTo('bottom');
        return main.getByText('This is the first that is kept.').count();
      })
      .toBe(1);
    await main.locator(line, { hasText: 'No. 0.' }).waitFor();
    expect(await main.locator(line).count()).toBeLessThan(500);
    await site.headend.api.act(id, 'MESSAGE', { message: next });
    await scrollTo('top');
    await main.locator(line, { hasText: next }).waitFor();
  }
});

test('lists of actions name boxes as soon as the fleet is there', async () => {
  const { page, main } = view;
  const { id, name } = site.headend.demo.boxes[3]!;
  await site.headend.api.act(id, 'UI');
  const { promise: isListed, resolve: listed } = Promise.withResolvers<void>();
  await page.route('**/stb/v1/fleet', async (route) => {
    await isListed;
    await route.continue();
  });
  await view.go('actions?by=box&type=UI');
  await page.reload();
  await main.locator('.action', { hasText: id }).waitFor();
  listed();
  await main.locator('.action', { hasText: name }).waitFor({ timeout: 10_000 });
});

test('a timeline goes back to the very first action, and says so', async () => {
  const { main } = view;
  const { id } = site.headend.demo.boxes[3]!;
  await view.go(`boxes/${id}`);
  const more = main.getByRole('button', { name: 'Show more' });
  await main.locator('.action').first().waitFor();
  await expect
    .poll(async () => {
      // It may be gone by now.
      await more.click({ timeout: 2_000 }).catch(() => undefined);
      return main.getByText('This is the first that is kept.').count();
    })
    .toBe(1);
  await main.locator('.action', { hasText: 'No. 0.' }).waitFor();
  expect(await more.count()).toBe(0);
});

test('an action without parameters says how many boxes it is for, and nothing before', async () => {
  const { main } = view;
  const action = await site.headend.api.act(first().id, 'CHANNELS');
  await view.go(`actions/${action}`);
  expect(await main.locator('.title p').textContent()).toMatch(/^1 box · /);
});

test('what was sent is counted in what the same once more would do', async () => {
  const { main } = view;
  await view.go(`act?target=box&box=${first().id}&type=DVB`);
  await main.getByText('At a time').click();
  await main.getByRole('button', { name: 'Send to 1' }).click();
  await view.notice('Update tuner: asked of 1 box.');
  await main.getByText('1 skipped, the same waits already').waitFor({ timeout: 10_000 });
});

test('what is wrong with a form is said at its field', async () => {
  const { page, main } = view;
  await view.go('act?target=all&type=VIDEO');
  await page.getByLabel('Address of the video').fill('ftp://somewhere/film');
  await main.getByRole('button', { name: /^Send/ }).click();
  await main.getByText('Expected an address with http, https, rtp or udp.').waitFor();
});

test('the line for the shell does the same', async () => {
  const { main } = view;
  const { id, agent } = first();
  await view.go(`act?target=box&box=${id}&type=VOLUME`);
  await main.getByRole('spinbutton', { name: 'Volume' }).fill('61');
  await main.getByText('The same as a command').click();
  const line = (await main.locator('.curl pre').textContent()) ?? '';
  const { status, stdout } = spawnSync('sh', ['-c', line], {
    env: { ...process.env, TOKEN: site.token('admin') },
    encoding: 'utf8',
  });
  expect([status, JSON.parse(stdout).actions.length]).toEqual([0, 1]);
  await until(async () => (await agent.tv.state()).volume === 61, 'the volume');
});

test('a recorded sequence of keys and a picked channel reach the box', async () => {
  const { page, main } = view;
  const { id, agent } = first();
  await view.go(`act?target=box&box=${id}&type=EMULATEKEYS`);
  await main.getByRole('button', { name: 'Record from my keyboard' }).click();
  for (const key of ['ArrowDown', 'Enter', 'r']) await page.keyboard.press(key);
  expect(await main.locator('.sequence button').allTextContents()).toEqual(['DOWN ', 'OK ', 'RED ']);
  await main.getByRole('button', { name: /^Send to 1/ }).click();
  await until(() => agent.events('key').some(({ detail }) => detail?.key === 'RED'), 'the red key');

  await view.go(`act?target=box&box=${id}&type=PLAYCHANNEL`);
  await main.getByRole('searchbox').fill('Harbour Two');
  await main.getByRole('radio', { name: /Harbour Two/ }).check();
  await main.getByRole('button', { name: /^Send to 1/ }).click();
  await view.notice('Play channel: asked of 1 box.');
  await until(() => agent.events('play').length > 0, 'the channel to play', 60_000);
});
