import { setTimeout as wait } from 'node:timers/promises';

/**
 * Resolves with the first truthy value of `condition`, asked again and again; throws after `timeoutMs` with `what` was awaited.
 * A condition that throws counts as not yet true, and its last error is the cause.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what = 'the condition',
  timeoutMs = 45_000,
  everyMs = 10,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      const value = await condition();
      if (value) return value as NonNullable<Exclude<T, false>>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await wait(everyMs);
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}
