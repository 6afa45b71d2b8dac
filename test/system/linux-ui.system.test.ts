/** The linux driver's user interface, keys and pictures with a real Chromium. Needs Debian's chromium. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { decodePng } from '../../platform/conformance/png.ts';
import { skips } from '../../platform/conformance.ts';
import { type KeyName, keyNames, type Platform, type Ui } from '../../platform/contract.ts';
import { createKeySet } from '../../platform/drivers/linux/key-sets.ts';
import type { LinuxSettings } from '../../platform/drivers/linux/settings.ts';
import { servePages, startChromium } from '../support/browser.ts';
import { startChii } from '../support/chii.ts';
import { freePort } from '../support/free-port.ts';
import { conformanceOf, openMachineUnderTest, openThisMachine } from '../support/linux-box.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const page = `<!doctype html><title>UI</title><body style="background:#123">
<script>
  window.heard = [];
  addEventListener('keydown', (event) => {
    event.preventDefault();
    heard.push([event.key, event.code, event.keyCode, event.altKey, event.shiftKey]);
  });
</script>`;
const calm = new AbortController().signal;
const undo = undoList();
let site: string;
let cdpUrl: string;
let loads = 0;

beforeAll(async () => {
  const pages = {
    '/ui': () => {
      loads += 1;
      return page;
    },
    '/target.js': 'window.debugTargets = (window.debugTargets || 0) + 1;',
    '/locked': `<meta http-equiv="content-security-policy" content="script-src 'none'">locked`,
  };
  site = await servePages(pages, undo.after);
  cdpUrl = await startChromium(`${site}/ui`, undo.after);
});
afterAll(undo.all);

const goTo = async (ui: Ui | undefined, path: string) => {
  await ui?.evaluate(`location.href = ${JSON.stringify(site + path)}`, calm).catch(() => {});
  await until(async () => (await ui?.evaluate('location.pathname + document.readyState', calm)) === `${path}complete`);
};
beforeEach(async () => {
  const visit = undoList();
  const { ui } = await openThisMachine({ cdpUrl }, visit.after);
  await goTo(ui, '/ui');
  // One agent has the page at a time: two would answer its dialogs.
  await visit.all();
});

const openBox = (settings: Partial<LinuxSettings> = {}): Promise<Platform> => openThisMachine({ cdpUrl, ...settings });

describe('the platform contract', () => {
  const cases = conformanceOf('ui', 'keys', 'display').filter(
    ({ needs = [] }) => !needs.includes('audio') && !needs.includes('power'),
  );
  test.each(cases)('$capability: $title', async (promise) => {
    const debugServers = { good: site.replace('http://', ''), dead: `127.0.0.1:${await freePort()}` };
    const box = await openMachineUnderTest({ cdpUrl }, { debugServers });
    expect(skips(promise, box)).toBeUndefined();
    await promise.run(box);
  });
});

test('dialogs hold nothing up: an alert is confirmed, a question is answered with no, and a page that asks whether to stay is left', async () => {
  const { ui, display } = await openBox();
  expect(await ui?.evaluate('alert("look"); [confirm("sure?"), prompt("what?")]', calm)).toEqual([false, null]);
  await ui?.evaluate('setTimeout(() => { window.sure = confirm("sure?"); }, 0); 1', calm);
  await until(async () => (await ui?.evaluate('window.sure', calm)) === false, 'the question to be answered');
  await display?.screenshot(calm);
  // Only a page that a viewer has touched may ask.
  await ui?.evaluate('addEventListener("beforeunload", (event) => event.preventDefault()); 1', calm);
  const before = loads;
  await ui?.reload(calm);
  expect(loads).toBe(before + 1);
});

test.each(['cehtml', 'dom', 'mag'] as const)(
  'every key of the set %s arrives with its key, code and keyCode',
  async (keySet) => {
    const { keys, ui } = await openBox({ keySet });
    const set = createKeySet(keySet);
    const expected: unknown[] = [];
    for (const name of keyNames) {
      const key = domKey(set, name);
      if (key === undefined) continue;
      await keys?.press(name, calm);
      expected.push([key.key, key.code, key.keyCode, key.alt, key.shift]);
    }
    expect(expected.length).toBeGreaterThan(50);
    expect(await ui?.evaluate('heard', calm)).toEqual(expected);
  },
);

function domKey(set: ReturnType<typeof createKeySet>, name: KeyName) {
  try {
    return name === 'NOOP' ? undefined : set.dom(name);
  } catch {
    return undefined;
  }
}

test('messages stand one under the other; OK dismisses the newest, and the page does not hear it', async () => {
  const { ui, keys, display } = await openBox();
  const empty = await pictureOf(display);
  const first = shown(ui, '<b>First</b>');
  await first.shown;
  const one = await pictureOf(display);
  const second = shown(ui, 'Second');
  await second.shown;
  const two = await pictureOf(display);
  expect([one.equals(empty), two.equals(one)]).toEqual([false, false]);
  await keys?.press('OK', calm);
  expect(await second.ended).toBe('dismissed');
  await keys?.press('EXIT', calm);
  expect(await first.ended).toBe('dismissed');
  await keys?.press('NUM1', calm);
  expect(await ui?.evaluate('heard.map(([key]) => key)', calm)).toEqual(['1']);
  expect((await pictureOf(display)).equals(empty)).toBe(true);
});

test('a message comes again after the page was loaded anew, and still ends', async () => {
  const { ui, keys, display } = await openBox();
  const empty = await pictureOf(display);
  const message = shown(ui, 'Once more');
  await message.shown;
  await ui?.reload(calm);
  await until(async () => !(await pictureOf(display)).equals(empty), 'the message to come again');
  await keys?.press('OK', calm);
  expect(await message.ended).toBe('dismissed');
  expect(message.times()).toBe(1);
});

test('a wall stands before the page, over reloads; messages stand before it, and the page hears no key', async () => {
  const { ui, keys, display } = await openBox();
  await ui?.block?.('<h2>Switched off</h2>');
  const wall = await pictureOf(display);
  const message = shown(ui, 'Hello');
  await message.shown;
  expect((await pictureOf(display)).equals(wall)).toBe(false);
  await ui?.reload(calm);
  await until(async () => !(await pictureOf(display)).equals(wall), 'the message to come again');
  await keys?.press('OK', calm);
  expect(await message.ended).toBe('dismissed');
  expect((await pictureOf(display)).equals(wall)).toBe(true);
  for (const key of ['NUM1', 'EXIT', 'POWER'] as const) await keys?.press(key, calm);
  expect(await ui?.evaluate('heard.map(([key]) => key)', calm)).toEqual(['Power']);
  await ui?.block?.(null);
  await keys?.press('NUM1', calm);
  expect(await ui?.evaluate('heard.map(([key]) => key)', calm)).toEqual(['Power', '1']);
});

test('a screen that is to be blocked is so as soon as its browser is there, and again when it was started anew', async () => {
  const [port, folder] = [await freePort(), temporaryDirectory()];
  const late = await openThisMachine({ cdpUrl: `http://127.0.0.1:${port}` });
  await expect(late.ui?.block?.('Switched off')).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  const wallStands = async () => ((await late.display?.screenshot(calm))?.png.length ?? 0) > 0 && (await isBlack(late));
  for (const round of ['first', 'second']) {
    const stop = undoList();
    onTestFinished(stop.all);
    await startChromium(`${site}/ui`, stop.after, { port, folder });
    await until(wallStands, `the wall, ${round} start`, 60_000);
    await stop.all();
  }
});

test('a page that includes the bridge shows messages itself', async () => {
  const { ui, keys } = await openBox();
  await goTo(ui, '/example.html');
  const message = shown(ui, 'Lunch is <i>ready</i>.');
  await message.shown;
  expect(await ui?.evaluate('document.getElementById("ticker").innerHTML', calm)).toBe(
    '<div>Lunch is <i>ready</i>.</div>',
  );
  await keys?.press('OK', calm);
  expect(await message.ended).toBe('dismissed');
  const aborted = new AbortController();
  const second = shown(ui, 'Never mind', aborted.signal);
  await second.shown;
  aborted.abort(new Error('enough'));
  await expect(second.ended).rejects.toThrow('enough');
  expect(await ui?.evaluate('document.getElementById("ticker").innerHTML', calm)).toBe('');
});

test('a reload asks the server again, and one that fails says so', async () => {
  const { ui } = await openBox();
  const before = loads;
  await ui?.reload(calm);
  expect(loads).toBe(before + 1);
  const gone = `http://127.0.0.1:${await freePort()}/`;
  await ui?.evaluate(`location.href = ${JSON.stringify(gone)}`, calm).catch(() => {});
  await until(async () => (await ui?.evaluate('location.protocol', calm).catch(() => '')) === 'chrome-error:');
  await expect(ui?.reload(calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringContaining(`${gone} cannot be loaded`),
  });
});

test('a web page is shown until the viewer closes it, then the user interface is there again', async () => {
  const { ui, keys } = await openBox();
  const where = () => ui?.evaluate('location.pathname', calm).catch(() => undefined);
  for (const path of ['/example.html', '/locked']) {
    await ui?.open?.(site + path, calm);
    expect(await where()).toBe(path);
  }
  await keys?.press('EXIT', calm);
  await until(async () => (await where()) === '/ui', 'the user interface');
  await keys?.press('EXIT', calm);
  expect(await ui?.evaluate('heard.length', calm)).toBe(1);
  await ui?.open?.(`${site}/example.html`, calm);
  await ui?.reload(calm);
  expect(await where()).toBe('/ui');
});

test('a web page that cannot be loaded is an error, and the user interface stays', async () => {
  const { ui } = await openBox();
  await expect(ui?.open?.(`http://127.0.0.1:${await freePort()}/`, calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
  });
  expect(await ui?.evaluate('location.pathname', calm)).toBe('/ui');
});

test('a value that is no JSON, and a page left behind, are errors that say so', async () => {
  const { ui } = await openBox();
  await expect(ui?.evaluate('window', calm)).rejects.toMatchObject({ code: 'SCRIPT_ERROR', message: /not JSON/ });
  const leaving = `location.href = ${JSON.stringify(`${site}/example.html`)}; new Promise(() => {})`;
  await expect(ui?.evaluate(leaving, calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: /left the document/,
  });
});

test('a page that crashes while it is loaded says so, and the user interface is there again', async () => {
  const { ui } = await openBox();
  await expect(ui?.open?.('chrome://crash', calm)).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  await until(async () => (await ui?.evaluate('location.pathname', calm)) === '/ui', 'the user interface');
  await ui?.reload(calm);
  expect(await ui?.evaluate('6 * 7', calm)).toBe(42);
});

test('a page whose server never answers is given up when that is aborted, and the user interface is there', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await once(silent, 'listening');
  const { ui } = await openBox();
  const ending = new AbortController();
  silent.once('request', () => ending.abort(new Error('given up')));
  const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  await expect(ui?.open?.(address, ending.signal)).rejects.toThrow('given up');
  expect(await ui?.evaluate('location.pathname', AbortSignal.timeout(9_000))).toBe('/ui');
});

test("a debugger's target is loaded at once and in every page after, and not into one that forbids scripts", async () => {
  const { ui } = await openBox();
  await ui?.debug(site.replace('http://', ''), calm);
  expect(await ui?.evaluate('debugTargets', calm)).toBe(1);
  await ui?.reload(calm);
  await until(async () => (await ui?.evaluate('window.debugTargets', calm)) === 1, 'the target in the new page');
  await goTo(ui, '/locked');
  await expect(ui?.debug(site.replace('http://', ''), calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringContaining('content security policy'),
  });
});

test('chii, a real debugger, sees the page as a target', async () => {
  const chii = await startChii(onTestFinished);
  const { ui } = await openBox();
  await ui?.debug(chii.server, calm);
  await until(async () => (await chii.targets()).includes('/ui'), 'the target');
});

test('a screenshot of one colour says so', async () => {
  const { display, ui } = await openBox();
  const { note, width, height } = (await display?.screenshot(calm)) ?? {};
  expect(note).toBe('the whole picture is #112233, although something should be on');
  expect([width, height]).toEqual(await ui?.evaluate('[innerWidth, innerHeight]', calm));
});

async function pictureOf(display: Platform['display']): Promise<Buffer> {
  const { png } = (await display?.screenshot(calm)) ?? { png: new Uint8Array() };
  return decodePng(png).data;
}

/** Whether the first pixel is black: the wall's, not the page's. */
async function isBlack({ display }: Platform): Promise<boolean> {
  const { png } = (await display?.screenshot(calm)) ?? { png: new Uint8Array() };
  return decodePng(png).data.subarray(1, 4).equals(Buffer.alloc(3));
}

/** Shows a message; `shown` resolves when it is on the screen. */
function shown(ui: Ui | undefined, html: string, signal = calm) {
  const onScreen = Promise.withResolvers<void>();
  let times = 0;
  const ended = ui?.message(
    {
      html,
      durationMs: 60_000,
      shown: () => {
        times += 1;
        onScreen.resolve();
      },
    },
    signal,
  );
  ended?.catch(onScreen.reject);
  return { ended, shown: onScreen.promise, times: () => times };
}
