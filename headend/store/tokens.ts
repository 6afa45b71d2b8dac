import { createHash, randomBytes } from 'node:crypto';
import type { Db } from './database.ts';

export type TokenOwner = { kind: 'user' | 'box'; id: string };
export type Tokens = ReturnType<typeof createTokens>;

/** Tokens of users and boxes. Only their SHA-256 is stored; a token has 256 random bits, so a plain hash is enough. */
export function createTokens(db: Db) {
  const insert = db.prepare<[Buffer, string | null, string | null, number]>(
    'INSERT OR IGNORE INTO tokens (hash, user, box, created_at) VALUES (?, ?, ?, ?)',
  );
  const find = db.prepare<[Buffer], { user: string | null; box: string | null }>(
    'SELECT user, box FROM tokens WHERE hash = ?',
  );
  const revokeUser = db.prepare<[string]>('DELETE FROM tokens WHERE user = ?');
  const revokeBox = db.prepare<[string]>('DELETE FROM tokens WHERE box = ?');

  return {
    /** Makes a token for its owner, or takes `given`, and returns it: the only time it can be read. */
    issue(owner: TokenOwner, given?: string): string {
      const token = given ?? randomBytes(32).toString('base64url');
      const user = owner.kind === 'user' ? owner.id : null;
      const box = owner.kind === 'box' ? owner.id : null;
      insert.run(hash(token), user, box, Date.now());
      return token;
    },
    /** Whose token this is. */
    owner(token: string): TokenOwner | undefined {
      const row = find.get(hash(token));
      if (row?.user) return { kind: 'user', id: row.user };
      if (row?.box) return { kind: 'box', id: row.box };
      return undefined;
    },
    /** What a token is called where it must not be shown: the start of its hash. */
    nameOf: (token: string): string => hash(token).toString('hex').slice(0, 12),
    /** Makes every token of the owner worthless. */
    revoke(owner: TokenOwner): void {
      (owner.kind === 'user' ? revokeUser : revokeBox).run(owner.id);
    },
  };
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
