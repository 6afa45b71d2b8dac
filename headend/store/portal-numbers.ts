import type { Db } from './database.ts';

export type Numbered = 'box' | 'channel';
export type PortalNumbers = ReturnType<typeof createPortalNumbers>;

/** The whole numbers by which Ministra's clients know boxes and channels. */
export function createPortalNumbers(db: Db) {
  const number = db.prepare<[string], { number: number }>('SELECT number FROM portal_numbers WHERE id = ?');
  const id = db.prepare<[string, number], { id: string }>(
    'SELECT id FROM portal_numbers WHERE kind = ? AND number = ?',
  );
  const all = db.prepare<[string], { id: string; number: number }>(
    'SELECT id, number FROM portal_numbers WHERE kind = ?',
  );

  return {
    /** The number of a box or channel; 0 for an id that is none. */
    of: (owner: string): number => number.get(owner)?.number ?? 0,
    /** What a number stands for; undefined for text that is no number of the kind. */
    find: (kind: Numbered, text: string): string | undefined =>
      /^\d{1,15}$/.test(text) ? id.get(kind, Number(text))?.id : undefined,
    /** The numbers of all of a kind, by id. */
    all: (kind: Numbered): Map<string, number> => new Map(all.all(kind).map((row) => [row.id, row.number])),
  };
}
