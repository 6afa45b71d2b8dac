import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { the } from './expect.ts';

export const power: readonly ConformanceCase[] = [
  {
    capability: 'power',
    title: 'Standby and wake do what they say, also when asked twice.',
    async run({ platform }) {
      const power = the(platform.power);
      for (const round of ['once', 'twice']) {
        await power.standby();
        assert.equal(await power.state(), 'standby', `after standby, ${round}`);
      }
      for (const round of ['once', 'twice']) {
        await power.wake();
        assert.equal(await power.state(), 'on', `after wake, ${round}`);
      }
    },
  },
  {
    capability: 'power',
    title: 'The agent keeps running in standby: the box answers.',
    async run({ platform }) {
      const power = the(platform.power);
      const bootId = await platform.identity.bootId();
      await power.standby();
      assert.equal(await platform.identity.bootId(), bootId);
      await platform.telemetry.sample();
      await power.wake();
    },
  },
  {
    capability: 'power',
    title: 'A reboot restarts the box, and gives it a new boot id.',
    needs: ['restarted'],
    async run(box) {
      const before = await box.platform.identity.bootId();
      const { id, mac } = await box.platform.identity.read();
      await the(box.platform.power).reboot();
      const after = await goneAndBack(box.restarted);
      assert.notEqual(await after.identity.bootId(), before, 'the boot id');
      const now = await after.identity.read();
      assert.deepEqual([now.id, now.mac], [id, mac], 'who it is');
      assert.equal(await the(after.power).state(), 'on');
    },
  },
  {
    capability: 'power',
    title: 'A box that is switched off comes back with a new boot id when it is switched on.',
    needs: ['restarted'],
    async run(box) {
      const before = await box.platform.identity.bootId();
      await the(box.platform.power).powerOff();
      const after = await goneAndBack(box.restarted);
      assert.notEqual(await after.identity.bootId(), before, 'the boot id');
    },
  },
];

/** That a box does not go down is the driver's fault, and so an assertion. */
export async function goneAndBack<T>(restarted: (() => Promise<T>) | undefined): Promise<T> {
  return the(restarted)().catch((error: Error) => assert.fail(`the box did not restart: ${error.message}`));
}
