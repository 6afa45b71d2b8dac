import { expect, test } from 'vitest';
import { limits } from '../../../agent/protocol/limits.ts';
import type { BoxMessage } from '../../../agent/protocol/messages.ts';
import { openPipeline } from '../../support/pipeline.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const ids = Array.from({ length: 300 }, (_, number) => `a${number}`);
const message = (id: string) => ({ v: 1, kind: 'action', id, type: 'UI', params: {} });
const open = () => openPipeline({ directory: temporaryDirectory(), actions: { UI: {} } });
type Bench = Awaited<ReturnType<typeof open>>;
const finals = (bench: Bench, id: string) => bench.reports(id).filter(({ state }) => state === 'done').length;

async function runAll(bench: Bench): Promise<void> {
  for (const id of ids) await bench.receive(message(id));
  while (bench.counts().running + bench.counts().waiting > 0) await bench.clock.advance(0);
}

test('every result is sent at once, to a headend that acknowledges none, too', async () => {
  const bench = await open();
  bench.connect();
  await runAll(bench);
  await bench.clock.advance(limits.reportResendMs.first / 2);
  expect(ids.filter((id) => finals(bench, id) !== 1)).toEqual([]);
});

test('every result of a time without a connection is sent as soon as there is one', async () => {
  const bench = await open();
  await runAll(bench);
  bench.connect();
  await bench.clock.advance(limits.reportResendMs.first / 2);
  expect(ids.filter((id) => finals(bench, id) !== 1)).toEqual([]);
});

test('a result that is not acknowledged is repeated while ever new ones come', async () => {
  const bench = await open();
  bench.connect();
  for (const id of ids.slice(0, 10)) {
    await bench.receive(message(id));
    await bench.clock.advance(limits.reportResendMs.first / 2);
  }
  expect(finals(bench, 'a0')).toBeGreaterThan(1);
});

test('a result that the connection does not take is tried ever more seldom', async () => {
  const tries: number[] = [];
  const takes = (sent: BoxMessage) => {
    if (sent.kind !== 'report' || sent.state !== 'done') return true;
    tries.push(bench.clock.monotonic());
    return false;
  };
  const bench = await openPipeline({ directory: temporaryDirectory(), actions: { UI: {} }, takes });
  bench.connect();
  await bench.receive(message('a0'));
  await bench.clock.advance(20 * limits.reportResendMs.first);
  const waits = tries.slice(1).map((at, place) => at - (tries[place] ?? 0));
  expect(waits.length).toBeGreaterThan(2);
  expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b));
});

test('every duplicate of what was acknowledged is answered, however many come at once', async () => {
  const bench = await open();
  bench.connect();
  await runAll(bench);
  for (const id of ids) await bench.receive({ v: 1, kind: 'ack', report: bench.reports(id).at(-1)?.report });
  await Promise.all(ids.map((id) => bench.receive(message(id))));
  await bench.clock.advance(limits.reportResendMs.first);
  expect(ids.filter((id) => finals(bench, id) !== 2)).toEqual([]);
});
