import assert from 'node:assert/strict';
import { keyNames, PlatformError } from '../contract.ts';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, soon, the } from './expect.ts';

export const keys: readonly ConformanceCase[] = [
  {
    capability: 'keys',
    title: 'The volume keys change the volume.',
    needs: ['audio'],
    async run({ platform }) {
      const [keys, audio] = [the(platform.keys), the(platform.audio)];
      await audio.setVolume(50);
      await keys.press('VOL_UP', calm());
      await soon(async () => (await audio.volume()) > 50, 'VOL_UP turns the sound up');
      await audio.setVolume(50);
      await keys.press('VOL_DOWN', calm());
      await soon(async () => (await audio.volume()) < 50, 'VOL_DOWN turns the sound down');
    },
  },
  {
    capability: 'keys',
    title: 'Every key of the remote control is taken, or refused as UNSUPPORTED.',
    async run({ platform }) {
      const keys = the(platform.keys);
      // POWER is in the next case: here it would leave the box in standby.
      for (const key of keyNames.filter((name) => name !== 'POWER')) {
        await keys.press(key, calm()).catch((error: unknown) => {
          const refused = error instanceof PlatformError && error.code === 'UNSUPPORTED';
          assert.ok(refused, `${key}: ${error}`);
        });
      }
      await keys.press('EXIT', calm());
    },
  },
  {
    capability: 'keys',
    title: 'The power key goes to standby and back.',
    needs: ['power'],
    async run({ platform }) {
      const [keys, power] = [the(platform.keys), the(platform.power)];
      await power.wake();
      await soon(async () => (await power.state()) === 'on', 'the box is awake');
      await keys.press('POWER', calm());
      await soon(async () => (await power.state()) === 'standby', 'POWER goes to standby');
      await keys.press('POWER', calm());
      await soon(async () => (await power.state()) === 'on', 'POWER wakes the box');
    },
  },
  {
    capability: 'keys',
    title: 'A key whose signal is aborted is not pressed.',
    needs: ['audio'],
    async run({ platform }) {
      const [keys, audio] = [the(platform.keys), the(platform.audio)];
      await audio.setVolume(50);
      await assert.rejects(keys.press('VOL_UP', AbortSignal.abort()));
      assert.equal(await audio.volume(), 50);
      await endsOnAbort((signal) => keys.press('NOOP', signal), 0);
    },
  },
];
