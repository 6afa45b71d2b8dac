import { afterEach, expect, test, vi } from 'vitest';
import { createClock } from '../../agent/clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Sets the wall clock alone; the monotonic clock goes on. */
function setWall(text: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(text) });
}

test('somebody setting the wall clock moves nothing', () => {
  setWall('2026-11-21T12:00:00Z');
  const clock = createClock({ seenAt: 0 });
  const before = clock.now();
  setWall('2031-01-01T00:00:00Z');
  expect(clock.now() - before).toBeLessThan(60_000);
  setWall('2026-11-21T03:00:00Z');
  expect(clock.now() - before).toBeGreaterThanOrEqual(0);
});

test('a clock before anything this box has seen is unknown, and anchored once it becomes plausible', () => {
  setWall('1970-01-01T00:00:10Z');
  const clock = createClock({ seenAt: 0 });
  expect(clock.isSet()).toBe(false);
  setWall('2026-11-21T12:00:00Z');
  expect(clock.isSet()).toBe(true);
  expect(Math.abs(clock.now() - Date.parse('2026-11-21T12:00:00Z'))).toBeLessThan(60_000);
});

test('a clock that lies before the newest journal entry is unknown', () => {
  setWall('2026-11-21T12:00:00Z');
  expect(createClock({ seenAt: Date.parse('2026-12-24T00:00:00Z') }).isSet()).toBe(false);
});

test('a clock is anchored anew once, when the box says that it is synchronised', () => {
  let synchronised = false;
  setWall('2026-11-21T12:00:00Z');
  const clock = createClock({ seenAt: 0, synchronised: () => synchronised });
  setWall('2026-11-21T15:00:00Z');
  expect(clock.now()).toBeLessThan(Date.parse('2026-11-21T12:30:00Z'));
  synchronised = true;
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-21T15:00:00Z'));
  setWall('2026-11-21T20:00:00Z');
  expect(clock.now()).toBeLessThan(Date.parse('2026-11-21T16:00:00Z'));
});
