import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { PlatformError, type Ui, type UiMessage } from '../../contract.ts';
import type { RunOutcome, UiPage } from './page.ts';
import { debugScript } from './ui-debug.ts';
import { endedScript, removeScript, showScript } from './ui-overlay.ts';
import { createVisit } from './ui-visit.ts';
import { createWall } from './ui-wall.ts';

/** The user interface that a page shows. What a viewer is to see wakes the box first. */
export function createUi(page: UiPage, wake: () => Promise<void>): Ui {
  const [wall, visit] = [createWall(page), createVisit(page)];
  return {
    async message(message, signal) {
      await wake();
      return showMessage(page, message, signal);
    },
    async reload(signal) {
      await wake();
      await visit.comeHome(signal);
    },
    block: wall.block,
    async open(url, signal) {
      await wake();
      await visit.open(url, signal);
    },
    async evaluate(js, signal) {
      return valueIn(await page.run(js, signal), page.name);
    },
    async debug(server, signal) {
      const { now, always } = debugScript(server);
      const timeout = AbortSignal.timeout(debugMs);
      const outcome = await page.run(now, AbortSignal.any([signal, timeout])).catch((error) => {
        signal.throwIfAborted();
        if (timeout.aborted) return { thrown: `nothing came within ${debugMs / 1000} s` };
        throw error;
      });
      if ('thrown' in outcome) throw notLoaded(server, outcome.thrown);
      valueIn(outcome, page.name);
      await page.runInEveryDocument('debug', always, signal);
    },
  };
}

const debugMs = 15_000;
/** What the page's own clock may be late. */
const lateMs = 2_000;
/** Between a document that was left and the next one that can show the message again. */
const againMs = 300;
const removeMs = 2_000;

/** Shows it until it has ended; a document that is left meanwhile shows it again for the rest of the time. */
async function showMessage(
  page: UiPage,
  { html, durationMs, shown }: UiMessage,
  signal: AbortSignal,
): Promise<'dismissed' | 'timeout'> {
  const id = randomUUID();
  let end: number | undefined;
  const leftMs = () => (end === undefined ? durationMs : Math.max(0, end - performance.now()));
  const isUp = () => {
    if (end !== undefined) return;
    end = performance.now() + durationMs;
    shown?.();
  };
  try {
    while (leftMs() > 0) {
      const outcome = await page.run(showScript({ id, html, durationMs: leftMs() }), signal);
      if (!('gone' in outcome)) valueIn(outcome, page.name);
      if ('value' in outcome) isUp();
      const late = AbortSignal.timeout(Math.ceil(leftMs() + lateMs));
      const ended = await page.run(endedScript(id), AbortSignal.any([signal, late])).catch((error) => {
        if (late.aborted && !signal.aborted) return { value: 'late' };
        throw error;
      });
      if ('value' in ended && ended.value === 'late') return 'timeout';
      if ('value' in ended && (ended.value === 'dismissed' || ended.value === 'timeout')) {
        // The answer that it was painted may have been lost.
        isUp();
        return ended.value;
      }
      if ('thrown' in ended) valueIn(ended, page.name);
      await wait(againMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    return 'timeout';
  } catch (error) {
    await page.run(removeScript(id), AbortSignal.timeout(removeMs)).catch(() => {});
    throw error;
  }
}

/** The value, or what else came of the script as an error. */
function valueIn(outcome: RunOutcome, name: string): unknown {
  if ('value' in outcome) return outcome.value;
  if ('thrown' in outcome)
    throw new PlatformError('SCRIPT_ERROR', `the script threw ${outcome.thrown}`.slice(0, 2_000));
  throw new PlatformError(
    'DEVICE_FAILED',
    `${name} left the document while the script ran: ${outcome.gone}; try again`,
  );
}

function notLoaded(server: string, reason: string): PlatformError {
  return new PlatformError(
    'DEVICE_FAILED',
    `loading a debugger's target script from ${server} into the user interface: ${reason}; is the debug server running, and does the page's content security policy allow it?`,
  );
}
