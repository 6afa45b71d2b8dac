import type { Db } from './database.ts';

/** A logo of a channel or of a customer. */
export type Picture = { contentType: string; bytes: Buffer };
export type Pictures = ReturnType<typeof createPictures>;

export function createPictures(db: Db) {
  const find = db.prepare<[string], Picture>('SELECT content_type AS contentType, bytes FROM pictures WHERE owner = ?');
  const has = db.prepare<[string], unknown>('SELECT 1 FROM pictures WHERE owner = ?');
  const put = db.prepare<[string, string, Buffer]>(
    'INSERT OR REPLACE INTO pictures (owner, content_type, bytes) VALUES (?, ?, ?)',
  );

  return {
    get: (owner: string): Picture | undefined => find.get(owner),
    has: (owner: string): boolean => has.get(owner) !== undefined,
    put: (owner: string, picture: Picture): void => void put.run(owner, picture.contentType, picture.bytes),
  };
}
