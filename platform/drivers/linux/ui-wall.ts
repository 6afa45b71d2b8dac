import { setTimeout as wait } from 'node:timers/promises';
import type { Ui } from '../../contract.ts';
import type { UiPage } from './page.ts';
import { wallScript } from './ui-overlay.ts';

/** How often a user interface that has gone is looked for, while its screen is to be blocked. */
const lookMs = 2_000;
const applyMs = 10_000;

/**
 * Blocks the screen of a page. Where that has gone, or is not there yet, it is looked for until it comes: a box that was cut off stays so
 * when its browser is started again.
 */
export function createWall(page: UiPage): { block: NonNullable<Ui['block']> } {
  let wanted: string | null = null;
  let looking = false;

  const apply = async () => {
    const signal = AbortSignal.timeout(applyMs);
    await page.runInEveryDocument('wall', wanted === null ? null : wallScript(wanted), signal);
    await page.run(wallScript(wanted), signal);
  };
  const look = async () => {
    if (looking) return;
    looking = true;
    let stands = false;
    while (wanted !== null && !stands && !page.closed.aborted) {
      stands = await apply().then(
        () => true,
        () => false,
      );
      if (!stands) await wait(lookMs, undefined, { ref: false });
    }
    looking = false;
  };
  page.onLost(() => void look());

  return {
    async block(html) {
      wanted = html;
      try {
        await apply();
      } catch (error) {
        void look();
        throw error;
      }
    },
  };
}
