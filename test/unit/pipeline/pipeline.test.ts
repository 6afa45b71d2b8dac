import { expect, test } from 'vitest';
import type { ActionContext } from '../../../agent/action.ts';
import { AgentError } from '../../../agent/errors.ts';
import { spreadOffsetMs } from '../../../agent/pipeline/inbox.ts';
import { limits } from '../../../agent/protocol/limits.ts';
import { type BenchOptions, openPipeline } from '../../support/pipeline.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const message = (id: string, type: string, over: object = {}) => ({
  v: 1,
  kind: 'action',
  id,
  type,
  params: {},
  ...over,
});
const open = (actions: BenchOptions['actions'], over: Partial<BenchOptions> = {}) =>
  openPipeline({ directory: temporaryDirectory(), actions, ...over });
const states = (reports: { state: string }[]) => reports.map(({ state }) => state);

test('an action is accepted, started and done, and its report repeated until it is acknowledged', async () => {
  const bench = await open({ UI: { run: async () => ({ up: true }) } });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(states(bench.reports('a'))).toEqual(['accepted', 'started', 'done']);
  await bench.clock.advance(limits.reportResendMs.first + 1_000);
  const done = bench.reports('a').filter(({ state }) => state === 'done');
  expect(done.length).toBeGreaterThan(1);
  expect(new Set(done.map(({ report }) => report)).size).toBe(1);
  await bench.receive({ v: 1, kind: 'ack', report: done[0]!.report });
  const before = bench.reports('a').length;
  await bench.clock.advance(3_600_000);
  expect(bench.reports('a').length).toBe(before);
});

test('a result that is ready while no upstream is up is sent when one is', async () => {
  const bench = await open({ UI: {} });
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('a')).toEqual([]);
  bench.connect();
  await bench.clock.advance(100);
  expect(states(bench.reports('a'))).toEqual(['done']);
});

test('a duplicate is not run again and is answered with the stored result', async () => {
  let runs = 0;
  const bench = await open({ UI: { run: async () => ({ runs: ++runs }) } });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  const done = bench.reports('a').filter(({ state }) => state === 'done');
  expect(runs).toBe(1);
  expect(done.map(({ result }) => result)).toEqual([{ runs: 1 }, { runs: 1 }]);
});

test('how far an action is that nothing was up to hear is said once something is, and again to each duplicate', async () => {
  const bench = await open({
    UI: {
      run: (_params, { progress }) => {
        progress({ phase: 'shown' });
        return new Promise(() => {});
      },
      deadlineMs: () => 3_600_000,
    },
  });
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('a')).toEqual([]);
  bench.connect();
  await bench.clock.advance(100);
  const [first, ...more] = bench.reports('a');
  expect(first).toMatchObject({ state: 'progress', progress: { phase: 'shown' } });
  expect(more).toEqual([]);
  await bench.receive(message('a', 'UI'));
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('a')).toEqual([first, first, first]);
  bench.disconnect();
  bench.connect();
  await bench.clock.advance(100);
  expect(bench.reports('a')).toHaveLength(3);
});

test.each([
  ['something that is not JSON', 'nonsense', null, 'BAD_MESSAGE'],
  ['an unknown version', { ...message('a', 'UI'), v: 2 }, 'a', 'BAD_MESSAGE'],
  ['an unknown kind', { v: 1, kind: 'order', id: 'a' }, 'a', 'BAD_MESSAGE'],
  ['an unknown type', message('a', 'DANCE'), 'a', 'UNKNOWN_TYPE'],
  ['a bad parameter', message('a', 'VOLUME', { params: { volume: 101 } }), 'a', 'BAD_PARAMS'],
  ['a time that does not exist', message('a', 'UI', { when: '2026-02-31T25:00:00Z' }), 'a', 'BAD_MESSAGE'],
  ['a day that does not exist', message('a', 'UI', { when: '2027-02-29T00:00:00Z' }), 'a', 'BAD_MESSAGE'],
  [
    'an expiry before its time',
    message('a', 'UI', { when: '2026-12-01T00:00:00Z', expires: '2026-11-30T00:00:00Z' }),
    'a',
    'BAD_PARAMS',
  ],
  ['a time too far ahead', message('a', 'UI', { when: '2099-01-01T00:00:00Z' }), 'a', 'TOO_FAR_AHEAD'],
])('%s is refused with a code and a sentence', async (_what, bytes, id, code) => {
  const bench = await open({ UI: {}, VOLUME: {} });
  bench.connect();
  await bench.receive(bytes);
  await bench.clock.advance(100);
  const refusal = bench.sent.find((sent) => sent.kind === 'report');
  expect(refusal).toMatchObject({ id, state: 'refused', error: { code } });
});

