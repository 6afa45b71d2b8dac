import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type {
  ActionContext,
  ActionSettings,
  CutOff,
  CutOffStore,
  HeadendClient,
  Json,
  LineupStore,
} from '../../agent/action.ts';
import { AgentError } from '../../agent/errors.ts';
import type { Lineup } from '../../agent/protocol/lineup.ts';
import type { Progress } from '../../agent/protocol/messages.ts';
import type { DvbService, Platform } from '../../platform/contract.ts';
import {
  openSimulator,
  type SimulatedPlatform,
  type SimulatorSettings,
} from '../../platform/drivers/simulator/index.ts';

export const settings: ActionSettings = {
  switchOff: 'standby',
  messageSeconds: 30,
  keyGapMs: 0,
  speedtest: { url: undefined, seconds: 1 },
  management: undefined,
  firmware: { url: undefined, confirmSeconds: 5 },
  debugServer: '',
};

/** A context that remembers what the action did with it. */
export type RecordedContext = ActionContext & {
  /** What it said on the way. */
  readonly said: Progress[];
  /** What it was done with while it went on. */
  readonly told: Json[];
  /** Each intent that it committed. */
  readonly remembered: Json[];
  /** How long it slept, each time. */
  readonly slept: number[];
  /** How often it asked to be alone. */
  readonly alones: () => number;
};

export type ContextParts = {
  platform: Platform;
  headend?: Partial<HeadendClient>;
  settings?: Partial<ActionSettings>;
  lineup?: LineupStore;
  cutOff?: CutOffStore;
  signal?: AbortSignal;
  reached?: () => Promise<void>;
  /** How a sleep really passes; at once by default. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};

export function createContext(parts: ContextParts): RecordedContext {
  const workDir = mkdtempSync(join(tmpdir(), 'stb-action-'));
  onTestFinished(() => rmSync(workDir, { recursive: true, force: true }));
  const said: Progress[] = [];
  const told: Json[] = [];
  const remembered: Json[] = [];
  const slept: number[] = [];
  let alone = 0;
  const signal = parts.signal ?? new AbortController().signal;
  const unreachable = () => Promise.reject(new AgentError('NOT_CONFIGURED', 'this test has no headend'));
  return {
    id: 'action-1',
    platform: parts.platform,
    headend: {
      url: undefined,
      fetchLineup: unreachable,
      radioByNumber: async () => undefined,
      addressOf: async (url) => url,
      upload: unreachable,
      ...parts.headend,
    },
    settings: { ...settings, ...parts.settings },
    lineup: parts.lineup ?? lineupOf({ channels: [], radio: [] }),
    cutOff: parts.cutOff ?? cutOffOf(),
    workDir,
    signal,
    log: pino({ level: 'silent' }),
    said,
    told,
    remembered,
    slept,
    alones: () => alone,
    progress: (progress) => said.push(progress),
    async done(result) {
      told.push(result);
    },
    async remember(intent) {
      remembered.push(intent);
    },
    async alone() {
      alone += 1;
    },
    reached: parts.reached ?? (() => Promise.resolve()),
    async sleep(ms) {
      slept.push(ms);
      await (parts.sleep ? parts.sleep(ms, signal) : wait(0, undefined, { signal }));
    },
  };
}

/** A line-up store in memory. */
export function lineupOf(lineup: Lineup, services: DvbService[] = []): LineupStore {
  let current = { lineup, services };
  return {
    current: () => current.lineup,
    async replace(next) {
      current = { ...current, lineup: next };
    },
    services: () => current.services,
    async replaceServices(next) {
      current = { ...current, services: next };
    },
  };
}

/** Whether a box is cut off, in memory. */
export function cutOffOf(initial: CutOff | null = null): CutOffStore {
  let current = initial;
  return {
    current: () => current,
    async replace(next) {
      current = next;
    },
  };
}

/** A platform that has what a test gives it and nothing else. */
export function platformWith(capabilities: Partial<Platform> = {}): Platform {
  return {
    driver: 'test',
    identity: {
      read: async () => ({ id: 'box-1', mac: '00:1A:79:00:00:01', model: 'test', firmware: '1.0.0' }),
      bootId: async () => 'boot-1',
    },
    telemetry: { sample: async () => ({}) },
    missing: {},
    close: async () => {},
    ...capabilities,
  };
}

/** A simulated box without a TV page that boots at once. Opened again with the same directory it is the same box. */
export async function openTestBox(
  directory: string,
  extra: Partial<SimulatorSettings> = {},
): Promise<SimulatedPlatform> {
  const stateFile = join(directory, 'box.json');
  const box = await openSimulator({ stateFile, tvPort: undefined, bootMs: 0, powerCycle: () => {}, ...extra });
  onTestFinished(() => box.close());
  return box;
}
