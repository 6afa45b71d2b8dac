/** The cases of the platform's conformance suite in which the box restarts: called from here, as nothing in the box outlives them. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type BoxUnderTest, conformance, skips } from '../../platform/conformance.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, openBench } from './support/bench.ts';
import { type ConformanceBox, installConformance, programFolder } from './support/conformance-box.ts';
import { boxSettings, putBundles } from './support/conformance-fixtures.ts';
import type { Opening } from './support/conformance-wire.ts';

let bench: Bench;
let box: ConformanceBox;
let opening: Opening;
const undo = undoList();
const ready = 'with-bundles';
/** Where the one that several cases begin with ends: an installation and a restart. */
const repeated = 'repeated';
let isRepeated = false;
beforeAll(async () => {
  bench = await openBench(undo.after);
  const { guest, qmp } = bench.machine;
  box = await installConformance(guest, undo.after);
  const bundles = await putBundles(guest, inject('prepared').image, undo.after);
  opening = { settings: boxSettings, fixtures: { workDir: `${programFolder}/work`, bundles } };
  // A box that has switched itself off stays there with its power button.
  await qmp.execute('set-action', { shutdown: 'pause' });
  await qmp.monitor(`savevm ${ready}`);
  await open();
});
afterAll(undo.all);
// The first cases leave the box as it was.
beforeEach(async () => {
  if (!isRepeated) return;
  await bench.machine.restore(ready);
  await open();
});

async function open(): Promise<void> {
  await box.start();
  await box.open(opening);
}

/** A firmware and two restarts, on a machine that emulates every instruction and shares its cores. */
const timeout = 1_200_000;
const restarting = conformance.filter(({ needs }) => needs?.includes('restarted'));

test.each(restarting)('$capability: $title', { timeout }, async (promise) => {
  const { qmp, guest } = bench.machine;
  let seen = qmp.events.length;
  const underTest: BoxUnderTest = {
    platform: box.platform,
    fixtures: opening.fixtures as BoxUnderTest['fixtures'],
    async reopen() {
      await box.open(opening);
      return box.platform;
    },
    async repeat(work) {
      if (isRepeated) {
        await bench.machine.restore(repeated);
        await open();
      } else {
        await work();
        await qmp.monitor(`savevm ${repeated}`);
        isRepeated = true;
      }
      seen = qmp.events.length;
    },
    async restarted() {
      const wentDown = () => qmp.events.slice(seen).find(({ event }) => event === 'RESET' || event === 'SHUTDOWN');
      const { event } = await until(wentDown, 'the box to go down', 240_000, 100);
      if (event === 'SHUTDOWN') {
        await qmp.execute('system_reset');
        await qmp.execute('cont');
      }
      await guest.ready();
      seen = qmp.events.length;
      await open();
      return box.platform;
    },
  };
  expect(skips(promise, underTest)).toBeUndefined();
  await promise.run(underTest);
});
