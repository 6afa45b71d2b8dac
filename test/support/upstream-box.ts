import { pino } from 'pino';
import { newId } from '../../agent/protocol/id.ts';
import { type ActionMessage, decodeHeadendMessage, type Report } from '../../agent/protocol/messages.ts';
import type { Upstream, UpstreamLink } from '../../agent/upstream.ts';
import type { UpstreamDeps } from '../../agent/upstreams/options.ts';

export const quiet = pino({ level: process.env.STB_TEST_LOG ?? 'silent' });

/** The rest of an agent, as an upstream sees it: it keeps what it receives and answers each action with `accepted`. */
export interface UpstreamBox {
  readonly upstream: Upstream;
  /** What `receive` was called with, as text, in order, refused calls too. */
  readonly received: string[];
  /** How often the headend could be reached. */
  connects: number;
  /** The reasons why it could not be reached any more. */
  readonly losses: string[];
  /** Replaces what `receive` does before it resolves; throwing refuses the message. */
  store: (text: string) => Promise<void> | void;
}

export function createUpstreamBox(
  createUpstream: (deps: UpstreamDeps) => Upstream,
  identity: UpstreamDeps['box'],
): UpstreamBox {
  const upstream = createUpstream({ box: identity, log: quiet, now: Date.now });
  const box: UpstreamBox = { upstream, received: [], connects: 0, losses: [], store: () => undefined };
  const link: UpstreamLink = {
    async receive(bytes) {
      const text = Buffer.from(bytes).toString();
      box.received.push(text);
      await box.store(text);
      const decoded = decodeHeadendMessage(bytes);
      if (decoded.ok && decoded.message.kind === 'action') {
        upstream.send(report(decoded.message.id, 'accepted')).catch(() => undefined);
      }
    },
    connected() {
      box.connects += 1;
    },
    disconnected(reason) {
      box.losses.push(reason);
    },
    telemetry: async () => ({ v: 1, kind: 'telemetry', at: new Date().toISOString(), cpuPercent: 12.5, volume: 40 }),
  };
  upstream.start(link);
  return box;
}

export function action(id: string): ActionMessage {
  return { v: 1, kind: 'action', id, type: 'VOLUME', params: { volume: 10 } };
}

export function report(id: string, state: Report['state']): Report {
  return { v: 1, kind: 'report', report: newId(), id, type: 'VOLUME', state, at: new Date().toISOString() };
}