test('a box without the capability refuses with its name', async () => {
  const bench = await open({ UI: { capabilities: ['tuner'] } });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('a').at(-1)).toMatchObject({
    state: 'refused',
    error: { code: 'UNSUPPORTED', message: expect.stringMatching(/^tuner/) },
  });
});

test('an action that hangs is given up at its deadline and the next one runs', async () => {
  const bench = await open({ UI: { run: () => new Promise(() => {}), deadlineMs: () => 5_000 }, JS: {} });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.receive(message('b', 'JS', { params: { js: '1' } }));
  await bench.clock.advance(4_900);
  expect(bench.reports('b')).toHaveLength(1);
  await bench.clock.advance(100 + limits.abortGraceMs);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' } });
  expect(states(bench.reports('b'))).toEqual(['accepted', 'started', 'done']);
});

test('an action that throws is a result', async () => {
  const bench = await open({
    UI: {
      run: async () => {
        throw new AgentError('DEVICE_FAILED', 'no device', { result: { tried: 1 } });
      },
    },
  });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('a').at(-1)).toMatchObject({
    state: 'failed',
    error: { code: 'DEVICE_FAILED', retryable: true },
    result: { tried: 1 },
  });
});

test('after a crash an idempotent action runs again', async () => {
  let runs = 0;
  const bench = await open({ UI: { run: () => (++runs === 1 ? new Promise(() => {}) : Promise.resolve({})) } });
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  const again = await bench.crash();
  again.connect();
  await again.clock.advance(100);
  expect(runs).toBe(2);
  expect(again.reports('a').at(-1)).toMatchObject({ state: 'done', attempt: 2 });
});

test('an idempotent action that kills the agent each time is given up', async () => {
  let runs = 0;
  const action = { run: () => new Promise<never>(() => void runs++) };
  let bench = await open({ UI: action });
  await bench.receive(message('a', 'UI'));
  for (let start = 0; start < limits.attempts + 1; start++) {
    await bench.clock.advance(100);
    bench = await bench.crash();
  }
  bench.connect();
  await bench.clock.advance(100);
  expect(runs).toBe(limits.attempts);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'failed', error: { code: 'CRASHED' } });
});

/** An action that is done at once and goes on until `end` is called. */
function openEnded() {
  const rest = Promise.withResolvers<Record<string, unknown>>();
  const action = {
    idempotent: false,
    group: null,
    run: async (_params: never, { done }: ActionContext) => {
      await done({ up: true });
      return rest.promise;
    },
  };
  return { action, end: rest.resolve, fail: rest.reject };
}

test('an action that goes on is done at once, and done again with how it ended, both until they are acknowledged', async () => {
  const { action, end } = openEnded();
  const bench = await open({ UI: action });
  await bench.receive(message('a', 'UI'));
  bench.connect();
  await bench.clock.advance(100);
  const [first] = bench.reports('a').filter(({ state }) => state === 'done');
  expect(first).toMatchObject({ open: true, result: { up: true } });
  await bench.receive(message('a', 'UI'));
  expect(bench.reports('a').at(-1)).toEqual(first);
  await bench.receive({ v: 1, kind: 'ack', report: first!.report });
  end({ up: true, ended: 'timeout' });
  await bench.clock.advance(100);
  const last = bench.reports('a').at(-1)!;
  expect(last).toMatchObject({ state: 'done', result: { up: true, ended: 'timeout' } });
  expect(last.open).toBeUndefined();
  expect(last.report).not.toBe(first!.report);
  expect(bench.counts().unreported).toBe(1);
  await bench.receive({ v: 1, kind: 'ack', report: last.report });
  expect(bench.counts().unreported).toBe(0);
});

test('an action that went on is done with its last result only, where nobody could hear the first', async () => {
  const { action, end } = openEnded();
  const bench = await open({ UI: action });
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  end({ ended: 'dismissed' });
  await bench.clock.advance(100);
  bench.connect();
  await bench.clock.advance(100);
  expect(bench.reports('a')).toMatchObject([{ state: 'done', result: { ended: 'dismissed' } }]);
});

