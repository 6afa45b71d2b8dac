import { useEffect } from 'preact/hooks';
import { useApp } from '../app.ts';
import { type Loaded, useLoad } from '../parts/use-load.ts';
import type { Box } from '../types.ts';

/** One box, live. */
export function useBox(id: string): Loaded<Box> {
  const { api, live } = useApp();
  const loaded = useLoad(`box ${id}`, () => api.get<Box>(`/stb/v1/boxes/${encodeURIComponent(id)}`));
  const key = loaded.value?.id;
  // Only the box matters; what is loaded is another object each time.
  useEffect(() => {
    if (key === undefined) return;
    const stops = [live.on('box', (box) => box.id === key && loaded.set(box)), live.onGap(() => void loaded.again())];
    return () => {
      for (const stop of stops) stop();
    };
  }, [key, live]);
  return loaded;
}
