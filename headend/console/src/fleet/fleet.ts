import { type ReadonlySignal, signal } from '@preact/signals';
import { type Api, sayError } from '../api.ts';
import type { Live } from '../live.ts';
import { type FleetRow, rowOfBox, withAction } from './row.ts';

/** Every box that the viewer sees, kept up to date. */
export type FleetList = {
  /** Counts up when `rows` changed; at most a few times in a second, however much the boxes say. */
  version: ReadonlySignal<number>;
  state: ReadonlySignal<{ loading: boolean; error: string | null; loaded: boolean }>;
  rows(): FleetRow[];
  get(id: string): FleetRow | undefined;
  /** Calls `listener` when a box came, went or changed in what it can be chosen by, until the function returned is called. */
  onMove(listener: () => void): () => void;
  load(): Promise<void>;
  clear(): void;
};

/** How often the list may change under the viewer's eyes. */
const tellMs = 400;

export function createFleetList(api: Api, live: Live): FleetList {
  const byId = new Map<string, FleetRow>();
  const version = signal(0);
  const state = signal<{ loading: boolean; error: string | null; loaded: boolean }>({
    loading: false,
    error: null,
    loaded: false,
  });
  const moveListeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let loading: AbortController | undefined;

  function tell(): void {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      version.value += 1;
    }, tellMs);
  }

  live.on('box', (box) => {
    const before = byId.get(box.id);
    const row = rowOfBox(box, before?.action ?? null);
    byId.set(box.id, row);
    tell();
    if (before === undefined || placeOf(before) !== placeOf(row)) for (const listener of moveListeners) listener();
  });
  live.on('action', (action) => {
    const row = byId.get(action.box);
    if (row === undefined) return;
    byId.set(row.id, withAction(row, action));
    tell();
  });

  async function load(): Promise<void> {
    loading?.abort();
    loading = new AbortController();
    const { signal: abort } = loading;
    const old = new Set(byId.keys());
    state.value = { ...state.value, loading: true, error: null };
    try {
      await api.lines<FleetRow>(
        '/stb/v1/fleet',
        (rows) => {
          for (const row of rows) {
            byId.set(row.id, row);
            old.delete(row.id);
          }
          version.value += 1;
        },
        abort,
      );
      for (const id of old) byId.delete(id);
      state.value = { loading: false, error: null, loaded: true };
      version.value += 1;
    } catch (error) {
      if (!abort.aborted) state.value = { ...state.value, loading: false, error: sayError(error) };
    }
  }
  live.onGap(load);

  return {
    version,
    state,
    rows: () => [...byId.values()],
    get: (id) => byId.get(id),
    onMove(listener) {
      moveListeners.add(listener);
      return () => void moveListeners.delete(listener);
    },
    load,
    clear() {
      loading?.abort();
      byId.clear();
      state.value = { loading: false, error: null, loaded: false };
      version.value += 1;
    },
  };
}

/** What decides whether an action is for a box, and whether that gets it at once. */
function placeOf({ online, enabled, customer, name, model, firmware, upstream, groups }: FleetRow): string {
  return [online, enabled, customer, name, model, firmware, upstream, ...groups].join('\n');
}
