import { expect, test } from 'vitest';
import { openPipeline } from '../../support/pipeline.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const action = (id: string, over: object = {}) => ({ v: 1, kind: 'action', id, type: 'UI', params: {}, ...over });

async function open(run: () => Promise<Record<string, unknown>> = async () => ({})) {
  const bench = await openPipeline({ directory: temporaryDirectory(), actions: { UI: { run } } });
  bench.connect();
  return bench;
}

test('a cancel right behind its action cancels it', async () => {
  let runs = 0;
  const bench = await open(async () => ({ runs: ++runs }));
  const when = '2026-11-21T13:00:00Z';
  await Promise.all([bench.receive(action('a', { when })), bench.receive({ v: 1, kind: 'cancel', id: 'a' })]);
  await bench.clock.advance(7_200_000);
  expect(bench.reports('a').map(({ state }) => state)).toContain('cancelled');
  expect(runs).toBe(0);
});

test('an unreadable message with the id of a waiting action is refused and does not end that action', async () => {
  const bench = await open();
  await bench.receive(action('a', { when: '2026-11-21T13:00:00Z' }));
  await bench.receive(action('a', { v: 2 }));
  await bench.clock.advance(7_200_000);
  const refusals = bench.sent.filter((message) => message.kind === 'report' && message.state === 'refused');
  expect(refusals).toMatchObject([{ id: null, error: { code: 'BAD_MESSAGE', message: expect.stringContaining('a') } }]);
  expect(new Set(bench.reports('a').map(({ state }) => state))).toEqual(new Set(['accepted', 'started', 'done']));
});

test('an unreadable message right behind the action of its id does not end that action', async () => {
  const bench = await open();
  await Promise.all([bench.receive(action('a')), bench.receive(action('a', { v: 2 }))]);
  await bench.clock.advance(1_000);
  expect(bench.reports('a').map(({ state }) => state)).toEqual(['accepted', 'started', 'done']);
});
