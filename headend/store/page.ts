import type { Db } from './database.ts';

export type Paging = { offset: number; limit: number };
export type Page<T> = { total: number; items: T[] };

/**
 * One page of a list, and how many there are in all. `where` holds conditions over the named values in `bind`; an empty one is left out.
 * The parts are SQL written in this folder; whatever a caller sent is only ever in `bind`.
 */
export function page<T>(
  db: Db,
  query: {
    from: string;
    where: readonly (string | false | null | undefined)[];
    order: string;
    bind: Record<string, unknown>;
    paging: Paging;
  },
): Page<T> {
  const conditions = query.where.filter((condition) => typeof condition === 'string' && condition !== '');
  const source = `FROM ${query.from}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`;
  const counted = db.prepare<[Record<string, unknown>], { total: number }>(`SELECT count(*) AS total ${source}`);
  const items = db.prepare<[Record<string, unknown>], T>(
    `SELECT * ${source} ORDER BY ${query.order} LIMIT @limit OFFSET @offset`,
  );
  return {
    total: counted.get(query.bind)?.total ?? 0,
    items: items.all({ ...query.bind, ...query.paging }),
  };
}

/** A search text as a LIKE pattern that matches it anywhere and nothing else. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
