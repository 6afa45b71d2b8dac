import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import type { ActionDefinition, ActionSettings, HeadendClient, LineupStore } from '../../agent/action.ts';
import { createDispatcher } from '../../agent/pipeline/dispatcher.ts';
import { createFaults } from '../../agent/pipeline/faults.ts';
import { createInbox } from '../../agent/pipeline/inbox.ts';
import { openJournal } from '../../agent/pipeline/journal.ts';
import { recover } from '../../agent/pipeline/recovery.ts';
import { createReporter } from '../../agent/pipeline/reporter.ts';
import { createScheduler } from '../../agent/pipeline/scheduler.ts';
import type { BoxMessage, Report } from '../../agent/protocol/messages.ts';
import type { Upstream } from '../../agent/upstream.ts';
import type { Platform } from '../../platform/contract.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** The whole pipeline on a real journal, with the given actions, a clock that tests move, and an upstream that records. */
export type PipelineBench = {
  clock: FakeClock;
  /** Everything sent, in order. */
  sent: BoxMessage[];
  /** The reports sent of one action. */
  reports(id: string): Report[];
  /** Hands a message to the inbox as it would come over the wire. */
  receive(message: object | string): Promise<void>;
  /** Connects or cuts the upstream. */
  connect(): void;
  disconnect(): void;
  counts(): ReturnType<ReturnType<typeof openJournal>['counts']>;
  faults(): string[];
  /** Forgets everything in memory and starts again on the same journal, as after `kill -9`. */
  crash(): Promise<PipelineBench>;
};

export type BenchOptions = {
  directory: string;
  actions: Record<string, Partial<ActionDefinition>>;
  platform?: Partial<Platform>;
  isFull?: () => boolean;
  /** Whether the connected upstream takes a message; by default it takes all. */
  takes?: (message: BoxMessage) => boolean;
  clock?: FakeClock;
};

export async function openPipeline(options: BenchOptions): Promise<PipelineBench> {
  const { directory, actions, isFull, takes = () => true, clock = createFakeClock() } = options;
  const log = pino({ level: 'silent' });
  const sent: BoxMessage[] = [];
  let connected = false;
  let alive = true;
  const faults = createFaults();
  const platform = { driver: 'bench', missing: {}, ...options.platform } as Platform;
  const journal = openJournal({
    file: join(directory, 'journal.db'),
    keepCount: 10_000,
    keepDays: 30,
    isFull,
    mayUseReserve: (type) => actions[type]?.mayUseReserve === true,
    onSetAside: (sentence) => faults.raise('journal', sentence),
    onHealth: (fault) => (fault === null ? faults.clear('storage') : faults.raise('storage', fault)),
  });
  const definition = (type: string): ActionDefinition | undefined => {
    const found = actions[type];
    if (!found) return undefined;
    const defaults = {
      type,
      summary: '',
      result: {},
      capabilities: [],
      group: 'ui',
      idempotent: true,
      deadlineMs: () => 60_000,
      run: async () => ({}),
    };
    return { ...defaults, ...found } as unknown as ActionDefinition;
  };
  const upstream: Upstream = {
    name: 'mqtt',
    start() {},
    async send(message) {
      if (!connected) throw new Error('not connected');
      if (!takes(message)) throw new Error('not taken');
      sent.push(message);
    },
    status: () => ({ state: connected ? 'connected' : 'waiting', url: 'bench', since: 0 }),
    async stop() {},
  };
  const never = new Promise<void>(() => {});
  const reporter = createReporter({
    journal,
    clock,
    log,
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
  reporter.use([upstream]);
  const scheduler = createScheduler({
    clock,
    groupOf: ({ type }) => definition(type)?.group ?? null,
    // A process that was killed does nothing more, and its promises never settle.
    run: (action, signal) => (alive ? dispatcher.run(action, signal) : never),
    expire: (action) => void dispatcher.expire(action),
    refuse: (action, error) => void dispatcher.end(action, 'refused', error),
  });
  const dispatcher = createDispatcher({
    journal,
    reporter,
    clock,
    log,
    definition,
    again: (action) => scheduler.add(action),
    stopping: () => false,
    context: {
      platform,
      headend: {} as HeadendClient,
      lineup: {} as LineupStore,
      cutOff: { current: () => null, replace: async () => {} },
      settings: () => ({}) as ActionSettings,
      keepArtifact: () => new Promise(() => {}),
      alone: (id) => scheduler.alone(id),
      reached: () => never,
      workDir: () => directory,
      removeWorkDir() {},
    },
  });
  const inbox = createInbox({ journal, scheduler, dispatcher, reporter, clock, log, boxId: 'b', definition });
  await recover({ journal, scheduler, log, definition, waitsForUpstream: never });
  scheduler.start();
  let closed = false;
  const close = () => {
    if (!closed) journal.close();
    closed = true;
  };
  onTestFinished(close);

  return {
    clock,
    sent,
    reports: (id) => sent.filter((message): message is Report => message.kind === 'report' && message.id === id),
    receive: (message) =>
      inbox.receive(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), 'mqtt'),
    connect() {
      connected = true;
      reporter.connected(upstream);
    },
    disconnect() {
      connected = false;
    },
    counts: () => journal.counts(),
    faults: () => faults.list(),
    async crash() {
      alive = false;
      connected = false;
      reporter.stop();
      close();
      return openPipeline({ ...options, clock });
    },
  };
}
