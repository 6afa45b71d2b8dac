import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, the } from './expect.ts';

export const audio: readonly ConformanceCase[] = [
  {
    capability: 'audio',
    title: 'The volume is what was set, from 0 to 100.',
    async run({ platform }) {
      const audio = the(platform.audio);
      for (const percent of [0, 37, 100, 20]) {
        assert.equal(await audio.setVolume(percent), percent, 'as setVolume says');
        assert.equal(await audio.volume(), percent, 'read back');
      }
    },
  },
  {
    capability: 'audio',
    title: 'Muting is read back, and leaves the volume as it was.',
    async run({ platform }) {
      const audio = the(platform.audio);
      await audio.setVolume(41);
      for (const muted of [true, false]) {
        await audio.setMuted(muted);
        assert.equal(await audio.muted(), muted);
        assert.equal(await audio.volume(), 41);
      }
    },
  },
  {
    capability: 'audio',
    title: 'The volume outlives the agent.',
    async run(box) {
      await the(box.platform.audio).setVolume(63);
      assert.equal(await the((await box.reopen()).audio).volume(), 63);
    },
  },
  {
    capability: 'audio',
    title: 'A chime ends by itself, and when it is aborted.',
    async run({ platform }) {
      const { chime } = the(platform.audio);
      if (chime === undefined) return;
      await chime(calm());
      await endsOnAbort(chime, 0);
    },
  },
  {
    capability: 'audio',
    title: 'Speech ends by itself, and when it is aborted.',
    async run({ platform }) {
      const { speak } = the(platform.audio);
      if (speak === undefined) return;
      await speak('Lunch is ready.', calm());
      await endsOnAbort((signal) => speak('word '.repeat(500), signal), 50);
    },
  },
];
