import fc from 'fast-check';
import { testSeed } from '../support/seed.ts';

/** Whether the whole run was asked for, as `npm run test:system` does, or a sample of it. */
export const isFullRun = process.env.STB_TEST_FULL === '1';

/** What a test gets on a machine with much else to do. A peer that hangs is found long before. */
export const fuzzTimeoutMs = isFullRun ? 3_600_000 : 900_000;

/** Everything that is generated follows from this number. */
export const seed = testSeed();

/** Says the seed, so that a run can be repeated. */
export function announceSeed(what: string, count: number): void {
  process.stdout.write(`fuzz: ${count} ${what}, STB_TEST_SEED=${seed}${isFullRun ? ' STB_TEST_FULL=1' : ''}\n`);
}

/** The `batch`-th part of what the seed generates: each batch is a new beginning, so that none depends on the others. */
export function generate<T>(arbitrary: fc.Arbitrary<T>, batch: number, count: number): T[] {
  // Fibonacci hashing spreads the seeds, so that those of two runs do not share their batches.
  return fc.sample(arbitrary, { seed: (Math.imul(seed, 0x9e3779b1) + batch) | 0, numRuns: count });
}

/** Runs one part of a test; whatever it throws says how to repeat it. */
export async function repeatable<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`STB_TEST_SEED=${seed}, ${what}: ${reason}`, { cause });
  }
}
