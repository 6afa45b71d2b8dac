import { expect, test } from 'vitest';
import { readShares } from '../../../headend/console/src/rollouts/rollout.ts';

test.each([
  ['1, 10, 100', [1, 10, 100]],
  ['0.1% 5% 100%', [0.1, 5, 100]],
  ['100', [100]],
  ['25;50;100', [25, 50, 100]],
])('%s are waves', (text, shares) => {
  expect(readShares(text)).toEqual(shares);
});

test.each(['', '50', '10, 5, 100', '1, 1, 100', '0, 100', 'ten, 100', '50, 101'])('%j are none', (text) => {
  expect(readShares(text)).toBeUndefined();
});
