import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createBackOff } from './back-off.ts';
import { upstreamLimits } from './limits.ts';

/**
 * Takes messages off the wire and says when each may be acknowledged.
 *
 * INVARIANTS
 * - `acknowledge` is called only after `receive` resolved (promise 1), at most once, and not after the signal is aborted.
 * - Acknowledgements leave in the order in which the messages came, as MQTT asks (4.6.0-2), except that a message
 *   which could not be taken holds up no other.
 * - A message that could not be taken is offered again, with back-off, until it is taken or the signal is aborted.
 */
export interface Intake {
  /** Resolves when there is room for another message, which is long before this one is stored. Never rejects. */
  take(bytes: Uint8Array, acknowledge?: () => void): Promise<void>;
  /** How many messages could not be taken and wait to be offered again. */
  held(): number;
}

type Delivery = { bytes: Uint8Array; acknowledge: () => void; state: 'pending' | 'taken' | 'held' };

export function createIntake(options: {
  receive(bytes: Uint8Array): Promise<void>;
  log: Logger;
  /** Ends the retries, and the wait for room. */
  signal: AbortSignal;
}): Intake {
  const { receive, log, signal } = options;
  const backOff = createBackOff(upstreamLimits.retakeMs);
  /** In the order they came: from the oldest that is still pending. */
  const queue: Delivery[] = [];
  const held: Delivery[] = [];
  const waiting: (() => void)[] = [];
  let weight = 0;

  const weightOf = ({ bytes }: Delivery) => bytes.length + upstreamLimits.bookkeepingBytes;
  const hasRoom = () => signal.aborted || weight < upstreamLimits.unacknowledgedBytes;
  const letIn = () => {
    while (waiting.length > 0 && hasRoom()) waiting.shift()?.();
  };
  signal.addEventListener('abort', letIn);

  async function accept(delivery: Delivery): Promise<void> {
    queue.push(delivery);
    weight += weightOf(delivery);
    try {
      await receive(delivery.bytes);
      delivery.state = 'taken';
      weight -= weightOf(delivery);
    } catch (error) {
      putAside(delivery, error);
    }
    acknowledgeInOrder();
    letIn();
  }

  function acknowledgeInOrder() {
    while (queue[0] && queue[0].state !== 'pending') {
      const delivery = queue.shift();
      if (delivery?.state === 'taken' && !signal.aborted) delivery.acknowledge();
    }
  }

  function putAside(delivery: Delivery, error: unknown) {
    delivery.state = 'held';
    if (signal.aborted) return;
    held.push(delivery);
    // A full disk refuses every message; one line says so.
    const level = held.length === 1 ? 'warn' : 'debug';
    log[level](
      { err: error, held: held.length },
      'message could not be taken; it stays unacknowledged and is tried again',
    );
    if (held.length === 1) void offerAgain();
  }

  /** Oldest first, and no further than the first that is refused again, so that the order stays. */
  async function offerAgain() {
    while (held.length > 0) {
      await wait(backOff.next(), undefined, { signal }).catch(() => undefined);
      for (let next = held[0]; next && !signal.aborted; next = held[0]) {
        if (!(await isTaken(next.bytes))) break;
        held.shift();
        weight -= weightOf(next);
        if (!signal.aborted) next.acknowledge();
        letIn();
      }
      if (signal.aborted) return;
    }
    backOff.reset();
  }

  async function isTaken(bytes: Uint8Array): Promise<boolean> {
    try {
      await receive(bytes);
      return true;
    } catch (error) {
      log.debug({ err: error }, 'message could not be taken again');
      return false;
    }
  }

  return {
    take(bytes, acknowledge = () => undefined) {
      void accept({ bytes, acknowledge, state: 'pending' });
      return hasRoom() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
    held: () => held.length,
  };
}
