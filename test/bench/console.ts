/**
 * The ops console with 10,000 boxes of which 500 report each second: first useful paint, filtering, scrolling, memory.
 *
 *   node test/bench/console.ts [--boxes 10000] [--per-second 500] [--minutes 10]
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openBrowser, openConsole, prepareConsole } from '../support/console-page.ts';
import { startHeadendProcess } from '../support/headend-process.ts';
import { undoList } from '../support/undo.ts';
import { type Figure, rounded, spread, table } from './figures.ts';

const { values } = parseArgs({
  options: {
    boxes: { type: 'string', default: '10000' },
    'per-second': { type: 'string', default: '500' },
    minutes: { type: 'string', default: '10' },
  },
});
const [boxes, perSecond, minutes] = [Number(values.boxes), Number(values['per-second']), Number(values.minutes)];
const bench = `console, ${boxes} boxes, ${perSecond} reports/s`;
const undo = undoList();
const figures: Figure[] = [];
let sent = 0;

await prepareConsole();
const headend = await startHeadendProcess({ boxes, after: undo.after });
const reporting = new AbortController();
const stopped = report(headend.url, headend.demo.boxes, reporting.signal);
const began = performance.now();
const browser = await openBrowser(undo.after);
const { page, signIn } = await openConsole(browser, headend.url);
await signIn(headend.demo.users.admin.token);
await page.getByText(`of ${boxes.toLocaleString('en')} online`).waitFor({ timeout: 120_000 });

await measurePaint(page);
await measureFilter(page);
await measureScroll(page);
await measureMemory(page);
reporting.abort();
await stopped;
const reached = Math.round(sent / ((performance.now() - began) / 1000));
await undo.all();
process.stdout.write(
  `${table(figures)}\n\n${sent} reports taken, ${reached} a second; load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}\n`,
);

/** From the reload of the page, signed in, to rows in sight, and to the whole fleet. */
async function measurePaint(open: Page): Promise<void> {
  const [first, whole]: [number[], number[]] = [[], []];
  for (let run = 0; run < 5; run++) {
    await open.reload({ waitUntil: 'commit' });
    await open.locator('.virtual .line').first().waitFor();
    first.push(Number(await open.evaluate('performance.now()')));
    await open.getByText(`of ${boxes.toLocaleString('en')} online`).waitFor({ timeout: 60_000 });
    whole.push(Number(await open.evaluate('performance.now()')));
  }
  figures.push({ bench, of: 'first useful paint: rows in sight', unit: 'ms', ...spread(first) });
  figures.push({ bench, of: 'the whole fleet loaded', unit: 'ms', ...spread(whole) });
}

/** From a key in the search to the next picture with the answer. */
async function measureFilter(open: Page): Promise<void> {
  const times: number[] = [];
  for (const text of ['Room 1', 'Elm Street 99', 'Room 4567', '00:1A:79:00:1', 'nothing']) {
    const took = await open.evaluate(`(async () => {
      const field = document.querySelector('main input[type=search]');
      const start = performance.now();
      field.value = ${JSON.stringify(text)};
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return performance.now() - start;
    })()`);
    times.push(Number(took));
  }
  await open.locator('main input[type=search]').fill('');
  figures.push({ bench, of: 'a key in the search to the picture', unit: 'ms', ...spread(times) });
}

/** The time between frames while the list is scrolled through for five seconds. */
async function measureScroll(open: Page): Promise<void> {
  const frames = (await open.evaluate(`(async () => {
    const grid = document.querySelector('.grid');
    const frames = [];
    const end = performance.now() + 5000;
    for (let last = performance.now(); last < end; ) {
      grid.scrollTop += 400;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    return frames;
  })()`)) as number[];
  figures.push({ bench, of: 'a frame while scrolling', unit: 'ms', ...spread(frames) });
}

/** The JavaScript heap after garbage collection, and the whole process of the page, at once and after the minutes. */
async function measureMemory(open: Page): Promise<void> {
  const session = await open.context().newCDPSession(open);
  const browserSession = await browser.newBrowserCDPSession();
  const look = async (when: string) => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentMib(id));
    figures.push({ bench, of: `heap ${when}`, unit: 'MiB', value: rounded(usedSize / 2 ** 20), n: 1 });
    figures.push({ bench, of: `process of the page ${when}`, unit: 'MiB', value: Math.max(...renderers), n: 1 });
  };
  await look('when the fleet has just loaded');
  await wait(minutes * 60_000);
  await look(`after ${minutes} minutes`);
}

/** The resident memory of a process, of which the libraries' pages are shared with others. */
function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return rounded(Number(kib) / 1024);
}

/** Posts telemetry of box after box, `perSecond` in a second, until it is told to stop. A headend that lags a second behind is waited for. */
async function report(url: string, all: readonly DemoBox[], stop: AbortSignal): Promise<void> {
  const tick = 100;
  const underWay = new Set<Promise<void>>();
  let next = 0;
  for (let due = performance.now(); !stop.aborted; due += tick) {
    for (let index = 0; index < (perSecond * tick) / 1000; index++) {
      const told = tell(url, all[next++ % all.length] as DemoBox, next).finally(() => underWay.delete(told));
      underWay.add(told);
    }
    while (underWay.size > perSecond) await Promise.race(underWay);
    due = Math.max(due, performance.now() - 1_000);
    await wait(Math.max(0, due + tick - performance.now()));
  }
  await Promise.all(underWay);
}

async function tell(url: string, box: DemoBox, seed: number): Promise<void> {
  const telemetry = {
    v: 1,
    kind: 'telemetry',
    at: new Date().toISOString(),
    cpuPercent: seed % 100,
    freeMemoryPercent: (seed * 7) % 100,
    temperature: 40 + (seed % 40),
    uptimeSeconds: seed,
    volume: seed % 100,
    power: 'on',
    playing: { kind: 'channel', name: `Channel ${seed % 50}`, number: seed % 50 },
  };
  const response = await fetch(`${url}/stb/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${box.token}` },
    body: JSON.stringify([telemetry]),
  });
  if (!response.ok) throw new Error(`a report was answered with ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  sent += 1;
}
