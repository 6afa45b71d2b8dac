import type { Logger } from 'pino';
import { newId } from '../../agent/protocol/id.ts';
import {
  type BoxMessage,
  decodeBoxMessage,
  type Hello,
  isFinal,
  type Report,
  type Telemetry,
} from '../../agent/protocol/messages.ts';
import { headendLimits } from '../limits.ts';
import type { Action } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { FleetEvents } from './events.ts';

/** What became of a message. `report` is the id of a report that is stored now; a final one has to be acknowledged. */
export type Received =
  | { ok: true; kind: BoxMessage['kind']; report?: string; final: boolean }
  | { ok: false; reason: string };

export type Inbox = {
  /** Takes what an authenticated box sent. Resolves when it is on disk; rejects when it cannot be stored and must come again. */
  receive(box: string, upstream: string, bytes: Uint8Array): Promise<Received>;
  /** Only that the box was heard. */
  heard(box: string, upstream: string): Promise<void>;
};

/**
 * Takes what boxes say.
 *
 * INVARIANTS
 * - A final report is acknowledged only after it is committed (protocol: a result is sent until it is acknowledged).
 * - A report that comes twice is stored once and acknowledged each time.
 * - An action has one final report: the one that says how it ended takes the place of an open one, which comes too late after it.
 * - What follows a done action is made in the transaction of its report.
 * - A report about an unknown action, or about another box's, changes nothing; it is acknowledged, or it would come for ever.
 */
export function createInbox(parts: {
  store: Store;
  events: FleetEvents;
  counters: Counters;
  log: Logger;
  wake(box: string): void;
}): Inbox {
  const { store, events, counters, log } = parts;

  function onReport(box: string, report: Report, now: number): () => void {
    const final = isFinal(report.state);
    const action = report.id === null ? undefined : store.actions.get(report.id);
    if (action === undefined || action.box !== box) {
      counters.strayReports += 1;
      log.warn({ box, action: report.id, state: report.state }, 'a report about an action this box was never given');
      return () => {};
    }
    const first = final && !isFinal(action.state);
    const replaces = report.state === 'done' && !report.open && !first && store.reports.removeOpen(action.id);
    if (report.open && !first) return () => {};
    if (!first && !replaces && store.reports.count(action.id) >= headendLimits.reportsPerAction) return () => {};
    if (!store.reports.add(box, action.id, report, now)) return () => {};
    const moved = replaces
      ? store.actions.closeOpen(action.id, report, now)
      : store.actions.apply(action.id, report, now);
    if (final && !moved) counters.lateReports += 1;
    const followed = moved && report.state === 'done' && !report.open ? follow(action, now) : undefined;
    return () => {
      events.publish({ event: 'report', box, action: action.id, report });
      if (moved) events.publish({ event: 'action', box, action: action.id });
      if (followed === undefined) return;
      events.publish({ event: 'action', box, action: followed });
      parts.wake(box);
    };
  }

  /** Makes what follows an action that is done; returns its id. */
  function follow({ box, followUp: type, createdBy }: Action, now: number): string | undefined {
    if (type === null) return undefined;
    const id = newId(now);
    const times = { when: null, expires: null, spread: null };
    store.actions.insert({ id, box, type, params: '{}', createdBy, ...times, followUp: null, request: null }, now);
    counters.actionsCreated += 1;
    return id;
  }

  function onHello(box: string, hello: Hello): () => void {
    if (hello.box !== box) log.warn({ box, claims: hello.box }, 'the box says another id than it signed in with');
    store.boxes.hello(box, hello);
    return () => events.publish({ event: 'box', box, online: true });
  }

  function onTelemetry(box: string, telemetry: Telemetry, now: number): () => void {
    store.boxes.telemetry(box, telemetry);
    store.telemetry.add(box, telemetry, now);
    return () => events.publish({ event: 'box', box, online: true });
  }

  function take(box: string, message: BoxMessage, now: number): () => void {
    if (message.kind === 'report') return onReport(box, message, now);
    if (message.kind === 'hello') return onHello(box, message);
    return onTelemetry(box, message, now);
  }

  return {
    async receive(box, upstream, bytes) {
      const decoded = decodeBoxMessage(bytes);
      if (!decoded.ok) {
        counters.unreadable += 1;
        log.warn({ box, upstream, reason: decoded.reason }, 'a message from the box cannot be read');
        return { ok: false, reason: decoded.reason };
      }
      const message = decoded.message;
      counters.messages[message.kind] += 1;
      const now = Date.now();
      const after = await store.commit(() => {
        store.boxes.seen(box, upstream, now);
        return take(box, message, now);
      });
      after();
      if (message.kind !== 'report') return { ok: true, kind: message.kind, final: false };
      return { ok: true, kind: 'report', report: message.report, final: isFinal(message.state) };
    },

    async heard(box, upstream) {
      const now = Date.now();
      await store.commit(() => store.boxes.seen(box, upstream, now));
    },
  };
}