test('what was told to be done stays done when the rest of it fails, hangs or dies with the agent', async () => {
  const failing = openEnded();
  const bench = await open({ UI: failing.action, JS: openEnded().action, MESSAGE: openEnded().action });
  bench.connect();
  await bench.receive(message('fails', 'UI'));
  await bench.receive(message('hangs', 'JS', { params: { js: '1' } }));
  await bench.clock.advance(100);
  failing.fail(new Error('the page went away'));
  await bench.clock.advance(60_000 + limits.abortGraceMs);
  const interrupted = { up: true, ended: 'interrupted' };
  expect(bench.reports('fails').at(-1)).toMatchObject({
    state: 'done',
    result: { ...interrupted, reason: 'the page went away' },
  });
  expect(bench.reports('hangs').at(-1)).toMatchObject({
    state: 'done',
    result: { ...interrupted, reason: 'not done within 60 s' },
  });
  await bench.receive(message('dies', 'MESSAGE', { params: { message: 'x' } }));
  await bench.clock.advance(100);
  const again = await bench.crash();
  again.connect();
  await again.clock.advance(100);
  const reports = again.reports('dies');
  expect(states(reports)).not.toContain('started');
  expect(reports.at(-1)).toMatchObject({
    state: 'done',
    result: { ...interrupted, reason: 'the agent or the box stopped while MESSAGE ran' },
  });
});

test('an action whose being done cannot be stored goes on, and ends as it ends', async () => {
  const disk = { full: false };
  const { action, end } = openEnded();
  const run: typeof action.run = (params, context) => {
    disk.full = true;
    return action.run(params, context);
  };
  const bench = await open({ UI: { ...action, run } }, { isFull: () => disk.full });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(states(bench.reports('a'))).toEqual(['accepted', 'started']);
  disk.full = false;
  end({ ended: 'timeout' });
  await bench.clock.advance(5_000);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'done', result: { ended: 'timeout' } });
});

test('after a crash a non-idempotent action is settled by what the box says', async () => {
  const settled: unknown[] = [];
  const actions = {
    REBOOT: {
      idempotent: false,
      group: 'box' as const,
      prepare: async () => ({ bootId: 'before' }),
      run: () => new Promise<never>(() => {}),
      settle: async (_params: never, _context: never, intent: object) => {
        settled.push(intent);
        return { proven: true };
      },
    },
  };
  const bench = await open(actions);
  await bench.receive(message('a', 'REBOOT'));
  await bench.clock.advance(100);
  const again = await bench.crash();
  again.connect();
  await again.clock.advance(100);
  expect(settled).toEqual([{ bootId: 'before' }]);
  expect(again.reports('a').at(-1)).toMatchObject({ state: 'done', result: { proven: true } });
});

test('after a crash a non-idempotent action that cannot be settled is INTERRUPTED and not run again', async () => {
  let runs = 0;
  const bench = await open({ JS: { idempotent: false, run: () => new Promise<never>(() => void runs++) } });
  await bench.receive(message('a', 'JS', { params: { js: '1' } }));
  await bench.clock.advance(100);
  const again = await bench.crash();
  again.connect();
  await again.clock.advance(100);
  expect(runs).toBe(1);
  expect(again.reports('a').at(-1)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
});

test('when holds over a restart with the network down', async () => {
  let runs = 0;
  const bench = await open({ UI: { run: async () => ({ runs: ++runs }) } });
  await bench.receive(message('a', 'UI', { when: '2026-11-21T12:10:00Z' }));
  await bench.clock.advance(300_000);
  const again = await bench.crash();
  await again.clock.advance(299_000);
  expect(runs).toBe(0);
  await again.clock.advance(2_000);
  expect(runs).toBe(1);
});

test('an action that expires while it waits reports expired', async () => {
  const bench = await open({ UI: {} });
  bench.connect();
  await bench.receive(message('a', 'UI', { expires: '2026-11-21T11:59:00Z' }));
  await bench.clock.advance(100);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'expired', error: { code: 'EXPIRED' } });
});

test('a cancel before the start ends it, and after the end is answered with the result', async () => {
  const bench = await open({ UI: {} });
  bench.connect();
  await bench.receive(message('a', 'UI', { when: '2026-11-21T13:00:00Z' }));
  await bench.receive({ v: 1, kind: 'cancel', id: 'a' });
  await bench.receive(message('b', 'UI'));
  await bench.clock.advance(100);
  await bench.receive({ v: 1, kind: 'cancel', id: 'b' });
  await bench.clock.advance(100);
  expect(states(bench.reports('a'))).toEqual(['accepted', 'cancelled']);
  expect(states(bench.reports('b'))).toEqual(['accepted', 'started', 'done', 'done']);
});

test('an action that comes after its cancellation does not run', async () => {
  let runs = 0;
  const bench = await open({ UI: { run: async () => ({ runs: ++runs }) } });
  bench.connect();
  await bench.receive({ v: 1, kind: 'cancel', id: 'a' });
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  expect(runs).toBe(0);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'cancelled' });
});

