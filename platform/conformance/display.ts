import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, the } from './expect.ts';
import { decodePng } from './png.ts';

export const display: readonly ConformanceCase[] = [
  {
    capability: 'display',
    title: 'A screenshot is a whole PNG of the size it says.',
    async run({ platform }) {
      const { png, width, height } = await the(platform.display).screenshot(calm());
      const picture = decodePng(png);
      assert.deepEqual([picture.width, picture.height], [width, height]);
      assert.ok(width >= 160 && height >= 120, `${width}×${height} is a screen`);
    },
  },
  {
    capability: 'display',
    title: 'A message on the screen is on the screenshot.',
    needs: ['ui'],
    async run({ platform }) {
      const [display, ui] = [the(platform.display), the(platform.ui)];
      const before = decodePng((await display.screenshot(calm())).png);
      const ending = new AbortController();
      const shown = Promise.withResolvers<void>();
      const html = '<h1>Conformance</h1>';
      const message = ui.message({ html, durationMs: 60_000, shown: shown.resolve }, ending.signal).catch(() => {});
      await Promise.race([shown.promise, message]);
      const during = decodePng((await display.screenshot(calm())).png);
      ending.abort();
      await message;
      assert.ok(!during.data.equals(before.data), 'the picture with a message is the one without');
    },
  },
  {
    capability: 'display',
    title: 'A screenshot whose signal is aborted is not taken.',
    async run({ platform }) {
      const display = the(platform.display);
      await endsOnAbort((signal) => display.screenshot(signal), 0);
      decodePng((await display.screenshot(calm())).png);
    },
  },
];
