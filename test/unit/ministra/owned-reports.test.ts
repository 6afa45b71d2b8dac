import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../../../agent/pipeline/journal.ts';
import { createReporter } from '../../../agent/pipeline/reporter.ts';
import type { BoxMessage } from '../../../agent/protocol/messages.ts';
import type { Upstream } from '../../../agent/upstream.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { quiet } from '../../support/upstream-box.ts';

function openReporter() {
  const journal = openJournal({
    ...{ file: join(temporaryDirectory(), 'journal.db'), keepCount: 100, keepDays: 1 },
    onSetAside: () => {},
  });
  const clock = createFakeClock();
  const reporter = createReporter({
    ...{ journal, clock, log: quiet },
    hello: async () => ({
      v: 1,
      kind: 'hello',
      box: 'b',
      mac: 'm',
      agent: '0',
      bootId: 'x',
      types: [],
      capabilities: [],
    }),
    telemetry: async () => ({ v: 1, kind: 'telemetry', at: '' }),
  });
  onTestFinished(() => {
    reporter.stop();
    journal.close();
  });
  const sent: [string, string][] = [];
  const up = new Set(['mqtt', 'ministra']);
  const upstream = (name: 'mqtt' | 'ministra'): Upstream => ({
    name,
    start() {},
    async send(message: BoxMessage) {
      if (name === 'ministra' && message.kind === 'telemetry') throw new Error('not here');
      if (message.kind === 'report') sent.push([name, `${message.id} ${message.state}`]);
    },
    status: () => ({ state: up.has(name) ? 'connected' : 'waiting', url: '', since: 0 }),
    async stop() {},
    ...(name === 'ministra' && { owns: (action: string) => action.startsWith('ministra:') }),
  });
  reporter.use([upstream('mqtt'), upstream('ministra')]);
  return { reporter, sent, up };
}

test('a report of an action that an upstream owns goes there, all others elsewhere', async () => {
  const { reporter, sent } = openReporter();
  reporter.deliver(reporter.make({ id: 'ministra:1:confirm:0', state: 'done' }), 'ministra');
  reporter.deliver(reporter.make({ id: 'a1', state: 'done' }), 'mqtt');
  reporter.say({ id: 'ministra:1:confirm:0', state: 'started' }, 'ministra');
  reporter.say({ id: null, state: 'refused' }, 'mqtt');
  await until(() => sent.length === 4);
  expect(sent).toEqual([
    ['ministra', 'ministra:1:confirm:0 done'],
    ['mqtt', 'a1 done'],
    ['ministra', 'ministra:1:confirm:0 started'],
    ['mqtt', 'null refused'],
  ]);
});

test('where its owner is down, a report goes nowhere', async () => {
  const { reporter, sent, up } = openReporter();
  up.delete('ministra');
  expect(await reporter.sendOnce(reporter.make({ id: 'ministra:1:confirm:0', state: 'done' }), 'ministra')).toBe(false);
  up.delete('mqtt');
  up.add('ministra');
  expect(await reporter.sendOnce(reporter.make({ id: 'a1', state: 'done' }), 'mqtt')).toBe(false);
  expect(sent).toEqual([]);
});
