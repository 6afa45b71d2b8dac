import { lookFor } from '../search.ts';
import type { Db } from './database.ts';

/** `before` is the place in a list of which only what is older is wanted. */
export type Paging = { offset: number; limit: number; before?: number | undefined };
export type Page<T> = { total: number; items: T[] };

/**
 * One page of a list, and how many there are in all, before and after `paging.before`. `where` holds conditions over the named values in `bind`; an empty one is left out.
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
  const conditions = query.where.filter((condition): condition is string => Boolean(condition));
  const from = (all: readonly string[]) => `FROM ${query.from}${all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''}`;
  const counted = db.prepare<[Record<string, unknown>], { total: number }>(
    `SELECT count(*) AS total ${from(conditions)}`,
  );
  const asked = from(query.paging.before === undefined ? conditions : [...conditions, 'seq < @before']);
  const items = db.prepare<[Record<string, unknown>], T>(
    `SELECT * ${asked} ORDER BY ${query.order} LIMIT @limit OFFSET @offset`,
  );
  return {
    total: counted.get(query.bind)?.total ?? 0,
    items: items.all({ ...query.bind, ...query.paging }),
  };
}

/** The values that `has` looks for; undefined where a search finds everything. */
export function sought(search: string | undefined): { text: string; like: string } | undefined {
  const text = lookFor(search)?.text;
  return text === undefined ? undefined : { text, like: `%${text.replace(/[\\%_]/g, '\\$&')}%` };
}

/**
 * SQL: whether one of the columns contains what is `sought`. Most texts are ASCII, and those SQLite's own LIKE compares as `folded` would, many times as
 * fast; the others are longer in octets than in letters.
 */
export function has(...columns: readonly string[]): string {
  const each = columns.map(
    (column) =>
      `${column} LIKE @like ESCAPE '\\' OR octet_length(${column}) > length(${column}) AND instr(folded(${column}), @text)`,
  );
  return `(${each.join(' OR ')})`;
}
