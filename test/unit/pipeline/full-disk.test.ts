import { expect, test } from 'vitest';
import { openPipeline } from '../../support/pipeline.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const message = (id: string, type: string) => ({ v: 1, kind: 'action', id, type, params: {} });

test('an agent that starts again with a full disk repeats what ran, and settles it when there is space', async () => {
  const disk = { full: false };
  const never = new Promise<never>(() => {});
  let runs = 0;
  const bench = await openPipeline({
    directory: temporaryDirectory(),
    actions: { UI: { run: () => (++runs === 1 ? never : Promise.resolve({ runs })) } },
    isFull: () => disk.full,
  });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  disk.full = true;
  const next = await bench.crash();
  next.connect();
  await next.clock.advance(5_000);
  expect(runs).toBe(2);
  expect(next.reports('a').map(({ state }) => state)).not.toContain('done');
  disk.full = false;
  await next.clock.advance(5_000);
  expect(next.reports('a').at(-1)).toMatchObject({ state: 'done' });
});

test('with a full disk an action that may use the reserve goes through its whole life, and others are refused beside it', async () => {
  const disk = { full: false };
  const bench = await openPipeline({
    directory: temporaryDirectory(),
    actions: {
      REBOOT: { idempotent: false, mayUseReserve: true, prepare: async () => ({ bootId: 'x' }) },
      SCRIPT: { idempotent: false },
    },
    isFull: () => disk.full,
  });
  disk.full = true;
  bench.connect();
  await bench.receive(message('a', 'REBOOT'));
  await bench.clock.advance(1_000);
  expect(bench.reports('a').map(({ state }) => state)).toEqual(['accepted', 'started', 'done']);
  const refused = bench.receive({ ...message('b', 'SCRIPT'), params: { script: 'http://site.example/x' } });
  await bench.clock.advance(1_000);
  await refused;
  expect(bench.reports('b').at(-1)).toMatchObject({ state: 'refused', error: { code: 'STORAGE' } });
  expect(bench.faults()).toHaveLength(1);
});
