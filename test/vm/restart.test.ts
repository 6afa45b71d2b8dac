/** Restarts of the box, wanted and not, witnessed by QEMU and by the kernel's boot id. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isFinal } from '../../agent/protocol/messages.ts';
import { finalReports } from '../support/headend-api.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, openBench } from './support/bench.ts';
import { holdFile, makeHoldable } from './support/hold-program.ts';

let bench: Bench;
const undo = undoList();
beforeAll(async () => {
  bench = await openBench(undo.after);
});
afterAll(undo.all);
afterEach(() => bench.restore());

/** Why the box last started, once the headend has heard it from the agent of this start. */
async function bootReason(): Promise<string | undefined> {
  const now = await bench.bootId();
  const path = `/stb/v1/boxes/${bench.box.id}`;
  const box = await until(
    async () => {
      const answer = (await (await bench.headend.api.get(path)).json()) as { bootId: string; bootReason?: string };
      return answer.bootId === now && answer;
    },
    'the headend to hear of this start',
    240_000,
    300,
  );
  return box.bootReason;
}

test('REBOOT: QEMU sees the reset, the boot id is another, and one report follows, none before', async () => {
  await bench.startAgent();
  const { guest } = bench.machine;
  const bootIdBefore = await bench.bootId();
  const id = await bench.act('REBOOT');
  await bench.resetDuring(id);
  expect((await bench.headend.api.action(id)).state).not.toBe('done');
  await guest.ready();
  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'done', result: { bootIdBefore, bootIdAfter: await bench.bootId() } });
  expect(await bench.bootId()).not.toBe(bootIdBefore);
  expect(finalReports(action)).toHaveLength(1);
  expect(await bootReason()).toBe('reboot');
});

test('REBOOT, and the power is cut between the intent and the restart: the box starts once, and one report follows', async () => {
  const { guest, qmp } = bench.machine;
  await makeHoldable(guest, '/usr/bin/systemctl', '[ "$1" = reboot ]');
  await guest.read(`touch ${holdFile}`);
  await bench.startAgent();
  const bootIdBefore = await bench.bootId();
  const id = await bench.act('REBOOT');
  await bench.inPhase(id, 'rebooting');
  expect(isFinal((await bench.headend.api.action(id)).state)).toBe(false);
  await qmp.execute('system_reset');
  await guest.ready();
  const action = await bench.ended(id);
  expect(action).toMatchObject({ state: 'done', result: { bootIdBefore, bootIdAfter: await bench.bootId() } });
  expect(finalReports(action)).toHaveLength(1);
});

test('a power cut, a system that hangs and a kernel that panics are each told apart at the next start', async () => {
  const { guest, qmp } = bench.machine;
  await bench.startAgent();
  await qmp.execute('system_reset');
  await guest.ready();
  expect(await bootReason()).toBe('power');

  // systemd, whose part it is to feed the watchdog, freezes when it crashes. It is made to bite sooner than the box's.
  const manager = 'org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager';
  await guest.read(`busctl set-property ${manager} RuntimeWatchdogUSec t 10000000 && kill -SEGV 1`);
  await qmp.event('WATCHDOG');
  await guest.ready();
  expect(await bootReason()).toBe('watchdog');

  await guest.read('systemd-run --quiet sh -c "sleep 1; echo c >/proc/sysrq-trigger"');
  await qmp.event('GUEST_PANICKED');
  await guest.ready();
  expect(await bootReason()).toBe('crash');
});
