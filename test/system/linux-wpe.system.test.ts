/** The linux driver's user interface in WPE WebKit: Cog without a screen. Needs Debian's cog. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servePages, startCog } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { conformanceOf, openMachineUnderTest, openThisMachine } from '../support/linux-box.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const calm = new AbortController().signal;
const undo = undoList();
let site: string;
let inspectorUrl: string;

beforeAll(async () => {
  const pages = { '/ui': '<!doctype html><title>UI</title><body>', '/target.js': 'window.debugTarget = true;' };
  site = await servePages(pages, undo.after);
  inspectorUrl = await startCog(`${site}/ui`, undo.after);
});
afterAll(undo.all);

// Its inspector cannot end a script that never returns, and it has no keys.
const cases = conformanceOf('ui').filter(({ title, needs }) => !/endless loop/.test(title) && !needs?.includes('keys'));

test.each(cases)('$title', async (promise) => {
  const debugServers = { good: site.replace('http://', ''), dead: `127.0.0.1:${await freePort()}` };
  const underTest = await openMachineUnderTest({ inspectorUrl }, { debugServers });
  await promise.run(underTest);
});

test('a message is dismissed by a key of the page, and comes again when the page was loaded anew', async () => {
  const box = await openThisMachine({ inspectorUrl });
  const shown = Promise.withResolvers<void>();
  const message = box.ui?.message({ html: 'Hello', durationMs: 60_000, shown: shown.resolve }, calm);
  await Promise.race([shown.promise, message]);
  await box.ui?.reload(calm);
  const cards = 'document.querySelectorAll("[popover]").length';
  await until(async () => (await box.ui?.evaluate(cards, calm)) === 1, 'the message to come again');
  await box.ui?.evaluate('dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" })), null', calm);
  expect(await message).toBe('dismissed');
});

test('what it cannot do is not pretended: no picture of the page', async () => {
  const box = await openThisMachine({ inspectorUrl });
  expect(box.provided?.ui).toMatch(/^WPE WebKit at/);
  expect(box.display).toBeUndefined();
  expect(box.missing.display?.cure).toContain('screenshot_command');
});
