import type { Db } from './database.ts';

/** One programme of the guide. `id` is stable for a channel and a beginning; `epgId` is what the guide calls the channel. Times are milliseconds. */
export type Programme = {
  id: string;
  epgId: string;
  start: number;
  end: number;
  title: string;
  subTitle?: string;
  description?: string;
  genres?: string[];
  year?: number;
  country?: string;
  images?: string[];
  season?: number;
  episode?: number;
  credits?: { type: string; name: string; role?: string }[];
};

type Row = { id: string; epg_id: string; starts_at: number; ends_at: number; body: string };
export type Programmes = ReturnType<typeof createProgrammes>;

export function createProgrammes(db: Db) {
  const put = db.prepare<[string, string, number, number, string]>(
    'INSERT OR REPLACE INTO programmes (id, epg_id, starts_at, ends_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const cut = db.prepare<[number, string, number, number]>(
    'UPDATE programmes SET ends_at = ? WHERE epg_id = ? AND starts_at < ? AND ends_at > ?',
  );
  const clear = db.prepare<[string, number, number]>(
    'DELETE FROM programmes WHERE epg_id = ? AND starts_at >= ? AND starts_at < ?',
  );
  const forget = db.prepare<[number]>('DELETE FROM programmes WHERE ends_at < ?');
  const byId = db.prepare<[string], Row>('SELECT * FROM programmes WHERE id = ?');
  const between = db.prepare<[string, number, number, number], Row>(
    'SELECT * FROM programmes WHERE epg_id = ? AND starts_at < ? AND ends_at > ? ORDER BY starts_at LIMIT ?',
  );
  const count = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM programmes');

  return {
    /** Takes programmes over. Of the same channel, those that begin during one are replaced; what began before ends where it begins. */
    take: db.transaction((programmes: readonly Programme[]): void => {
      for (const { id, epgId, start, end, ...body } of programmes.toSorted((a, b) => a.start - b.start)) {
        cut.run(start, epgId, start, start);
        clear.run(epgId, start, end);
        put.run(id, epgId, start, end, JSON.stringify(body));
      }
    }),
    /** Deletes what ended before. */
    forget: (before: number): number => forget.run(before).changes,
    get(id: string): Programme | undefined {
      const row = byId.get(id);
      return row && toProgramme(row);
    },
    /** Those of a channel that run between two instants, in their order. */
    between: (epgId: string, from: number, to: number, limit: number): Programme[] =>
      between.all(epgId, to, from, limit).map(toProgramme),
    count: (): number => count.get()?.count ?? 0,
  };
}

function toProgramme({ id, epg_id, starts_at, ends_at, body }: Row): Programme {
  return { ...JSON.parse(body), id, epgId: epg_id, start: starts_at, end: ends_at };
}
