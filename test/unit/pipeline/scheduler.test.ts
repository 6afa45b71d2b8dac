import { expect, test } from 'vitest';
import type { ExclusiveGroup } from '../../../agent/action.ts';
import type { AgentError } from '../../../agent/errors.ts';
import type { JournaledAction } from '../../../agent/pipeline/journal.ts';
import { createScheduler } from '../../../agent/pipeline/scheduler.ts';
import { limits } from '../../../agent/protocol/limits.ts';
import type { Report } from '../../../agent/protocol/messages.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const start = Date.parse('2026-11-21T12:00:00Z');

/** A scheduler whose actions run until they are ended by name; `log` tells what happened in order. */
function bench() {
  const clock = createFakeClock(start);
  const log: string[] = [];
  const running = new Map<string, { end: () => void; signal: AbortSignal }>();
  const groups = new Map<string, ExclusiveGroup | null>();
  const scheduler = createScheduler({
    clock,
    groupOf: ({ id }) => groups.get(id) ?? null,
    run(action, signal) {
      log.push(`start ${action.id}`);
      return new Promise<void>((resolve) => {
        const end = () => {
          log.push(`end ${action.id}`);
          running.delete(action.id);
          resolve();
        };
        running.set(action.id, { end, signal });
        signal.addEventListener('abort', () => {
          log.push(`abort ${action.id}`);
          end();
        });
      });
    },
    expire: (action) => log.push(`expire ${action.id}`),
    refuse: (action, error: AgentError) => log.push(`refuse ${action.id} ${error.code}`),
  });
  scheduler.start();
  const add = (id: string, group: ExclusiveGroup | null, over: Partial<JournaledAction> = {}) => {
    groups.set(id, group);
    const action = row(id, over);
    scheduler.add(action);
    return action;
  };
  const end = (id: string) => running.get(id)!.end();
  return { clock, log, scheduler, add, end };
}

/** What a message has reported that is on the screen. */
const told: Report = {
  v: 1,
  kind: 'report',
  report: 'r1',
  id: 'message',
  type: 'MESSAGE',
  state: 'done',
  open: true,
  at: '2026-11-21T12:00:00Z',
};

function row(id: string, over: Partial<JournaledAction> = {}): JournaledAction {
  return {
    seq: 1,
    id,
    type: 'TYPE',
    params: {},
    dueAt: null,
    expiresAt: null,
    receivedAt: start,
    source: 'mqtt',
    state: 'waiting',
    attempt: 0,
    intent: null,
    report: null,
    reported: false,
    ...over,
  };
}

test('an action without when starts at once', async () => {
  const { clock, log, add } = bench();
  add('a', 'audio');
  await clock.advance(0);
  expect(log).toEqual(['start a']);
});

test('an action with when starts at that time and not before', async () => {
  const { clock, log, add } = bench();
  add('a', 'audio', { dueAt: start + 600_000 });
  await clock.advance(599_999);
  expect(log).toEqual([]);
  await clock.advance(1);
  expect(log).toEqual(['start a']);
});

test('an action that expires while it waits never starts', async () => {
  const { clock, log, add } = bench();
  add('a', 'audio');
  add('b', 'audio', { expiresAt: start + 1_000 });
  await clock.advance(5_000);
  expect(log).toEqual(['start a', 'expire b']);
});

test('an action that is already expired never starts', async () => {
  const { clock, log, add } = bench();
  add('a', 'audio', { dueAt: start - 10_000, expiresAt: start - 5_000 });
  await clock.advance(0);
  expect(log).toEqual(['expire a']);
});

test('while the clock is unknown only actions without times run; the others run once it is known', async () => {
  const { clock, log, add } = bench();
  clock.setKnown(false);
  add('timed', 'audio', { dueAt: start - 1 });
  add('expiring', 'player', { expiresAt: start + 3_600_000 });
  add('plain', 'ui');
  await clock.advance(10_000);
  expect(log).toEqual(['start plain']);
  clock.setKnown(true);
  await clock.advance(1_000);
  expect(log).toEqual(['start plain', 'start timed', 'start expiring']);
});

test('two actions of one group run one after the other in the order they came, other groups beside them', async () => {
  const { clock, log, add, end } = bench();
  add('a1', 'audio');
  add('a2', 'audio');
  add('p', 'player');
  await clock.advance(0);
  expect(log).toEqual(['start a1', 'start p']);
  end('a1');
  await clock.advance(0);
  expect(log).toEqual(['start a1', 'start p', 'end a1', 'start a2']);
});

