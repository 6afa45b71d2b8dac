import { type ReadonlySignal, signal } from '@preact/signals';
import type { Rollout } from './rollouts/rollout.ts';
import type { Action, Box, Report } from './types.ts';

export type LiveReport = { box: string; action: string; report: Report };
type Events = { box: Box; action: Action; report: LiveReport; rollout: Rollout };

/** What happens in the fleet, as it happens. */
export type Live = {
  state: ReadonlySignal<'connecting' | 'live' | 'lost'>;
  /** Calls `listener` for every event until the function returned is called. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  /** Calls `listener` when the stream is back and something may have been missed. */
  onGap(listener: () => void): () => void;
  start(): void;
  stop(): void;
};

const reconnectMs = { first: 1_000, most: 15_000 };
/** A stream that has not opened after so long, or that is silent for so many of the times within which the headend says that it is alive, is lost. */
const patience = { openMs: 30_000, silences: 2 };

/** `lost` is told whenever the stream could not be had. */
export function createLive(lost: () => void, path = '/stb/v1/events'): Live {
  const state = signal<'connecting' | 'live' | 'lost'>('connecting');
  const listeners: { [K in keyof Events]: Set<(value: Events[K]) => void> } = {
    box: new Set(),
    action: new Set(),
    report: new Set(),
    rollout: new Set(),
  };
  const gapListeners = new Set<() => void>();
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let pause = reconnectMs.first;
  /** Whether something may have happened that no stream told. */
  let isBehind = false;

  function open(): void {
    source = new EventSource(path);
    source.onopen = () => {
      pause = reconnectMs.first;
      state.value = 'live';
      if (isBehind) for (const listener of gapListeners) listener();
      isBehind = false;
    };
    // The browser's own way of trying again gives up for good on some answers.
    source.onerror = lose;
    source.addEventListener('alive', (event) => {
      expectWithin(patience.silences * JSON.parse((event as MessageEvent).data).nextMs);
    });
    expectWithin(patience.openMs);
    for (const name of ['box', 'action', 'report', 'rollout'] as const) listen(source, name);
  }

  /** A connection that has died without a word is seen by its silence only. */
  function expectWithin(ms: number): void {
    clearTimeout(silence);
    silence = setTimeout(lose, ms);
  }

  function lose(): void {
    clearTimeout(silence);
    source?.close();
    state.value = 'lost';
    isBehind = true;
    lost();
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, reconnectMs.most);
  }

  function listen<K extends keyof Events>(target: EventSource, name: K): void {
    target.addEventListener(name, (event) => {
      const value = JSON.parse((event as MessageEvent).data) as Events[K];
      for (const listener of listeners[name]) listener(value);
    });
  }

  return {
    state,
    on(event, listener) {
      listeners[event].add(listener);
      return () => void listeners[event].delete(listener);
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => void gapListeners.delete(listener);
    },
    start() {
      if (source === undefined) open();
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(silence);
      source?.close();
      source = undefined;
      isBehind = false;
      state.value = 'connecting';
    },
  };
}
