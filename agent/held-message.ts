/** A message that stays on the screen for as long as somebody wants it there. */
import type { Platform } from '../platform/contract.ts';
import { need } from './action.ts';
import { cleanHtml } from './message-html.ts';

/** How long it is shown before it is shown again, in milliseconds. */
const heldMs = 3_600_000;

/** Shows a message, again and again where the viewer dismisses it; `shown` is called when it is first on the screen. Rejects when `signal` is aborted. */
export async function showHeld(
  platform: Platform,
  html: string,
  shown: () => void,
  signal: AbortSignal,
): Promise<void> {
  const ui = need(platform, 'ui');
  const clean = await cleanHtml(html);
  await ui.message({ html: clean, durationMs: heldMs, shown }, signal);
  while (!signal.aborted) await ui.message({ html: clean, durationMs: heldMs }, signal);
}
