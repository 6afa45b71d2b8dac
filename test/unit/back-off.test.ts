import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackOff } from '../../agent/upstreams/back-off.ts';

const range = { first: 500, max: 60_000 };
const take = (count: number, random: () => number) => {
  const backOff = createBackOff(range, random);
  return Array.from({ length: count }, () => backOff.next());
};

test('the longest wait doubles from the first on, up to the most', () => {
  const longest = take(9, () => 1);
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test('the shortest wait stays at half of the first, so that it is never a hot loop', () => {
  expect(take(9, () => 0)).toEqual(Array.from({ length: 9 }, () => 250));
});

test('boxes that lose the same headend do not come back together', () => {
  const first = Array.from({ length: 1000 }, () => createBackOff(range).next());
  const tenths = new Set(first.map((ms) => Math.floor((ms - 250) / 25)));
  expect(tenths.size).toBe(10);
});

test('a reset starts over', () => {
  const backOff = createBackOff(range, () => 1);
  for (let tries = 0; tries < 5; tries += 1) backOff.next();
  backOff.reset();
  expect(backOff.next()).toBe(500);
});

test('however long it goes on, a wait lies between half of the first and the most', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(random, fc.integer({ min: 1, max: 5000 }), (value, tries) => {
      const last = take(tries, () => value).at(-1) ?? 0;
      return last >= range.first / 2 && last <= range.max;
    }),
    { numRuns: 50 },
  );
});
