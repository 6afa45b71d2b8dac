/** The agent as a unit of systemd: what systemd is told, what it does when the agent hangs or dies, and what it keeps it from. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { finalReports } from '../support/headend-api.ts';
import { type Site, startSite } from '../support/site.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, fromBox, openBench } from './support/bench.ts';
import { hangEventLoop, unitProperty } from './support/unit.ts';

let bench: Bench;
let site: Site;
const undo = undoList();
beforeAll(async () => {
  bench = await openBench(undo.after);
  site = await startSite(undo.after);
});
afterAll(undo.all);
afterEach(() => bench.restore());

test.for(['websocket', 'mqtt'] as const)('the unit gets READY and the box comes online over %s', async (upstream) => {
  const { guest } = bench.machine;
  await bench.startAgent({ driver: 'simulator', upstream });
  expect(await unitProperty(guest, 'ActiveState')).toBe('active');
  // systemd is told on another way than the headend.
  await until(async () => (await unitProperty(guest, 'StatusText')).includes(upstream), 'the status', 120_000, 300);
  expect(await bench.carryOut('VOLUME', { volume: 37 })).toMatchObject({ state: 'done', result: { volume: 37 } });
});

test('systemd-analyze finds the unit exposed by 2.5 of 10 at most', async () => {
  await bench.machine.guest.read('systemd-analyze security --no-pager --threshold=25 stb-agent');
});

test('a hung event loop is killed by the watchdog, and the next agent settles what ran', async () => {
  const { guest } = bench.machine;
  // A third of the unit's, so that the test need not wait for all of it.
  await guest.writeFile('/run/systemd/system/stb-agent.service.d/test.conf', '[Service]\nWatchdogSec=20\n');
  await guest.read('systemctl daemon-reload');
  await bench.startAgent();
  const id = await bench.act('SCRIPT', { script: fromBox(site.script('exec sleep 3600')) });
  await until(async () => (await guest.run('pgrep -x sleep')).exitCode === 0, 'the script to run', 120_000, 300);
  await hangEventLoop(guest);

  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
  expect(finalReports(action)).toHaveLength(1);
  expect(await unitProperty(guest, 'NRestarts')).toBe('1');
  expect(await guest.read('journalctl -b --no-pager -u stb-agent')).toContain('Watchdog timeout');
  expect((await guest.run('pgrep -x sleep')).stdout).toBe('');
});

test('a full state partition: the agent says so, and still reboots the box, reports it and serves', async () => {
  const { guest } = bench.machine;
  await bench.startAgent();
  await guest.run('fallocate -l $(($(stat -f -c "%a * %S" /data))) /data/ballast');
  await guest.run('dd if=/dev/zero of=/data/ballast2 bs=1k; sync');
  await until(
    async () => {
      await bench.carryOut('VOLUME', { volume: 20 });
      return (await bench.headend.api.box(bench.box.id)).faults.length > 0;
    },
    'the headend to hear of it',
    120_000,
  );
  const refused = await bench.carryOut('SCRIPT', { script: fromBox(site.script('true')) });
  expect(refused).toMatchObject({ state: 'refused', error: { code: 'STORAGE' } });

  const id = await bench.act('REBOOT');
  await bench.resetDuring(id);
  await guest.ready();
  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'done' });
  expect(finalReports(action)).toHaveLength(1);
  expect(Number(await guest.read('stat -f -c %a /data'))).toBeLessThan(64);
  expect(await bench.carryOut('VOLUME', { volume: 30 })).toMatchObject({ state: 'done' });
});
