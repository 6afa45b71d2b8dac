/**
 * The agent of the box with a real Chromium and a real WPE WebKit as its user interface. They run on this machine, which is as far from the
 * agent as its remote debugging reaches; what they show is asked of Playwright and of the server of the page. Needs Debian's chromium and cog.
 */
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servePages, startChromium, startCog } from '../support/browser.ts';
import { startChii } from '../support/chii.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, fromBox, openBench } from './support/bench.ts';
import { decodePicture, differingPixels } from './support/picture.ts';

const ui = `<!doctype html><title>Channel 1</title><body style="background: linear-gradient(#123, #c63)"><h1>Channel 1</h1>
<script>
  window.heard = [];
  addEventListener('keydown', ({ key, keyCode }) => heard.push([key, keyCode]));
</script>`;

let bench: Bench;
let site: string;
/** How often the page was asked for, and what its scripts have asked for. */
const asked = { pages: 0, beacons: 0 };
const undo = undoList();
beforeAll(async () => {
  const count = (what: keyof typeof asked, body: string) => () => {
    asked[what] += 1;
    return body;
  };
  site = await servePages({ '/ui': count('pages', ui), '/beacon': count('beacons', 'heard') }, undo.after);
  bench = await openBench(undo.after);
});
afterAll(undo.all);

describe('Chromium', () => {
  let page: Page;
  let tree: CDPSession;
  beforeAll(async () => {
    const cdpUrl = await startChromium(`${site}/ui`, undo.after);
    const browser = await chromium.connectOverCDP(cdpUrl);
    undo.after(() => browser.close());
    const context = browser.contexts()[0];
    page = context?.pages().find((each) => each.url() === `${site}/ui`) as Page;
    tree = await page.context().newCDPSession(page);
    await bench.startAgent({ config: { 'platform.linux.cdp_url': fromBox(cdpUrl) } });
  });

  /** Whether the browser tells the blind of an alert with this text. */
  async function isShown(text: string): Promise<boolean> {
    const { nodes } = await tree.send('Accessibility.getFullAXTree');
    const alert = nodes.find(({ role }) => role?.value === 'alert');
    return alert !== undefined && nodes.some(({ name }) => name?.value === text);
  }

  test('MESSAGE is shown until EMULATEKEYS presses OK, and the report says that it was dismissed', async () => {
    const id = await bench.act('MESSAGE', { message: 'Lunch is ready.', duration: 600 });
    await until(() => isShown('Lunch is ready.'), 'the message', 120_000, 200);
    expect(await bench.carryOut('EMULATEKEYS', { keys: ['OK'] })).toMatchObject({ state: 'done' });
    expect(await bench.ended(id)).toMatchObject({ state: 'done', result: { ended: 'dismissed' } });
    expect(await isShown('Lunch is ready.')).toBe(false);
  });

  test('EMULATEKEYS: the page hears colours, channels and digits, in order', async () => {
    await page.evaluate('heard.length = 0');
    const keys = ['RED', 'CHANNEL_NEXT', 'NUM1', 'UP', 'BLUE'];
    expect(await bench.carryOut('EMULATEKEYS', { keys, gap: 0 })).toMatchObject({ state: 'done' });
    // CE-HTML, 5.4.1: VK_RED 403, VK_CHANNEL_UP 427, VK_BLUE 406.
    expect(await page.evaluate('heard.map(([, keyCode]) => keyCode)')).toEqual([403, 427, 49, 38, 406]);
  });

  test('SCREENSHOT: the picture at the headend differs in no pixel from the one that Playwright takes', async () => {
    const action = await bench.carryOut('SCREENSHOT');
    expect(action).toMatchObject({ state: 'done', artifact: { contentType: 'image/png' } });
    const answer = await bench.headend.api.get(action.artifact?.url ?? '');
    const taken = await decodePicture(Buffer.from(await answer.arrayBuffer()));
    const shown = await decodePicture(await page.screenshot());
    expect([taken.width, taken.height]).toEqual([shown.width, shown.height]);
    expect(differingPixels(taken, shown)).toBe(0);
  });

  test('JS answers with its value, or with the exception; UI loads the page anew', async () => {
    const js = 'window.left = 1; Promise.resolve({ title: document.title })';
    expect(await bench.carryOut('JS', { js })).toMatchObject({
      state: 'done',
      result: { value: { title: 'Channel 1' } },
    });
    const failed = await bench.carryOut('JS', { js: 'throw new TypeError("no such thing")' });
    expect(failed).toMatchObject({
      state: 'failed',
      error: { code: 'SCRIPT_ERROR', message: expect.stringContaining('no such thing') },
    });
    const before = asked.pages;
    expect(await bench.carryOut('UI')).toMatchObject({ state: 'done' });
    expect(asked.pages).toBe(before + 1);
    expect(await page.evaluate('typeof window.left')).toBe('undefined');
  });

  test('UIDEBUG: chii, a real debugger, sees the page as a target', async () => {
    const chii = await startChii(undo.after);
    expect(await bench.carryOut('UIDEBUG', { debugserver: chii.server })).toMatchObject({ state: 'done' });
    await until(async () => (await chii.targets()).includes('/ui'), 'the target');
  });
});

describe('Cog', () => {
  beforeAll(async () => {
    const inspectorUrl = await startCog(`${site}/ui`, undo.after);
    await bench.restore();
    await bench.startAgent({ config: { 'platform.linux.inspector_url': fromBox(inspectorUrl) } });
  });

  test('JS runs in the page, and UI loads it anew: its server is asked both times', async () => {
    const js = "fetch('/beacon').then((answer) => answer.text())";
    const before = { ...asked };
    expect(await bench.carryOut('JS', { js })).toMatchObject({ state: 'done', result: { value: 'heard' } });
    expect(asked.beacons).toBe(before.beacons + 1);
    expect(await bench.carryOut('UI')).toMatchObject({ state: 'done' });
    expect(asked.pages).toBe(before.pages + 1);
  });

  test('what it lacks is named: there is no picture of the page', async () => {
    const { stdout } = await bench.machine.guest.run('stb-agent doctor');
    expect(stdout).toMatch(/^ok +ui +WPE WebKit at/m);
  });
});
