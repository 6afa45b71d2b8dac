/** What the agent says about itself: hello, telemetry, `status`, `doctor`, and whether it is alive. */
import { statfsSync } from 'node:fs';
import { type BoxIdentity, type CapabilityName, capabilityNames, type Platform } from '../platform/contract.ts';
import type { ActionDefinition, CutOffStore } from './action.ts';
import type { Clock } from './clock.ts';
import type { ControlService } from './control.ts';
import { showHeld } from './held-message.ts';
import type { Faults } from './pipeline/faults.ts';
import type { Inbox } from './pipeline/inbox.ts';
import type { Journal } from './pipeline/journal.ts';
import type { Scheduler } from './pipeline/scheduler.ts';
import { newId } from './protocol/id.ts';
import { type Hello, isLast, type Report, type Telemetry } from './protocol/messages.ts';
import { actionTypes, portalActionTypes } from './protocol/params.ts';
import type { Upstream } from './upstream.ts';
import { version } from './version.ts';

export interface Introspection {
  hello(): Promise<Hello>;
  telemetry(): Promise<Telemetry>;
  /** The state of the agent in a line, for the supervisor. */
  summary(): string;
  /** Told of every report, for those who wait for one. */
  heard(report: Report): void;
  /** Whether the event loop turns and the scheduler looks: what the watchdog is fed with. */
  isAlive(scheduler: Scheduler): boolean;
  control(inbox: Inbox): ControlService;
}

export type IntrospectionDependencies = {
  platform: Platform;
  identity: BoxIdentity & { bootId: string };
  faults: Faults;
  journal: Journal;
  clock: Clock;
  stateDir: string;
  upstreams(): readonly Upstream[];
  definition(type: string): ActionDefinition | undefined;
  cutOff: CutOffStore;
};

export type Status = {
  agent: string;
  pid: number;
  box: BoxIdentity & { bootId: string };
  driver: string;
  pages: readonly string[];
  uptimeSeconds: number;
  clock: { time: string; known: boolean };
  upstreams: { name: string; state: string; url: string; since: string; detail?: string; lastError?: string }[];
  queue: ReturnType<Journal['counts']>;
  running: { id: string; type: string }[];
  tunnels: { host: string; port: number; closesAt: string }[];
  /** Since when the operator has cut the box off. */
  cutOffSince?: string;
  faults: string[];
  recent: { id: string; type: string; state: string; at: string; error?: string }[];
};

export type Finding = { name: string; ok: boolean; detail: string; cure?: string };

/** The scheduler looks at least every second; longer silence is a standstill. */
const standstillMs = 15_000;
const recentCount = 10;
const lowDiskBytes = 8 * 1024 * 1024;

