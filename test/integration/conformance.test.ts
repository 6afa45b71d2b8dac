import { AssertionError } from 'node:assert';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BoxUnderTest, conformance, skips } from '../../platform/conformance.ts';
import { PlatformError } from '../../platform/contract.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import type { After } from '../support/undo.ts';
import { openBoxUnderTest, type Wrap } from './conformance-box.ts';
import { createSurroundings } from './conformance-fixtures.ts';
import { wrongDrivers } from './conformance-wrong-drivers.ts';

/** A box with surroundings of its own, for the others run at the same time. */
async function openBox(after: After, wrap?: Wrap): Promise<BoxUnderTest> {
  const folder = temporaryDirectory(after);
  const { fixtures, bundleKey, close } = await createSurroundings(join(folder, 'fixtures'));
  after(close);
  const box = await openBoxUnderTest(join(folder, 'box'), fixtures, bundleKey, wrap);
  after(() => box.close());
  return box;
}

describe.concurrent('the simulated box keeps the platform contract', () => {
  it.for(conformance)('$capability: $title', async (promise, { onTestFinished }) => {
    const box = await openBox(onTestFinished);
    expect(skips(promise, box)).toBeUndefined();
    await promise.run(box);
  });
});

describe.concurrent('the suite finds a wrong driver', () => {
  it.for(wrongDrivers)('$capability: $lie', async ({ capability, wrap }, { onTestFinished }) => {
    const box = await openBox(onTestFinished, wrap);
    const failures: unknown[] = [];
    for (const promise of conformance.filter((each) => each.capability === capability)) {
      await promise.run(box).catch((error) => failures.push(error));
      if (failures.length > 0) break;
    }
    expect(failures[0]).toSatisfy((error) => error instanceof AssertionError || error instanceof PlatformError);
  });
});
