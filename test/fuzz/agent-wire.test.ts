import { describe, test } from 'vitest';
import { announceSeed, fuzzTimeoutMs, isFullRun, repeatable, seed } from './seed.ts';
import { hostileHeadends, startUnderFire } from './under-fire.ts';

/** As many connections in a row may be lost before the agent's back-off makes the test long. */
const groupSize = 3;

describe.each(Object.entries(hostileHeadends))('what is not even a message over %s', (name, open) => {
  test('costs the agent a connection at most', { timeout: fuzzTimeoutMs }, async () => {
    const all = await breaches();
    const groups = Array.from({ length: Math.ceil(all.length / groupSize) }, (_, at) =>
      all.slice(at * groupSize, (at + 1) * groupSize),
    );
    const chosen = isFullRun ? groups : [groups[seed % groups.length]!];
    announceSeed(`breaches of the protocol over ${name}`, chosen.flat().length);
    for (const group of chosen) await commit(group);
  });

  async function breaches(): Promise<string[]> {
    const headend = await open(() => {});
    await headend.close();
    return Object.keys(headend.breaches);
  }

  /** Commits breaches on one agent, one after the other; after each it must answer a good action. */
  async function commit(group: readonly string[]): Promise<void> {
    const { headend, answers } = await startUnderFire(open);
    await answers();
    for (const what of group) {
      await repeatable(`${name}, ${what}`, async () => {
        headend.breaches[what]?.();
        await answers();
      });
    }
  }
});