test('any number of actions without a group run at once', async () => {
  const { clock, log, add } = bench();
  for (const id of ['m1', 'm2', 'm3']) add(id, null);
  await clock.advance(0);
  expect(log).toEqual(['start m1', 'start m2', 'start m3']);
});

test('a box action waits for what runs and holds back what comes after it', async () => {
  const { clock, log, add, end } = bench();
  add('a', 'audio');
  await clock.advance(0);
  add('reboot', 'box');
  await clock.advance(0);
  add('p', 'player');
  await clock.advance(1_000);
  expect(log).toEqual(['start a']);
  end('a');
  await clock.advance(0);
  expect(log).toEqual(['start a', 'end a', 'start reboot']);
  end('reboot');
  await clock.advance(0);
  expect(log.at(-1)).toBe('start p');
});

test('a box action aborts what runs after the limit', async () => {
  const { clock, log, add } = bench();
  add('slow', 'network');
  await clock.advance(0);
  add('reboot', 'box');
  await clock.advance(limits.exclusiveWaitMs - 1);
  expect(log).toEqual(['start slow']);
  await clock.advance(2);
  expect(log).toEqual(['start slow', 'abort slow', 'end slow', 'start reboot']);
});

test('a box action ends a message at once that is on the screen', async () => {
  const { clock, log, add } = bench();
  add('message', null, { report: told });
  await clock.advance(0);
  add('reboot', 'box');
  await clock.advance(0);
  expect(log).toEqual(['start message', 'abort message', 'end message', 'start reboot']);
});

test('a box action that comes with a message lets it get on the screen first, for a moment', async () => {
  const { clock, log, add } = bench();
  const message = add('message', null);
  add('hanging', null);
  add('reboot', 'box');
  await clock.advance(100);
  expect(log).toEqual(['start message', 'start hanging']);
  message.report = told;
  await clock.advance(100);
  expect(log.slice(2)).toEqual(['abort message', 'end message']);
  await clock.advance(limits.exclusiveWaitMs / 2);
  expect(log.slice(4)).toEqual(['abort hanging', 'end hanging', 'start reboot']);
});

test('a message stays on the screen while a box action waits for something else, and when that makes it BUSY', async () => {
  const { clock, log, add, end, scheduler } = bench();
  add('message', null, { report: told });
  add('firmware', 'firmware');
  await clock.advance(0);
  await scheduler.alone('firmware');
  add('reboot', 'box');
  await clock.advance(limits.exclusiveWaitMs + 1);
  expect(log.slice(2)).toEqual(['refuse reboot BUSY']);
  add('again', 'box');
  await clock.advance(100);
  expect(log).toHaveLength(3);
  end('firmware');
  await clock.advance(100);
  expect(log.slice(3)).toEqual(['end firmware', 'abort message', 'end message', 'start again']);
});

test('a box action is refused as BUSY when what runs must not be disturbed', async () => {
  const { clock, log, add, scheduler } = bench();
  add('firmware', 'firmware');
  await clock.advance(0);
  await scheduler.alone('firmware');
  add('reboot', 'box');
  await clock.advance(limits.exclusiveWaitMs + 1);
  expect(log).toEqual(['start firmware', 'refuse reboot BUSY']);
});

test('an action that asked to be alone waits for the others and holds new ones back', async () => {
  const { clock, log, add, end, scheduler } = bench();
  add('firmware', 'firmware');
  add('screenshot', 'display');
  await clock.advance(0);
  const alone = scheduler.alone('firmware').then(() => log.push('alone'));
  add('volume', 'audio');
  await clock.advance(1_000);
  expect(log).toEqual(['start firmware', 'start screenshot']);
  end('screenshot');
  await alone;
  await clock.advance(1_000);
  expect(log.slice(2)).toEqual(['end screenshot', 'alone']);
  end('firmware');
  await clock.advance(0);
  expect(log.at(-1)).toBe('start volume');
});

test('what has not started can be cancelled, what has cannot', async () => {
  const { clock, log, add, scheduler } = bench();
  add('later', 'audio', { dueAt: start + 1_000 });
  add('now', 'player');
  await clock.advance(0);
  expect(scheduler.cancel('later')?.id).toBe('later');
  expect(scheduler.cancel('now')).toBeUndefined();
  await clock.advance(5_000);
  expect(log).toEqual(['start now']);
});

test('stopping lets what runs end within its grace and starts nothing more', async () => {
  const { clock, log, add, scheduler } = bench();
  add('slow', 'network');
  await clock.advance(0);
  add('next', 'audio');
  const stopped = scheduler.stop(5_000);
  await clock.advance(5_000);
  await stopped;
  expect(log).toEqual(['start slow', 'abort slow', 'end slow']);
});
