import assert from 'node:assert/strict';
import type { Firmware, Platform, Slot } from '../contract.ts';
import type { BoxUnderTest, ConformanceCase } from './case.ts';
import { calm, fails, the } from './expect.ts';
import { goneAndBack } from './power.ts';

export const firmware: readonly ConformanceCase[] = [
  {
    capability: 'firmware',
    title: 'One slot is booted, with the version that the box says it runs.',
    async run({ platform }) {
      const booted = await bootedSlot(platform);
      assert.equal(booted.version, (await platform.identity.read()).firmware);
    },
  },
  {
    capability: 'firmware',
    title: 'A bundle is checked without writing: damaged, signed by a stranger, or for another box, it is refused.',
    needs: ['bundles'],
    async run({ platform, fixtures }) {
      const [firmware, bundles] = [the(platform.firmware), the(fixtures.bundles)];
      const before = await firmware.slots();
      assert.deepEqual(await firmware.inspect(bundles.good.file, calm()), { version: bundles.good.version });
      await fails(firmware.inspect(bundles.damaged, calm()), 'BUNDLE_INVALID');
      await fails(firmware.inspect(bundles.stranger, calm()), 'BUNDLE_INVALID');
      await fails(firmware.inspect(bundles.foreign, calm()), 'BUNDLE_INCOMPATIBLE');
      await fails(
        firmware.install(bundles.damaged, () => {}, calm()),
        'BUNDLE_INVALID',
      );
      await fails(
        firmware.install(bundles.stranger, () => {}, calm()),
        'BUNDLE_INVALID',
      );
      await fails(
        firmware.install(bundles.foreign, () => {}, calm()),
        'BUNDLE_INCOMPATIBLE',
      );
      assert.deepEqual(await firmware.slots(), before, 'the slots');
    },
  },
  {
    capability: 'firmware',
    title: 'An installation tells how far it is, and leaves the running slot alone.',
    needs: ['bundles'],
    async run({ platform, fixtures }) {
      const [firmware, { good }] = [the(platform.firmware), the(fixtures.bundles)];
      const running = await bootedSlot(platform);
      const percents: number[] = [];
      const { slot, version } = await firmware.install(good.file, (percent) => percents.push(percent), calm());
      assert.equal(version, good.version);
      assert.notEqual(slot, running.name);
      assert.equal(percents.at(-1), 100);
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
        'progress never goes back',
      );
      assert.deepEqual(await bootedSlot(platform), running);
      const written = (await firmware.slots()).find(({ name }) => name === slot);
      assert.deepEqual([written?.state, written?.version], ['trial', version]);
    },
  },
  {
    capability: 'firmware',
    title: 'An installation that is aborted is not tried at the next start.',
    needs: ['bundles', 'restarted', 'power'],
    async run(box) {
      const before = await bootedSlot(box.platform);
      const { file } = the(box.fixtures.bundles).good;
      const firmware = the(box.platform.firmware);
      const aborting = new AbortController();
      await assert.rejects(
        firmware.install(file, () => aborting.abort(), aborting.signal),
        'aborted while it writes',
      );
      const after = await restart(box);
      assert.equal((await bootedSlot(after)).name, before.name);
    },
  },
  {
    capability: 'firmware',
    title: 'The next start tries the new slot, and keeps it once it is confirmed.',
    needs: ['bundles', 'restarted', 'power'],
    async run(box) {
      const slot = await installAndRestart(box);
      await the(box.platform.firmware).confirm();
      assert.deepEqual([(await bootedSlot(box.platform)).state, slot.state], ['good', 'trial']);
      assert.equal((await bootedSlot(await restart(box))).name, slot.name, 'the slot after another start');
    },
  },
  {
    capability: 'firmware',
    title: 'A slot that is not confirmed is given up at the next start, but not when only the agent starts again.',
    needs: ['bundles', 'restarted', 'power'],
    async run(box) {
      const old = await bootedSlot(box.platform);
      const slot = await installAndRestart(box);
      assert.equal((await bootedSlot(await box.reopen())).name, slot.name, 'the slot when the agent was started again');
      const after = await restart(box);
      assert.equal((await bootedSlot(after)).name, old.name, 'the slot after another start');
      assert.equal((await slotNamed(the(after.firmware), slot.name)).state, 'bad');
    },
  },
  {
    capability: 'firmware',
    title: 'A slot that is rolled back is given up at the next start.',
    needs: ['bundles', 'restarted', 'power'],
    async run(box) {
      const old = await bootedSlot(box.platform);
      const slot = await installAndRestart(box);
      await the(box.platform.firmware).rollBack();
      const after = await restart(box);
      assert.equal((await bootedSlot(after)).name, old.name);
      assert.equal((await slotNamed(the(after.firmware), slot.name)).state, 'bad');
      assert.equal((await after.identity.read()).firmware, old.version);
    },
  },
];

/** Installs the good bundle and restarts; the new slot, as it runs on trial. */
async function installAndRestart(box: BoxUnderTest): Promise<Slot> {
  const { good } = the(box.fixtures.bundles);
  const before = await bootedSlot(box.platform);
  const work = async () => {
    const { slot } = await the(box.platform.firmware).install(good.file, () => {}, calm());
    assert.equal((await bootedSlot(await restart(box))).name, slot);
  };
  await (box.repeat ? box.repeat(work) : work());
  const booted = await bootedSlot(box.platform);
  assert.notEqual(booted.name, before.name);
  assert.deepEqual([booted.version, booted.state], [good.version, 'trial']);
  assert.equal((await box.platform.identity.read()).firmware, good.version);
  return booted;
}

async function restart(box: BoxUnderTest): Promise<Platform> {
  await the(box.platform.power).reboot();
  return goneAndBack(box.restarted);
}

async function bootedSlot(platform: Platform): Promise<Slot> {
  const booted = (await the(platform.firmware).slots()).filter((slot) => slot.booted);
  assert.equal(booted.length, 1, 'one slot is booted');
  return the(booted[0]);
}

async function slotNamed(firmware: Firmware, name: string): Promise<Slot> {
  return the((await firmware.slots()).find((slot) => slot.name === name));
}
