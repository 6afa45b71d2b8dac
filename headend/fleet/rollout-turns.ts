import type { Logger } from 'pino';
import { headendLimits } from '../limits.ts';

/** Work that is done for one id at a time, soon after it was asked for. */
export type Turns = {
  /** The id has work: it is done soon, together with what else comes until then. */
  wake(id: string): void;
  /** No turn begins any more; resolves when the ones that have begun are over. */
  close(): Promise<void>;
};

type Turn = { running: Promise<void> | undefined; again: boolean; timer: NodeJS.Timeout | undefined; dueAt: number };

/**
 * Calls `work` for each id that is woken: never twice at once for one id, and once more when it was woken meanwhile. `work` resolves
 * with the time at which it wants to be called again by itself. When it fails it is tried again.
 */
export function createTurns(log: Logger, work: (id: string) => Promise<number | null>): Turns {
  const { gatherMs, retryMs } = headendLimits.rollout;
  const turns = new Map<string, Turn>();
  let isClosed = false;

  function turnOf(id: string): Turn {
    const turn = turns.get(id) ?? { running: undefined, again: false, timer: undefined, dueAt: 0 };
    turns.set(id, turn);
    return turn;
  }

  /** The next turn is in `ms`, or earlier where that is planned already. */
  function later(id: string, turn: Turn, ms: number): void {
    const dueAt = performance.now() + ms;
    if (isClosed || (turn.timer !== undefined && turn.dueAt <= dueAt)) return;
    clearTimeout(turn.timer);
    turn.dueAt = dueAt;
    turn.timer = setTimeout(() => begin(id, turn), Math.min(ms, headendLimits.longestTimerMs)).unref();
  }

  function begin(id: string, turn: Turn): void {
    turn.timer = undefined;
    turn.again = false;
    turn.running = run(id, turn).finally(() => {
      turn.running = undefined;
      if (turn.again) later(id, turn, gatherMs);
    });
  }

  async function run(id: string, turn: Turn): Promise<void> {
    try {
      const nextAt = await work(id);
      if (nextAt !== null) later(id, turn, Math.max(0, nextAt - Date.now()));
    } catch (error) {
      log.error({ rollout: id, error: String(error) }, 'a rollout could not go on; it is tried again');
      later(id, turn, retryMs);
    }
  }

  return {
    wake(id) {
      const turn = turnOf(id);
      if (turn.running === undefined) later(id, turn, gatherMs);
      else turn.again = true;
    },
    async close() {
      isClosed = true;
      for (const { timer } of turns.values()) clearTimeout(timer);
      await Promise.all([...turns.values()].map(({ running }) => running));
    },
  };
}
