import type { Logger } from 'pino';
import type { ActionMessage, CancelMessage } from '../../agent/protocol/messages.ts';
import { headendLimits } from '../limits.ts';
import type { Action, Due } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { FleetEvents } from './events.ts';
import type { Presence } from './presence.ts';

export type Delivery = {
  /** Something may be waiting for the box: sends it, or wakes the poll that waits for it. */
  wake(box: string): void;
  /** What waits for a box that asks. With `keep` it stays in the queue. */
  pull(box: string, options: { keep: boolean }): Promise<(ActionMessage | CancelMessage)[]>;
  /** Resolves when something may be waiting for the box, or `signal` is aborted. */
  waiting(box: string, signal: AbortSignal): Promise<void>;
  /** The box started anew: what it did not accept is sent again. */
  renewed(box: string): void;
  /** Sends again what has not been accepted for too long. */
  sweep(): void;
};

/**
 * Brings actions to their boxes.
 *
 * INVARIANTS
 * - At least once on the wire: an action that a box has not accepted is sent again on every new link and, on an open one,
 *   after `resendMs`. The box runs it once, by its id.
 * - An action goes over one link at a time, the one heard from last.
 * - In the order they were made, one at a time per box; a box that does not read holds up nobody else.
 */
export function createDelivery(parts: {
  store: Store;
  presence: Presence;
  events: FleetEvents;
  counters: Counters;
  log: Logger;
  resendMs: number;
}): Delivery {
  const { store, presence, events, counters, log } = parts;
  /** Boxes that are being served, and whether something came meanwhile. */
  const serving = new Map<string, { again: boolean }>();
  const waiters = new Map<string, Set<() => void>>();
  /** Boxes that something was sent to and has perhaps not been accepted. */
  const unsettled = new Set<string>();
  /** What was sent before this moment has to be sent again. */
  const renewedAt = new Map<string, number>();

  /** What is due for a box now; what was sent before `since` may be lost. */
  function dueOf(box: string, since: number, limit: number): Due {
    const now = Date.now();
    return { box, now, limit, before: Math.max(since, renewedAt.get(box) ?? 0, now - parts.resendMs) };
  }

  /** Sends everything due over the best link; ends when nothing is due or the link breaks. */
  async function serve(box: string): Promise<void> {
    for (;;) {
      const best = presence.best(box);
      if (best === undefined) return;
      const due = dueOf(box, best.since, headendLimits.sendBatch);
      const { actions, cancels } = await store.commit(() => ({
        actions: store.actions.claim(due),
        cancels: store.actions.claimCancels(due),
      }));
      if (actions.length === 0 && cancels.length === 0) return;
      const sent: string[] = [];
      try {
        for (const id of cancels) await best.link.send({ v: 1, kind: 'cancel', id });
        for (const action of actions) {
          await best.link.send(toMessage(action));
          sent.push(action.id);
          counters.sends += 1;
        }
      } finally {
        await markDelivered(box, sent);
      }
    }
  }

  async function markDelivered(box: string, ids: string[]): Promise<void> {
    unsettled.add(box);
    if (ids.length === 0) return;
    const now = Date.now();
    const moved = await store.commit(() => ids.filter((id) => store.actions.delivered(id, now)));
    for (const action of moved) events.publish({ event: 'action', box, action });
  }

  /** The next messages for a box that asks. */
  async function take(box: string, keep: boolean): Promise<(ActionMessage | CancelMessage)[]> {
    const due = dueOf(box, 0, headendLimits.pullBatch);
    const { actions, cancels } = keep
      ? { actions: store.actions.peek(due), cancels: store.actions.peekCancels(due) }
      : await store.commit(() => ({ actions: store.actions.claim(due), cancels: store.actions.claimCancels(due) }));
    if (!keep) {
      counters.sends += actions.length;
      await markDelivered(
        box,
        actions.map((action) => action.id),
      );
    }
    return [...cancels.map((id): CancelMessage => ({ v: 1, kind: 'cancel', id })), ...actions.map(toMessage)];
  }

  function wake(box: string): void {
    const busy = serving.get(box);
    if (busy !== undefined) {
      busy.again = true;
      return;
    }
    if (presence.best(box) === undefined) {
      for (const resolve of waiters.get(box) ?? []) resolve();
      return;
    }
    const turn = { again: false };
    serving.set(box, turn);
    serve(box)
      .catch((error: unknown) =>
        log.warn({ box, error: String(error) }, 'sending to the box failed; it is tried again'),
      )
      .finally(() => {
        serving.delete(box);
        if (turn.again) wake(box);
      });
  }

  return {
    wake,

    async pull(box, { keep }) {
      const messages: (ActionMessage | CancelMessage)[] = [];
      let bytes = 0;
      let count: number = headendLimits.pullBatch;
      while (count >= headendLimits.pullBatch && bytes < headendLimits.pullBytes) {
        const batch = await take(box, keep);
        count = batch.length;
        bytes += JSON.stringify(batch).length;
        messages.push(...batch);
        if (keep) break;
      }
      return messages;
    },

    waiting(box, signal) {
      return new Promise((resolve) => {
        const waiting = waiters.get(box) ?? new Set();
        waiters.set(box, waiting);
        const done = () => {
          waiting.delete(done);
          if (waiting.size === 0) waiters.delete(box);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
        if (signal.aborted) done();
      });
    },

    renewed(box) {
      renewedAt.set(box, Date.now());
      wake(box);
    },

    sweep() {
      for (const box of unsettled) {
        if (!store.actions.isWaiting(box)) unsettled.delete(box);
        else if (presence.isOnline(box)) wake(box);
      }
    },
  };
}

/** An action as the protocol carries it. */
export function toMessage(action: Action): ActionMessage {
  return {
    v: 1,
    kind: 'action',
    id: action.id,
    type: action.type,
    params: action.params,
    ...(action.when === null ? {} : { when: new Date(action.when).toISOString() }),
    ...(action.expires === null ? {} : { expires: new Date(action.expires).toISOString() }),
    ...(action.spread === null ? {} : { spread: action.spread }),
  };
}
