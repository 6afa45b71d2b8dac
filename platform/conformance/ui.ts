import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, fails, the } from './expect.ts';

const html = '<b>Conformance</b>';

export const ui: readonly ConformanceCase[] = [
  {
    capability: 'ui',
    title: 'A message stays until its time is out, and says so; it is shown once.',
    async run({ platform }) {
      let shown = 0;
      const message = { html, durationMs: 300, shown: () => (shown += 1) };
      assert.equal(await the(platform.ui).message(message, calm()), 'timeout');
      assert.equal(shown, 1);
    },
  },
  {
    capability: 'ui',
    title: 'A message that the viewer dismisses says so.',
    needs: ['keys'],
    async run({ platform }) {
      const [ui, keys] = [the(platform.ui), the(platform.keys)];
      let pressed: Promise<void> | undefined;
      const shown = () => {
        pressed = keys.press('OK', calm());
      };
      assert.equal(await ui.message({ html, durationMs: 10_000, shown }, calm()), 'dismissed');
      await pressed;
    },
  },
  {
    capability: 'ui',
    title: 'A message that is aborted goes, and the next one is shown.',
    async run({ platform }) {
      const ui = the(platform.ui);
      await endsOnAbort((signal) => ui.message({ html, durationMs: 60_000 }, signal), 100);
      assert.equal(await ui.message({ html, durationMs: 100 }, calm()), 'timeout');
    },
  },
  {
    capability: 'ui',
    title: 'JavaScript answers with its JSON value, a promise with what it becomes.',
    async run({ platform }) {
      const ui = the(platform.ui);
      assert.equal(await ui.evaluate('6 * 7', calm()), 42);
      assert.deepEqual(await ui.evaluate('({ list: [1, "two", null, true] })', calm()), {
        list: [1, 'two', null, true],
      });
      assert.equal(await ui.evaluate('Promise.resolve("later")', calm()), 'later');
      assert.equal((await ui.evaluate('undefined', calm())) ?? null, null);
      // Numbers that JSON cannot hold come as they are written.
      assert.equal(await ui.evaluate('10n ** 20n', calm()), '100000000000000000000n');
      assert.equal(await ui.evaluate('0 / 0', calm()), 'NaN');
    },
  },
  {
    capability: 'ui',
    title: 'An exception is SCRIPT_ERROR, with its message.',
    async run({ platform }) {
      const ui = the(platform.ui);
      await fails(ui.evaluate('throw new Error("conformance exception")', calm()), 'SCRIPT_ERROR');
      await assert.rejects(ui.evaluate('throw new Error("conformance exception")', calm()), /conformance exception/);
      await fails(ui.evaluate('this is not JavaScript', calm()), 'SCRIPT_ERROR');
      await fails(ui.evaluate('Promise.reject(new Error("no"))', calm()), 'SCRIPT_ERROR');
    },
  },
  {
    capability: 'ui',
    title: 'An endless loop ends when it is aborted, and the interface answers afterwards.',
    async run({ platform }) {
      const ui = the(platform.ui);
      await endsOnAbort((signal) => ui.evaluate('for (;;) {}', signal), 200);
      assert.equal(await ui.evaluate('1 + 1', calm()), 2);
    },
  },
  {
    capability: 'ui',
    title: 'A reload forgets what scripts have left behind.',
    async run({ platform }) {
      const ui = the(platform.ui);
      await ui.evaluate('window.conformance = 1', calm());
      await ui.reload(calm());
      assert.equal(await ui.evaluate('typeof window.conformance', calm()), 'undefined');
    },
  },
  {
    capability: 'ui',
    title:
      'A blocked screen, where the box has one, keeps its wall over keys and a reload, and is as before when it is freed.',
    needs: ['display', 'keys'],
    async run({ platform }) {
      const [ui, keys, display] = [the(platform.ui), the(platform.keys), the(platform.display)];
      if (ui.block === undefined) return;
      const picture = async () => Buffer.from((await display.screenshot(calm())).png).toString('base64');
      await ui.block('<b>One</b>');
      const one = await picture();
      await ui.block('<b>Another conformance wall</b>');
      const wall = await picture();
      assert.notEqual(wall, one, 'another text must be another picture');
      for (const key of ['OK', 'EXIT', 'BACK', 'MENU'] as const) await keys.press(key, calm());
      await ui.reload(calm());
      assert.equal(await picture(), wall, 'the wall must be what it was, with nothing before it');
      await ui.block(null);
      assert.notEqual(await picture(), wall, 'the wall must be gone');
    },
  },
  {
    capability: 'ui',
    title: "A debugger's target script is loaded from a server that has one, else DEVICE_FAILED.",
    needs: ['debugServers'],
    async run({ platform, fixtures }) {
      const [ui, { good, dead }] = [the(platform.ui), the(fixtures.debugServers)];
      await ui.debug(good, calm());
      await fails(ui.debug(dead, calm()), 'DEVICE_FAILED');
    },
  },
];
