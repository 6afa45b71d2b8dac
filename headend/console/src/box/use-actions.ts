import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.ts';
import { type Loaded, useLoad } from '../parts/use-load.ts';
import type { Action, ActionType, Page } from '../types.ts';

/** The newest actions of a box, the newest first, live; of one type where it is named. */
export function useActions(box: string, limit: number, type?: ActionType): Loaded<Page<Action>> {
  const { api, live } = useApp();
  const wanted = useRef(limit);
  wanted.current = limit;
  const loaded = useLoad(`actions ${box} ${type}`, () => {
    const query = new URLSearchParams({ box, limit: String(wanted.current), ...(type === undefined ? {} : { type }) });
    return api.get<Page<Action>>(`/stb/v1/actions?${query}`);
  });
  const latest = useRef(loaded);
  latest.current = loaded;
  // What is shown stays until more of it is there.
  useEffect(() => {
    if (latest.current.value !== undefined) void latest.current.again();
  }, [limit]);

  useEffect(() => {
    const stops = [
      live.on('action', (action) => {
        const page = latest.current.value;
        if (action.box !== box || page === undefined || (type !== undefined && action.type !== type)) return;
        const next = withNewest(page, action, limit);
        latest.current.value = next;
        latest.current.set(next);
      }),
      live.onGap(() => void latest.current.again()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [box, type, limit, live]);
  return loaded;
}

/** A page in which an action is as it is now; a new one comes first. */
export function withNewest(page: Page<Action>, action: Action, limit: number): Page<Action> {
  const isKnown = page.items.some(({ id }) => id === action.id);
  if (isKnown) return { ...page, items: page.items.map((item) => (item.id === action.id ? action : item)) };
  const oldest = page.items.at(-1);
  if (page.items.length >= limit && oldest !== undefined && action.id < oldest.id) return page;
  return { ...page, total: page.total + 1, items: [action, ...page.items].slice(0, limit) };
}
