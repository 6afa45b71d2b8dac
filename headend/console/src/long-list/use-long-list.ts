import { useEffect, useMemo } from 'preact/hooks';
import { createLongList, type Item, type LongList, type PageQuery } from './long-list.ts';

/** A list that `read` reads page by page; another one whenever `key` changes. */
export function useLongList<T extends Item>(
  key: string,
  read: (page: PageQuery) => Promise<readonly T[]>,
  firstPage?: number,
): LongList<T> {
  // The key says when it is another list.
  const list = useMemo(() => createLongList(read, firstPage), [key]);
  useEffect(() => void list.more(), [list]);
  return list;
}

/** Where a page is read from: `path` with its query, and the page's place in the list. */
export function pagePath(path: string, query: Record<string, string | null>, page: PageQuery): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...page })) if (value !== null) asked.set(name, String(value));
  return `${path}?${asked}`;
}
