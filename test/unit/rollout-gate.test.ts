import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, type Standing, standingsOf } from '../../headend/fleet/rollout-gate.ts';
import { gateReason } from '../../headend/fleet/rollout-reason.ts';
import { sample } from '../../headend/fleet/rollout-sample.ts';
import { boxesUpTo, dealOut } from '../../headend/fleet/rollout-waves.ts';

const standing = (more: Partial<Standing>): Standing => ({ healthy: 0, failed: 0, underWay: 0, waiting: 0, ...more });

describe('the gate of a wave', () => {
  test.each([
    ['is open while boxes are under way', { underWay: 2 }, 95, false, 'open'],
    ['is met as soon as enough of the whole wave are healthy', { healthy: 19, waiting: 1 }, 95, false, 'met'],
    ['is open as long as it can still be met', { healthy: 1, failed: 1, waiting: 18 }, 95, false, 'open'],
    ['is lost as soon as it cannot be met any more', { failed: 2, waiting: 18 }, 95, false, 'lost'],
    [
      'is lost by a single failure where all have to be healthy',
      { healthy: 98, failed: 1, underWay: 1 },
      100,
      false,
      'lost',
    ],
    ['is met by a wave without boxes', {}, 95, false, 'met'],
    ['does not count boxes that are off once it has waited for them', { healthy: 3, waiting: 97 }, 95, true, 'met'],
    ['asks for its share of those that answered', { healthy: 3, failed: 1, waiting: 96 }, 95, true, 'lost'],
    ['is lost when nobody answered at all', { waiting: 4 }, 95, true, 'lost'],
    ['waits for a box that took the image late before it says so', { underWay: 1, waiting: 3 }, 95, true, 'open'],
  ] as const)('%s', (_title, counts, gate, isOver, verdict) => {
    expect(judge(standing(counts), gate, isOver)).toBe(verdict);
  });

  test('what is met is never lost by what is still to come, and what is lost is never met', () => {
    const count = fc.nat(40);
    fc.assert(
      fc.property(
        fc.record({ healthy: count, failed: count, underWay: count, waiting: count }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.nat(80),
        (before, gate, good) => {
          const verdict = judge(before, gate, false);
          const open = before.underWay + before.waiting;
          const healthy = Math.min(good, open);
          const after = standing({ healthy: before.healthy + healthy, failed: before.failed + open - healthy });
          if (verdict !== 'open') expect(judge(after, gate, true)).toBe(verdict);
          expect(judge(after, gate, false)).toBe(judge(after, gate, true));
        },
      ),
    );
  });

  test('cancelled and excused boxes are not asked for', () => {
    const found = standingsOf(
      [
        { wave: 0, state: 'healthy', excused: 0, count: 1 },
        { wave: 0, state: 'failed', excused: 1, count: 2 },
        { wave: 0, state: 'cancelled', excused: 0, count: 3 },
        { wave: 1, state: 'lost', excused: 0, count: 4 },
        { wave: 1, state: 'proving', excused: 0, count: 5 },
        { wave: 1, state: 'taken', excused: 0, count: 6 },
      ],
      2,
    );
    expect(found).toEqual([standing({ healthy: 1 }), standing({ failed: 4, waiting: 5, underWay: 6 })]);
  });
});

describe('why it stopped', () => {
  const lost = { wave: 0, gate: 95, patienceMs: 30 * 60_000, isOver: false };

  test('says the wave, the boxes, the reason of the most and the gate', () => {
    const reasons = [
      { wave: 0, code: 'FELL_BACK', message: 'slot B did not prove healthy', count: 2 },
      { wave: 1, code: 'TIMEOUT', message: null, count: 9 },
    ];
    expect(gateReason({ ...lost, standing: standing({ failed: 2 }), reasons })).toBe(
      'Wave 1: 2 of 2 boxes failed: FELL_BACK (2), slot B did not prove healthy. The gate asks for 95% healthy.',
    );
  });

  test('counts only the boxes that answered once it has waited for the others', () => {
    const reasons = [{ wave: 1, code: 'NO_ANSWER', message: null, count: 1 }];
    const said = gateReason({
      ...lost,
      wave: 1,
      isOver: true,
      standing: standing({ healthy: 3, failed: 1, waiting: 6 }),
      reasons,
    });
    expect(said).toBe('Wave 2: 1 of 4 boxes that answered failed: NO_ANSWER (1). The gate asks for 95% healthy.');
  });

  test('says that nobody answered', () => {
    expect(gateReason({ ...lost, isOver: true, standing: standing({ waiting: 1 }), reasons: [] })).toMatch(
      /^Wave 1: none of 1 box answered within 30 min/,
    );
  });
});

describe('the waves', () => {
  test('hold every box once, in order, and the first is never empty', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 300 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 6 }),
        (boxes, tenths) => {
          const shares = [...tenths.sort((a, b) => a - b).map((tenth) => tenth / 10), 100];
          const waves = dealOut(boxes, shares);
          expect(waves.flatMap((wave) => wave.boxes)).toEqual(boxes);
          expect(waves[0]?.boxes.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('come up to their share, rounded up', () => {
    expect([1, 10, 100].map((share) => boxesUpTo(share, 20))).toEqual([1, 2, 20]);
    expect(boxesUpTo(0.1, 1_000)).toBe(1);
    expect(boxesUpTo(10, 1_000_000)).toBe(100_000);
  });

  test('are a sample that is the same each time, and another one for each rollout', () => {
    const boxes = Array.from({ length: 100 }, (_, index) => `box ${index}`);
    expect(sample(boxes, 'a')).toEqual(sample([...boxes].reverse(), 'a'));
    expect(sample(boxes, 'a')).not.toEqual(sample(boxes, 'b'));
    expect(sample(boxes, 'a').sort()).toEqual([...boxes].sort());
  });
});
