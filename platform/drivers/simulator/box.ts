/**
 * The simulated box as its parts share it: the persisted state, what is on the screen, the log of what happened, and word of
 * every change.
 *
 * INVARIANTS
 * - The state file is written before `update` returns: a kill of the process at any instruction loses no change.
 * - What is on the screen is nowhere else: it is gone with the process, as a real box's is.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Source } from '../../contract.ts';
import { type BoxEvent, type BoxEventName, openEventLog } from './event-log.ts';
import type { Banner } from './screen/scene.ts';
import type { SimulatorSettings } from './settings.ts';
import { type BoxState, isSaved, loadState, saveState } from './state.ts';

/** What is on the screen at this moment, beside what the state says. */
export type OnScreen = {
  playback?: {
    source: Source;
    phase: 'starting' | 'playing' | 'paused' | 'failed';
    reason?: string;
    startedAt?: number;
  };
  banner?: Banner;
  volumeBar?: true;
  /** The newest is on top. */
  messages?: { html: string; dismiss: () => void }[];
  menu?: { title: string; items: string[]; selected: number };
  digits?: string;
  toast?: string;
  progress?: { label: string; percent: number };
  page?: { url: string };
  /** The wall of a box that is cut off. */
  blocked?: { html: string };
};

export type Box = {
  readonly settings: SimulatorSettings;
  /** The state as stored now. */
  readonly state: Readonly<BoxState>;
  readonly screen: Readonly<OnScreen>;
  /**
   * Changes the stored state. `lazy` does not wait for the host's disk, as a box keeps its volume: it survives the process,
   * not the host.
   */
  update(patch: Partial<BoxState>, how?: 'lazy'): void;
  /** Puts a part on the screen, or takes it off (undefined). */
  show<P extends keyof OnScreen>(part: P, value: OnScreen[P] | undefined): void;
  /** Puts a part on the screen for a while; showing it again starts the time anew. */
  flash<P extends keyof OnScreen>(part: P, value: OnScreen[P], ms: number): void;
  /** Takes everything off the screen but a wall. */
  blank(): void;
  record(event: BoxEventName, text: string, detail?: Record<string, unknown>): void;
  recentEvents(count: number): BoxEvent[];
  /** Calls `listener` after every change; the returned function ends that. */
  onChange(listener: () => void): () => void;
  /** Waits; rejects with the reason when `signal` is aborted or the box is closed. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Aborted by `close`. */
  readonly closed: AbortSignal;
  close(): void;
};

/** How many events outlive a restart of the agent. */
const keptEvents = 10_000;

export function openBox(settings: SimulatorSettings): Box {
  let state = loadState(settings);
  if (!isSaved(settings.stateFile, state)) saveState(settings.stateFile, state, true);
  const log = openEventLog(`${settings.stateFile}.events`, keptEvents);
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  const timers = new Map<keyof OnScreen, NodeJS.Timeout>();
  let screen: OnScreen = {};

  const changed = () => {
    for (const listener of listeners) listener();
  };

  const show: Box['show'] = (part, value) => {
    clearTimeout(timers.get(part));
    const { [part]: _, ...rest } = screen;
    screen = value === undefined ? rest : { ...rest, [part]: value };
    changed();
  };

  return {
    settings,
    get state() {
      return state;
    },
    get screen() {
      return screen;
    },
    update(patch, how) {
      const next = { ...state, ...patch };
      saveState(settings.stateFile, next, how !== 'lazy');
      state = next;
      changed();
    },
    show,
    flash(part, value, ms) {
      show(part, value);
      timers.set(part, setTimeout(() => show(part, undefined), ms).unref());
    },
    blank() {
      for (const timer of timers.values()) clearTimeout(timer);
      const { blocked } = screen;
      screen = blocked ? { blocked } : {};
      changed();
    },
    record(event, text, detail) {
      log.append({ bootId: state.bootId, event, text, ...(detail && { detail }) });
      changed();
    },
    recentEvents: log.recent,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async wait(ms, signal) {
      const ends = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
      ends.throwIfAborted();
      await wait(ms, undefined, { signal: ends }).catch(() => {
        throw ends.reason;
      });
    },
    closed: closing.signal,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      closing.abort(new Error('the simulated box was closed'));
      listeners.clear();
    },
  };
}
