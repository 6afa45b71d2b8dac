/**
 * Takes a picture of every screen of a running console, at three widths, in light and dark.
 *
 *   node headend/console/screenshots.ts --url http://127.0.0.1:8080 --token TOKEN [--out DIR] [--only fleet,box] [--width 1440]
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const heights: Record<number, number> = { 360: 780, 1440: 900, 3840: 2160 };
const schemes = ['light', 'dark'] as const;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    token: { type: 'string' },
    out: { type: 'string', default: mkdtempSync(join(tmpdir(), 'console-')) },
    only: { type: 'string' },
    width: { type: 'string' },
    scheme: { type: 'string' },
    full: { type: 'boolean', default: false },
  },
});
if (values.token === undefined) throw new Error('--token is missing: give an operator’s token');
const { url, token, out } = values;

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const screens = await listScreens();
const widths = values.width === undefined ? Object.keys(heights).map(Number) : [Number(values.width)];
for (const width of widths) {
  for (const scheme of schemes.filter((each) => (values.scheme ?? each) === each)) await take(browser, width, scheme);
}
await browser.close();
process.stdout.write(`${out}\n`);

/** The screens, and what is on them: boxes and actions that the headend has. */
async function listScreens(): Promise<[name: string, hash: string][]> {
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    return (await response.json()) as { items: { id: string }[] };
  };
  const box = (await get('/stb/v1/boxes?online=true&limit=1')).items[0]?.id;
  const request = (await get('/stb/v1/fleet-actions?limit=1')).items[0]?.id;
  const rollout = (await get('/stb/v1/rollouts?limit=1')).items[0]?.id;
  const all: [string, string][] = [
    ['fleet', '#/fleet'],
    ['fleet-none', '#/fleet?q=nothing-like-this'],
    ['box', `#/boxes/${box}`],
    ['act-message', '#/act?target=all&type=MESSAGE'],
    ['act-keys', `#/act?target=box&box=${box}&type=EMULATEKEYS`],
    ['act-channel', '#/act?target=all&type=PLAYCHANNEL'],
    ['actions', '#/actions'],
    ['action', `#/actions/${request}`],
    ['rollouts', '#/rollouts'],
    ['rollout', `#/rollouts/${rollout}`],
    ['rollout-new', '#/rollouts/new?target=all'],
    ['pair', '#/pair'],
    ['groups', '#/groups'],
    ['users', '#/users'],
    ['channels', '#/channels'],
    ['audit', '#/audit'],
  ];
  return all.filter(([name]) => values.only === undefined || values.only.split(',').includes(name));
}

async function take(open: Browser, width: number, scheme: 'light' | 'dark'): Promise<void> {
  const context = await open.newContext({
    viewport: { width, height: heights[width] ?? 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && process.stderr.write(`console: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`page: ${error.stack}\n`));
  await page.goto(url);
  const shoot = async (name: string) =>
    page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), fullPage: false });
  await page.locator('input[name=token]').waitFor();
  if (values.only === undefined) await shoot('login');
  await page.locator('input[name=token]').fill(token as string);
  await page.keyboard.press('Enter');
  await page.locator('.fleet .virtual .line').first().waitFor();
  for (const [name, hash] of screens) {
    await page.goto(`${url}/${hash}`);
    await page.locator('main h1').waitFor();
    await page.locator('main .spinner').first().waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await page.waitForTimeout(400);
    if (name === 'rollout-new') {
      await page.getByLabel('Address of the image').fill('https://firmware.example/stb/2.4.0.bundle');
      await page.locator('.wave-plan').waitFor();
    }
    if (name === 'act-message') {
      await page
        .locator('#param-message')
        .fill('<h2>Good evening!</h2>The <b>pool</b> closes at <b>22:00</b> today. Towels are at the desk.');
      await page.waitForTimeout(400);
    }
    await shoot(name);
    if (values.full) {
      const height = await page.locator('main').evaluate((main: { scrollHeight: number }) => main.scrollHeight);
      await page.setViewportSize({ width, height: height + 80 });
      await page.waitForTimeout(200);
      await shoot(`${name}-full`);
      await page.setViewportSize({ width, height: heights[width] ?? 900 });
    }
  }
  await context.close();
}
