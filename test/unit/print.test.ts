import { expect, test } from 'vitest';
import { duration } from '../../agent/print.ts';

test('a duration is said in its two largest units', () => {
  expect(duration(0)).toBe('0 s');
  expect(duration(59)).toBe('59 s');
  expect(duration(413)).toBe('6 min 53 s');
  expect(duration(86_400)).toBe('1 d 0 h');
});