export function createIntrospection(dependencies: IntrospectionDependencies): Introspection {
  const { platform, identity, faults, journal, clock, stateDir, upstreams, definition, cutOff } = dependencies;
  const listeners = new Set<(report: Report) => void>();
  const startedAt = clock.monotonic();
  const capabilities = capabilityNames.filter((name) => platform[name] !== undefined);
  const types = [...actionTypes, ...portalActionTypes].filter((type) => {
    const found = definition(type);
    return found?.unsupported === undefined && found?.capabilities.every((name) => platform[name] !== undefined);
  });
  const iso = (ms: number) => new Date(ms).toISOString();

  async function hello(): Promise<Hello> {
    const { id, mac, model, firmware, bootId, bootReason } = identity;
    const list = faults.list();
    return {
      v: 1,
      kind: 'hello',
      box: id,
      mac,
      model,
      firmware,
      agent: version,
      bootId,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      types,
      capabilities,
      ...(bootReason !== undefined && { bootReason }),
      ...(list.length > 0 && { faults: list }),
    };
  }

  async function telemetry(): Promise<Telemetry> {
    const [sample, volume, power] = await Promise.all([
      platform.telemetry.sample(),
      platform.audio?.volume().catch(() => undefined),
      platform.power?.state().catch(() => undefined),
    ]);
    const { waiting, running, unreported } = journal.counts();
    const list = faults.list();
    return {
      v: 1,
      kind: 'telemetry',
      at: iso(clock.now()),
      ...sample,
      ...(volume !== undefined && { volume }),
      ...(power !== undefined && { power }),
      ...(platform.player && { playing: platform.player.playing() }),
      queue: { waiting, running, unreported },
      ...(list.length > 0 && { faults: list }),
    };
  }

  function status(): Status {
    const unfinished = journal.unfinished();
    const cutOffSince = cutOff.current()?.since;
    return {
      agent: version,
      pid: process.pid,
      box: identity,
      driver: platform.driver,
      pages: platform.pages ?? [],
      uptimeSeconds: Math.round((clock.monotonic() - startedAt) / 1000),
      clock: { time: iso(clock.now()), known: clock.isSet() },
      upstreams: upstreams().map((upstream) => {
        const { since, ...rest } = upstream.status();
        return { name: upstream.name, ...rest, since: iso(since) };
      }),
      queue: journal.counts(),
      running: unfinished.filter(({ state }) => state === 'running').map(({ id, type }) => ({ id, type })),
      tunnels: (platform.management?.tunnels() ?? []).map(({ host, remotePort, closesAt }) => ({
        host,
        port: remotePort,
        closesAt: iso(closesAt),
      })),
      ...(cutOffSince !== undefined && { cutOffSince }),
      faults: faults.list(),
      recent: journal.recent(recentCount).map((action) => ({
        id: action.id,
        type: action.type,
        state: action.report?.state ?? action.state,
        at: action.report?.at ?? iso(action.receivedAt),
        ...(action.report?.error && { error: `${action.report.error.code}: ${action.report.error.message}` }),
      })),
    };
  }

  function doctor(): Finding[] {
    return [
      ...examineCapabilities(platform),
      ...(upstreams().length === 0 ? [noUpstream] : upstreams().map(examineUpstream)),
      examineDisk(stateDir),
      examineJournal(journal, faults),
      examineClock(clock),
    ];
  }

  async function act(
    inbox: Inbox,
    type: string,
    params: Record<string, unknown>,
    tell: (report: unknown) => void,
  ): Promise<void> {
    const id = newId(clock.now());
    const ended = Promise.withResolvers<void>();
    const listen = (report: Report) => {
      if (report.id !== id) return;
      tell(report);
      if (isLast(report)) ended.resolve();
    };
    listeners.add(listen);
    try {
      await inbox.receive(Buffer.from(JSON.stringify({ v: 1, kind: 'action', id, type, params })), 'local');
      await ended.promise;
    } finally {
      listeners.delete(listen);
    }
  }

  function summary(): string {
    const up = upstreams().filter((upstream) => upstream.status().state === 'connected');
    const { waiting, unreported } = journal.counts();
    const reached = up.length > 0 ? `connected over ${up.map(({ name }) => name).join(', ')}` : 'no upstream';
    return [`${reached}; ${waiting} actions waiting, ${unreported} results unreported`, ...faults.list()].join('; ');
  }

  return {
    hello,
    telemetry,
    summary,
    heard(report) {
      for (const listener of listeners) listener(report);
    },
    isAlive: (scheduler) => clock.monotonic() - scheduler.lookedAt() < standstillMs,
    control: (inbox) => ({
      status: async () => status(),
      doctor: async () => doctor(),
      reportOf: async (id) => journal.find(id)?.report ?? null,
      act: (type, params, tell) => act(inbox, type, params, tell),
      message: (html, shown, signal) => showHeld(platform, html, shown, signal),
    }),
  };
}

/** What a box can and cannot do, with the reason and the cure. */
export function examineCapabilities(platform: Platform): Finding[] {
  return capabilityNames.map((name: CapabilityName) => {
    const missing = platform.missing[name];
    if (platform[name] !== undefined)
      return { name, ok: true, detail: platform.provided?.[name] ?? `by the ${platform.driver} driver` };
    return {
      name,
      ok: false,
      detail: missing?.reason ?? 'the driver does not have it',
      ...(missing && { cure: missing.cure }),
    };
  });
}

const noUpstream: Finding = {
  name: 'upstream',
  ok: false,
  detail: 'none is configured: no headend can reach this box',
  cure: 'set upstream.websocket.url or another one of upstream, or pair the box with stb-agent enroll',
};

function examineUpstream(upstream: Upstream): Finding {
  const { state, url, detail, lastError } = upstream.status();
  const name = `upstream ${upstream.name}`;
  if (state === 'connected') return { name, ok: true, detail: [url, detail].filter(Boolean).join(', ') };
  return {
    name,
    ok: false,
    detail: `${url}: ${state}${lastError ? `, ${lastError}` : ''}`,
    cure: `check upstream.${upstream.name}.url, the token and the network; the agent keeps trying`,
  };
}

function examineDisk(stateDir: string): Finding {
  const { bavail, bsize } = statfsSync(stateDir);
  const free = bavail * bsize;
  const detail = `${Math.floor(free / 1024 / 1024)} MiB free in ${stateDir}`;
  if (free >= lowDiskBytes) return { name: 'disk', ok: true, detail };
  return { name: 'disk', ok: false, detail, cure: 'free some space: without it actions cannot be stored' };
}

function examineJournal(journal: Journal, faults: Faults): Finding {
  const list = faults.list();
  const { ended, unreported } = journal.counts();
  if (list.length === 0 && journal.healthy())
    return { name: 'journal', ok: true, detail: `${ended} ended, ${unreported} unreported` };
  return {
    name: 'journal',
    ok: false,
    detail: list.join('; ') || 'the last commit failed',
    cure: journal.healthy() ? 'the agent goes on; a restart forgets it' : 'look at the log; the agent keeps trying',
  };
}

function examineClock(clock: Clock): Finding {
  const detail = new Date(clock.now()).toISOString();
  if (clock.isSet()) return { name: 'clock', ok: true, detail };
  const cure = 'set it, or configure time synchronisation: scheduled actions wait until it is known';
  return { name: 'clock', ok: false, detail: `${detail} cannot be right`, cure };
}
