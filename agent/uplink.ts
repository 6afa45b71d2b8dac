/** The upstreams together: which are configured, which are up, and what they may do with the rest of the agent. */
import type { Logger } from 'pino';
import type { Artifact } from './action.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { AgentError } from './errors.ts';
import { byPreference, type Reporter } from './pipeline/reporter.ts';
import type { Telemetry } from './protocol/messages.ts';
import { upstreamSettings } from './settings.ts';
import type { ChannelSource, Upstream, UpstreamLink, UpstreamName } from './upstream.ts';
import { upstreams as factories } from './upstreams/index.ts';

export interface Uplink {
  /** Starts what the configuration names and stops what it does not; what did not change goes on undisturbed. */
  use(config: Config): Promise<void>;
  /** In the order of preference. */
  upstreams(): readonly Upstream[];
  /** Resolves when an upstream has been reached since this process started. */
  reached(): Promise<void>;
  /** Resolves when somebody first waits for `reached`. */
  awaited(): Promise<void>;
  /** Carries an artifact over an upstream that can. Rejects UPLOAD_FAILED where none can. */
  sendArtifact(action: string, artifact: Artifact & { sha256: string }): Promise<void>;
  /** The channels of a portal, where one is configured; waits for the first `use`. */
  channels(): Promise<ChannelSource | undefined>;
  /** Asks for no more actions; resolves when what was asked for is taken. */
  finishTaking(): Promise<void>;
  /** Leaves what is still on the way a moment, until `isEmpty`, then closes every upstream. */
  stop(isEmpty: () => boolean): Promise<void>;
}

export type UplinkDependencies = {
  box: { id: string; mac: string; groups: readonly string[] };
  log: Logger;
  clock: Clock;
  reporter: Reporter;
  telemetry(): Promise<Telemetry>;
  receive(bytes: Uint8Array, source: UpstreamName): Promise<void>;
  /** An upstream came up or was lost. */
  changed(): void;
};

/** How long shutdown waits for acknowledgements, and how often it looks. */
const farewellMs = 1_000;
const farewellLookMs = 20;

export function createUplink({ box, log, clock, reporter, telemetry, receive, changed }: UplinkDependencies): Uplink {
  const inUse = new Map<UpstreamName, { upstream: Upstream; options: string }>();
  let ordered: readonly Upstream[] = [];
  const reached = Promise.withResolvers<void>();
  const awaited = Promise.withResolvers<void>();
  const used = Promise.withResolvers<void>();

  function link(upstream: Upstream): UpstreamLink {
    const child = log.child({ upstream: upstream.name });
    return {
      receive: (bytes) => receive(bytes, upstream.name),
      connected() {
        child.info(upstream.status(), 'upstream connected');
        reached.resolve();
        reporter.connected(upstream);
        changed();
      },
      disconnected(reason) {
        child.warn({ reason }, 'upstream lost');
        changed();
      },
      telemetry,
    };
  }

  return {
    async use(config) {
      const wanted = Object.entries(upstreamSettings(config, box.id)) as [keyof typeof factories, never][];
      for (const [name, { upstream, options }] of inUse) {
        const same = wanted.some(([other, value]) => other === name && JSON.stringify(value) === options);
        if (same) continue;
        inUse.delete(name);
        await upstream.stop();
      }
      for (const [name, value] of wanted) {
        if (inUse.has(name)) continue;
        const upstream = await factories[name](value, {
          box,
          log: log.child({ upstream: name }),
          now: () => clock.now(),
        });
        inUse.set(name, { upstream, options: JSON.stringify(value) });
      }
      const before = ordered;
      const all = [...inUse.values()].map((entry) => entry.upstream);
      ordered = byPreference(all, config['upstream.prefer'] as UpstreamName[]);
      reporter.use(ordered);
      used.resolve();
      for (const upstream of ordered) if (!before.includes(upstream)) upstream.start(link(upstream));
    },
    upstreams: () => ordered,
    reached() {
      awaited.resolve();
      return reached.promise;
    },
    awaited: () => awaited.promise,
    async sendArtifact(action, artifact) {
      const upstream = ordered.find((candidate) => candidate.sendArtifact && candidate.status().state === 'connected');
      if (!upstream?.sendArtifact) {
        throw new AgentError(
          'UPLOAD_FAILED',
          'no upstream that carries artifacts is up, and headend.url is not configured',
        );
      }
      await upstream.sendArtifact(action, artifact);
    },
    async channels() {
      await used.promise;
      return ordered.find((upstream) => upstream.channels)?.channels;
    },
    async finishTaking() {
      await Promise.all(ordered.map((upstream) => upstream.finishTaking?.()));
    },
    async stop(isEmpty) {
      const end = clock.monotonic() + farewellMs;
      const someUp = () => ordered.some((upstream) => upstream.status().state === 'connected');
      while (someUp() && !isEmpty() && clock.monotonic() < end) {
        await new Promise<void>((resolve) => clock.timer(farewellLookMs, resolve));
      }
      await Promise.all(ordered.map((upstream) => upstream.stop()));
    },
  };
}