test('with a full disk idempotent actions are served once, the others refused, and the headend is told', async () => {
  let full = true;
  let runs = 0;
  const bench = await open(
    { UI: { run: async () => ({ runs: ++runs }) }, JS: { idempotent: false, run: async () => ({ runs: ++runs }) } },
    { isFull: () => full },
  );
  bench.connect();
  const served = bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  await served;
  const refused = bench.receive(message('b', 'JS', { params: { js: '1' } }));
  await bench.clock.advance(100);
  await refused;
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'done' });
  expect(bench.reports('b').at(-1)).toMatchObject({ state: 'refused', error: { code: 'STORAGE', retryable: true } });
  const again = bench.receive(message('a', 'UI'));
  await bench.clock.advance(100);
  await again;
  expect(runs).toBe(1);
  expect(bench.faults()).toEqual([expect.stringContaining('full')]);
  full = false;
  await bench.receive(message('c', 'UI'));
  await bench.clock.advance(100);
  expect(bench.reports('c').at(-1)).toMatchObject({ state: 'done' });
  expect(bench.faults()).toEqual([]);
});

test('with a full disk and no upstream the message is not acknowledged', async () => {
  const bench = await open({ UI: {} }, { isFull: () => true });
  const received = bench.receive(message('a', 'UI'));
  received.catch(() => {});
  await bench.clock.advance(100);
  await expect(received).rejects.toMatchObject({ code: 'STORAGE' });
});

test('a result waits for space on the disk and is sent only once it is stored', async () => {
  let full = false;
  const fill = () => {
    full = true;
    return { filled: true };
  };
  const bench = await open({ UI: { run: async () => fill() } }, { isFull: () => full });
  bench.connect();
  await bench.receive(message('a', 'UI'));
  await bench.clock.advance(10_000);
  expect(states(bench.reports('a'))).toEqual(['accepted', 'started']);
  full = false;
  await bench.clock.advance(10_000);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'done' });
});

test('a result that waits for space on the disk holds up no other action', async () => {
  let full = false;
  let runs = 0;
  const bench = await open({ UI: { run: async () => ({ runs: ++runs }) } }, { isFull: () => full });
  bench.connect();
  const when = '2026-11-21T12:01:00Z';
  await bench.receive(message('a', 'UI', { when }));
  await bench.receive(message('b', 'UI', { when }));
  full = true;
  await bench.clock.advance(70_000);
  expect(runs).toBe(2);
  expect(states(bench.reports('b'))).toEqual(['accepted', 'started']);
  full = false;
  await bench.clock.advance(10_000);
  for (const id of ['a', 'b']) expect(bench.reports(id).at(-1)).toMatchObject({ state: 'done' });
});

test('what cannot note its intent on a full disk within its deadline is refused, and does not run when there is space', async () => {
  let full = false;
  let runs = 0;
  const js = { idempotent: false, deadlineMs: () => 20_000, run: async () => ({ runs: ++runs }) };
  const bench = await open({ JS: js }, { isFull: () => full });
  bench.connect();
  await bench.receive(message('a', 'JS', { params: { js: '1' }, when: '2026-11-21T12:01:00Z' }));
  full = true;
  await bench.clock.advance(120_000);
  full = false;
  await bench.clock.advance(10_000);
  expect(runs).toBe(0);
  expect(bench.reports('a').at(-1)).toMatchObject({ state: 'refused', error: { code: 'STORAGE' } });
});

test('a full disk is told of when all that comes is refused, too', async () => {
  const bench = await open({ JS: { idempotent: false } }, { isFull: () => true });
  bench.connect();
  const refused = bench.receive(message('a', 'JS', { params: { js: '1' } }));
  await bench.clock.advance(100);
  await refused;
  expect(bench.faults()).toEqual([expect.stringContaining('full')]);
});

test.each([
  ['wait', { when: '2026-11-21T13:00:00Z' }],
  ['run', {}],
])('more actions than may %s are refused as BUSY', async (_what, more) => {
  const bench = await open({ UI: { group: null, run: () => new Promise(() => {}) } });
  bench.connect();
  await Promise.all(
    Array.from({ length: limits.pendingActions }, (_, index) => bench.receive(message(`a${index}`, 'UI', more))),
  );
  await bench.clock.advance(0);
  await bench.receive(message('more', 'UI', more));
  await bench.clock.advance(0);
  expect(bench.reports('more').at(-1)).toMatchObject({ state: 'refused', error: { code: 'BUSY' } });
});

test('each box takes its own stable place in a spread', () => {
  const offsets = Array.from({ length: 1_000 }, (_, index) => spreadOffsetMs(`box-${index}`, 300));
  expect(spreadOffsetMs('box-7', 300)).toBe(offsets[7]);
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...offsets)).toBeLessThan(300_000);
  const perMinute = [0, 0, 0, 0, 0];
  for (const offset of offsets) perMinute[Math.floor(offset / 60_000)]! += 1;
  for (const count of perMinute) expect(count).toBeGreaterThan(150);
});
