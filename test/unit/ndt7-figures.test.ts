import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { intervals, jitter, mbps, median } from '../../agent/ndt7/figures.ts';
import { ndt7, nextMessageBytes, readMeasurement } from '../../agent/protocol/ndt7.ts';

test('a megabit per second is a million bits in a second', () => {
  expect(mbps(125_000, 1_000)).toBe(1);
  expect(mbps(125_000_000, 10_000)).toBe(100);
  expect(mbps(1_000, 0)).toBe(0);
});

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([])).toBeUndefined();
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
});

test('jitter is the mean step from one value to the next', () => {
  expect(jitter([5])).toBeUndefined();
  expect(jitter([5, 5, 5])).toBe(0);
  expect(jitter([1, 4, 2])).toBe(2.5);
});

test('intervals are at least so long, and the rest at the end belongs to the last one', () => {
  const samples = [100, 500, 700, 1_000, 1_100].map((ms) => ({ ms, bytes: ms * 125 }));
  expect(intervals(samples, 500)).toEqual([
    { at: 0.5, mbps: 1 },
    { at: 1.1, mbps: 1 },
  ]);
  expect(intervals([{ ms: 200, bytes: 25_000 }], 500)).toEqual([{ at: 0.2, mbps: 1 }]);
  expect(intervals([], 500)).toEqual([]);
});

test('whatever the samples are, the intervals cover all of them', () => {
  const steps = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 900 }), bytes: fc.nat(1_000_000) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(steps, (pieces) => {
      const total = { ms: 0, bytes: 0 };
      const samples = pieces.map(({ ms, bytes }) => {
        total.ms += ms;
        total.bytes += bytes;
        return { ...total };
      });
      const found = intervals(samples, 500);
      expect(found.at(-1)?.at).toBeCloseTo(total.ms / 1000, 3);
      let start = 0;
      let bytes = 0;
      for (const { at, mbps: speed } of found) {
        bytes += (speed * 1e6 * (at - start)) / 8;
        start = at;
      }
      expect(Math.abs(bytes - total.bytes)).toBeLessThan(total.bytes * 0.01 + 100 * found.length);
    }),
  );
});

test('messages start at 8 KiB and double up to 1 MiB as the protocol says', () => {
  let bytes: number = ndt7.messageBytes.first;
  let sent = 0;
  const counts = new Map<number, number>();
  while (sent < 64 << 20) {
    bytes = nextMessageBytes(bytes, sent);
    counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
    sent += bytes;
  }
  expect([...counts.keys()]).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((power) => 2 ** power));
  expect([...counts.values()].slice(0, -1)).toEqual([16, 8, 8, 8, 8, 8, 8]);
});

test('what is not a measurement is none, and never an exception', () => {
  expect(readMeasurement('{"TCPInfo":{"BytesReceived":1,"ElapsedTime":2,"State":"x"},"BBRInfo":{}}')).toEqual({
    TCPInfo: { BytesReceived: 1, ElapsedTime: 2 },
  });
  for (const text of ['', 'null', '7', '{', '{"AppInfo":7}', '{"AppInfo":{"NumBytes":-1}}']) {
    expect(readMeasurement(text)).toBeUndefined();
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readMeasurement(text)));
});
