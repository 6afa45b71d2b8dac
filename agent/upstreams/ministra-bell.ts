import { setTimeout as wait } from 'node:timers/promises';

/** Ends a pause before its time. A ring that nobody waits for ends the next pause at once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `ms`; rejects when `signal` is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async pause(ms, signal) {
      signal.throwIfAborted();
      const over = new AbortController();
      wake = () => over.abort();
      signal.addEventListener('abort', wake);
      if (!rung) await wait(ms, undefined, { signal: over.signal }).catch(() => undefined);
      signal.removeEventListener('abort', wake);
      rung = false;
      signal.throwIfAborted();
    },
  };
}
