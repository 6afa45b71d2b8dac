/**
 * The platform's conformance suite on the linux driver, in the box and in the sandbox of the agent's unit; but for the cases in which the box
 * restarts, which are in conformance-restart.test.ts. Needs Debian's openssh-server and chromium on this machine.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ConformanceCase, conformance } from '../../platform/conformance.ts';
import { servePages, startChromium } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { undoList } from '../support/undo.ts';
import { type Bench, fromBox, openBench } from './support/bench.ts';
import { type ConformanceBox, installConformance, programFolder } from './support/conformance-box.ts';
import { boxSettings, putBundles, surround } from './support/conformance-fixtures.ts';
import type { Opening } from './support/conformance-wire.ts';
import { startViewer, type Viewer } from './support/viewer.ts';

let bench: Bench;
let box: ConformanceBox;
let fixtures: Opening['fixtures'];
const undo = undoList();
beforeAll(async () => {
  bench = await openBench(undo.after);
  const { guest } = bench.machine;
  box = await installConformance(guest, undo.after);
  const bundles = await putBundles(guest, inject('prepared').image, undo.after);
  fixtures = { workDir: `${programFolder}/work`, bundles, ...(await surround(undo.after)) };
  await box.start();
});
afterAll(undo.all);

const staying = conformance.filter(({ needs = [] }) => !needs.includes('restarted'));
const wants = ({ capability, needs = [] }: ConformanceCase, name: 'ui') => capability === name || needs.includes(name);

describe('with the devices of the box', () => {
  let viewer: Viewer;
  beforeAll(async () => {
    await box.open({ settings: boxSettings, fixtures });
    viewer = await startViewer(bench.machine.guest);
  });

  test.each(staying.filter((promise) => !wants(promise, 'ui')))(
    '$capability: $title',
    async ({ capability, title }) => {
      if (capability === 'keys') await viewer.listens();
      expect(await box.run(title)).toBeNull();
    },
  );
});

describe('with a Chromium as its user interface', () => {
  beforeAll(async () => {
    const pages = { '/ui': '<!doctype html><title>UI</title><body>', '/target.js': 'window.debugTarget = true;' };
    const site = await servePages(pages, undo.after);
    const cdpUrl = fromBox(await startChromium(`${site}/ui`, undo.after));
    const debugServers = { good: site.replace('http://', ''), dead: `127.0.0.1:${await freePort()}` };
    await box.open({ settings: { ...boxSettings, cdpUrl }, fixtures: { ...fixtures, debugServers } });
  });

  // What the volume and power keys do in a page is the page's own affair.
  const cases = staying.filter(
    (promise) =>
      wants(promise, 'ui') ||
      (['keys', 'display'].includes(promise.capability) && !/audio|power/.test(String(promise.needs))),
  );
  test.each(cases)('$capability: $title', async ({ title }) => {
    expect(await box.run(title)).toBeNull();
  });
});
