import { expect, test } from 'vitest';
import { createTurns } from '../../../agent/upstreams/turns.ts';

test('so many run at once, the others in the order they came', async () => {
  const inTurn = createTurns(2, 100);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const calls = [0, 1, 2, 3].map((index) =>
    inTurn(() => {
      started.push(index);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1]);
  for (let next = 2; next < 4; next += 1) {
    ends.shift()?.();
    await new Promise(setImmediate);
    expect(started).toHaveLength(next + 1);
  }
  for (const end of ends) end();
  await Promise.all(calls);
});

test('a call that fails gives its place to the next', async () => {
  const inTurn = createTurns(1, 100);
  const failing = inTurn(() => Promise.reject(new Error('broken')));
  const next = inTurn(() => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('when too many wait, one more is refused', async () => {
  const inTurn = createTurns(1, 1);
  const first = Promise.withResolvers<void>();
  const calls = [inTurn(() => first.promise), inTurn(() => Promise.resolve())];
  await expect(inTurn(() => Promise.resolve())).rejects.toThrow(/send it later/);
  first.resolve();
  await Promise.all(calls);
});
