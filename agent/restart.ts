/** What the actions that take the box down share: the wait for the end, and the proof after it. */
import type { ActionContext, Json } from './action.ts';
import { AgentError } from './errors.ts';
import { limits } from './protocol/limits.ts';

/** Waits for the box to go down, which ends this process. Throws REBOOT_FAILED when it is still up after `goingDownMs`. */
export async function goDown(context: ActionContext, asked: string): Promise<never> {
  await context.sleep(limits.goingDownMs);
  throw new AgentError(
    'REBOOT_FAILED',
    `the box took ${asked} ${limits.goingDownMs / 1000} s ago and is still up; try again, or cut its power`,
  );
}

/**
 * Proves by the kernel's boot id that the box went down and came back since `intent` was committed; a wall clock proves
 * nothing. Throws INTERRUPTED when it did not.
 */
export async function provenRestart(
  context: ActionContext,
  intent: Json,
): Promise<{ bootIdBefore: string; bootIdAfter: string }> {
  const bootIdBefore = String(intent.bootId);
  const bootIdAfter = await context.platform.identity.bootId();
  if (bootIdAfter !== bootIdBefore) return { bootIdBefore, bootIdAfter };
  throw new AgentError('INTERRUPTED', 'the agent restarted but the box did not: its boot id is the same; ask again');
}
