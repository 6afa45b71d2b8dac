import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFaults } from '../support/axe.ts';
import { expectNoProblems, openConsole } from '../support/console-page.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-site.ts';
import { undoList } from '../support/undo.ts';

/** Every screen in light and dark, wide and narrow: axe-core's rules, and no page wider than its window. */

const undo = undoList();
let site: ConsoleSite;

beforeAll(async () => {
  site = await startConsoleSite({ running: 1, known: 5, after: undo.after });
  const { api } = site.headend;
  const [box] = site.boxes;
  if (box === undefined) throw new Error('no box runs');
  for (const type of ['SCREENSHOT', 'SPEEDTEST'] as const) await api.reached(await api.act(box.id, type));
  await api.reached(await api.act(box.id, 'SCRIPT', { script: 'http://127.0.0.1:1/none.sh' }));
}, 180_000);
afterAll(undo.all);

const screens = [
  'fleet',
  'fleet?q=nothing-like-this',
  'boxes/BOX',
  'boxes/unknown',
  'act?target=all&type=MESSAGE',
  'act?target=filter&type=EMULATEKEYS',
  'act?target=group&type=PLAYCHANNEL',
  'act?target=boxes&type=JS',
  'actions',
  'actions?by=box',
  'actions/ACTION',
  'pair',
  'groups',
  'channels',
  'users',
  'audit',
  'audit?q=nothing-like-this',
  'nowhere',
];

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  test.each([3840, 1440, 360])(
    'at %i pixels no screen breaks a serious rule, and none is wider than the window',
    async (width) => {
      const view = await openConsole(site.browser, site.headend.url, { scheme, width });
      const { page } = view;
      const found: string[] = [];
      const look = async (name: string) => void found.push(...(await pageFaults(page, name)));
      await look('login');
      await view.signIn(site.token('admin'));
      const [box] = site.boxes;
      const actions = await site.headend.api.actionsOf(box?.id ?? '');
      for (const screen of screens) {
        await page.goto(
          `${site.headend.url}/#/${screen.replace('BOX', box?.id ?? '').replace('ACTION', actions[0]?.id ?? '')}`,
        );
        await view.main.locator('h1, .state-title').first().waitFor();
        await expect.poll(() => view.main.locator('.spinner').count(), { timeout: 15_000 }).toBe(0);
        await look(screen);
        // What scrolls is the content, and never the frame around it.
        const below = await page.evaluate('document.documentElement.scrollHeight - innerHeight');
        if (below !== 0) found.push(`${screen}: the page goes on for ${below} pixels below the window`);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await look('help');
      expect(found).toEqual([]);
      expectNoProblems(view, /status of 404 .*boxes\/unknown/);
      await view.context.close();
    },
  );
});

test.each([1280, 1366])('at %i pixels every column of the fleet is in sight', async (width) => {
  const view = await openConsole(site.browser, site.headend.url, { width });
  await view.signIn(site.token('admin'));
  await view.main.locator('.virtual .line').first().waitFor();
  const sizes = await view.main
    .locator('.grid')
    .evaluate((grid: { scrollWidth: number; clientWidth: number }) => [grid.scrollWidth, grid.clientWidth]);
  expect(sizes[0]).toBeLessThanOrEqual(sizes[1] as number);
  await view.context.close();
});

test('a name from right to left is cut at its end, and a long one keeps its line', async () => {
  const [, , arabic, long] = site.headend.demo.boxes;
  const names = [
    'غرفة الاجتماعات في الطابق السابع عشر من الجناح الشرقي (شرق)',
    'The very long name of a box '.repeat(6),
  ];
  for (const [index, box] of [arabic, long].entries()) {
    await fetch(`${site.headend.url}/iptv/device/${box?.id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${site.token('admin')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: names[index] }),
    });
    await site.headend.api.act(box?.id ?? '', 'UI');
  }
  const view = await openConsole(site.browser, site.headend.url, { width: 1280 });
  const { main } = view;
  await view.signIn(site.token('admin'));
  const isFromTheRight = (of: string) =>
    main
      .locator(of, { hasText: 'غرفة' })
      .first()
      .evaluate((element: { matches(selector: string): boolean }) => element.matches(':dir(rtl)'));
  const height = (hasText: string) =>
    main
      .locator('.action-line', { hasText })
      .first()
      .evaluate((element: { offsetHeight: number }) => element.offsetHeight);
  expect(await isFromTheRight('.virtual .c-name a')).toBe(true);
  await view.go('actions?by=box&type=UI');
  expect(await height('The very long')).toBe(await height('غرفة'));
  const spare = await main.evaluate(
    (element: { scrollWidth: number; clientWidth: number }) => element.clientWidth - element.scrollWidth,
  );
  expect(spare).toBe(0);
  expect(await isFromTheRight('.action-line a')).toBe(true);
  await view.go(`boxes/${arabic?.id}`);
  expect(await isFromTheRight('h1')).toBe(true);
  await view.context.close();
});
