import { useEffect, useState } from 'preact/hooks';
import { type Api, CallError, sayError } from '../api.ts';
import { useApp } from '../app.ts';

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

/**
 * How many boxes an action would reach, as the headend says it; undefined while it is not known. `body` is what would be sent;
 * null when it cannot be sent yet. Asked anew when `sent` counts up, for then the same is there already.
 */
export function useReach(body: Record<string, unknown> | null, sent = 0): { reach?: Reach; error?: string } {
  const { api } = useApp();
  const [state, setState] = useState<{ key: string; reach?: Reach; error?: string }>({ key: '' });
  const key = body === null ? '' : JSON.stringify(body);
  useEffect(() => {
    if (key === '') return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const next = await ask(api, key);
      if (isWanted) setState({ key, ...next });
    }, settleMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, key, sent]);
  return state.key === key ? state : {};
}

async function ask(api: Api, body: string): Promise<{ reach?: Reach; error?: string }> {
  try {
    return { reach: await api.post<Reach>('/stb/v1/actions/preview', JSON.parse(body)) };
  } catch (error) {
    return { error: error instanceof CallError && error.status === 403 ? error.message : sayError(error) };
  }
}
