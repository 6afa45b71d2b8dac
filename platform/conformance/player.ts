import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, fails, the } from './expect.ts';

export const player: readonly ConformanceCase[] = [
  {
    capability: 'player',
    title: 'What was asked for is on, then the next, then nothing.',
    needs: ['sources'],
    async run({ platform, fixtures }) {
      const [player, { good, other }] = [the(platform.player), the(fixtures.sources)];
      for (const { url, kind, id, name, number } of [good, other]) {
        await player.play({ url, kind, ...(id && { id }), ...(name && { name }), ...(number && { number }) }, calm());
        const on = player.playing();
        assert.deepEqual([on?.kind, on?.id, on?.name, on?.number], [kind, id, name, number]);
      }
      await player.stop();
      assert.equal(player.playing(), null);
      await player.stop();
    },
  },
  {
    capability: 'player',
    title: 'What cannot be played is PLAYBACK_FAILED, and is not said to be on.',
    needs: ['sources'],
    async run({ platform, fixtures }) {
      const [player, { bad }] = [the(platform.player), the(fixtures.sources)];
      await fails(player.play(bad, calm()), 'PLAYBACK_FAILED');
      assert.notEqual(player.playing()?.url, bad.url);
      await fails(player.play({ kind: 'video', url: 'gopher://127.0.0.1/video' }, calm()), 'PLAYBACK_FAILED');
    },
  },
  {
    capability: 'player',
    title: 'A start that is aborted ends, and the box can play afterwards.',
    needs: ['sources'],
    async run({ platform, fixtures }) {
      const [player, { good }] = [the(platform.player), the(fixtures.sources)];
      await endsOnAbort((signal) => player.play(good, signal), 0);
      await player.play(good, calm());
      assert.equal(player.playing()?.kind, good.kind);
      await player.stop();
    },
  },
];
