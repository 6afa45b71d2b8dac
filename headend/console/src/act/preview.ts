import { useEffect, useState } from 'preact/hooks';
import { type Api, CallError, sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { texts } from '../texts.ts';
import type { ActionType } from '../types.ts';

/** What would happen to how many boxes. */
export type Reach = {
  boxes: number;
  off: number;
  skipped: number;
  unsupported: number;
  /** The firmware rollouts under way that some of them are in. */
  rollouts: readonly { id: string; name: string; boxes: number }[];
};

/** How long the viewer may go on typing before the headend is asked. */
const settleMs = 250;
/** At most so often it is asked again while boxes come and go; and never for more than a tenth of its time, however many there are. */
const pauseMs = 1_000;
const pauseShare = 10;

/**
 * How many boxes an action would reach, as the headend says it and while it changes; undefined while it is not known. `body` is what would be
 * sent; null when it cannot be sent yet. Asked anew when `sent` counts up, for then the same is there already.
 */
export function useReach(
  body: ({ type: ActionType } & Record<string, unknown>) | null,
  sent = 0,
): {
  reach?: Reach;
  error?: string;
} {
  const { api, live, fleet } = useApp();
  const [state, setState] = useState<{ key: string; reach?: Reach; error?: string }>({ key: '' });
  const key = body === null ? '' : JSON.stringify(body);
  const type = body?.type;
  useEffect(() => {
    if (key === '') return;
    let isWanted = true;
    let tookMs = 0;
    const look = async () => {
      timer = undefined;
      const since = performance.now();
      const next = await ask(api, key);
      tookMs = performance.now() - since;
      if (isWanted) setState({ key, ...next });
    };
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(look, settleMs);
    const soon = () => {
      timer ??= setTimeout(look, Math.max(pauseMs, pauseShare * tookMs));
    };
    const stops = [
      live.on('action', (action) => action.type === type && soon()),
      live.on('rollout', () => type === 'FIRMWARE' && soon()),
      fleet.onMove(soon),
      live.onGap(soon),
    ];
    return () => {
      isWanted = false;
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [api, live, fleet, key, type, sent]);
  return state.key === key ? state : {};
}

async function ask(api: Api, body: string): Promise<{ reach?: Reach; error?: string }> {
  try {
    return { reach: await api.post<Reach>('/stb/v1/actions/preview', JSON.parse(body)) };
  } catch (error) {
    return { error: sayWhyNot(error) };
  }
}

/** Why an action was not taken. What is not found is whom it is for. */
export function sayWhyNot(error: unknown): string {
  return error instanceof CallError && error.status === 404 ? texts.reach.gone : sayError(error);
}
