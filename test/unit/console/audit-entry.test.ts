import { expect, test } from 'vitest';
import { sayGiven } from '../../../headend/console/src/audit/entry.ts';
import { showTime } from '../../../headend/console/src/format.ts';

const say = (given: Record<string, unknown>) => sayGiven(given, () => undefined);

test('a time in the audit is said in the zone of the viewer', () => {
  const when = '2026-12-01T21:08:02.714Z';
  expect(say({ when, spread: 60 })).toBe(`when ${showTime(when)}, spread 60`);
  expect(say({ when: '2026-13-41T21:08:02Z' })).toBe('when 2026-13-41T21:08:02Z');
});

test('boxes and groups are not said by their ids again: they stand as whom it is about', () => {
  expect(say({ boxes: ['01a22e48a08119e76e12a2be'], groups: ['01a22e48a08119e76e12a2bf'], gate: 95 })).toBe('gate 95');
});
