import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { untilNextPoll } from '../../../agent/upstreams/ministra-grid.ts';

const noon = Date.UTC(2026, 10, 21, 12);

test('the next place is a whole number of periods from midnight, plus the slot', () => {
  expect(untilNextPoll(noon, { periodSeconds: 120, slotSeconds: 0 })).toBe(120_000);
  expect(untilNextPoll(noon, { periodSeconds: 120, slotSeconds: 7 })).toBe(7_000);
  expect(untilNextPoll(noon + 7_000, { periodSeconds: 120, slotSeconds: 7 })).toBe(120_000);
  expect(untilNextPoll(noon + 119_000, { periodSeconds: 120, slotSeconds: 0 })).toBe(1_000);
});

test("midnight is the portal's", () => {
  // Noon in UTC is 17:30 in Calcutta, 63,000 s after midnight there.
  const grid = { periodSeconds: 1_000, slotSeconds: 0 };
  expect(untilNextPoll(noon, { ...grid, zone: 'UTC' })).toBe(800_000);
  expect(untilNextPoll(noon + 1, { ...grid, zone: 'Asia/Calcutta' })).toBe(999_999);
});

test('the grid begins anew at midnight', () => {
  const almostMidnight = Date.UTC(2026, 10, 21, 23, 59, 50);
  expect(untilNextPoll(almostMidnight, { periodSeconds: 108, slotSeconds: 3 })).toBe(13_000);
});

test('no gap is longer than the period, whatever the time, the zone and the slot, or the box would be shown as offline', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Kiev', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', undefined);
  const period = fc.double({ min: 0.1, max: 3_600, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      period,
      fc.double({ min: 0, max: 3_600, noNaN: true }),
      zones,
      (now, periodSeconds, slotSeconds, zone) => {
        const gap = untilNextPoll(now, { periodSeconds, slotSeconds, zone });
        expect(gap).toBeGreaterThan(0);
        expect(gap).toBeLessThanOrEqual(Math.max(1, periodSeconds * 1000 + 1e-6));
      },
    ),
  );
});
