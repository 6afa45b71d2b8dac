import { newId } from '../../agent/protocol/id.ts';
import type { Role } from '../roles.ts';
import type { Db } from './database.ts';
import { type Page, type Paging, page } from './page.ts';

/** Someone who calls the APIs. Only an ADMIN may be without a customer, and then stands above all of them. */
export type User = { id: string; customer: string | null; name: string; role: Role };
export type Users = ReturnType<typeof createUsers>;

export function createUsers(db: Db) {
  const insert = db.prepare<[string, string | null, string, Role]>(
    'INSERT INTO users (id, customer, name, role) VALUES (?, ?, ?, ?)',
  );
  const byId = db.prepare<[string], User>('SELECT * FROM users WHERE id = ?');
  const byRole = db.prepare<[Role], User>('SELECT * FROM users WHERE role = ? ORDER BY id LIMIT 1');

  const change = db.prepare<[User]>('UPDATE users SET customer = @customer, name = @name, role = @role WHERE id = @id');
  const isOther = db.prepare<[Role, string]>('SELECT 1 FROM users WHERE role = ? AND id <> ?');
  const remove = db.prepare<[string]>('DELETE FROM users WHERE id = ?');

  return {
    create(user: Omit<User, 'id'>): User {
      const id = newId();
      insert.run(id, user.customer, user.name, user.role);
      return { id, ...user };
    },
    get: (id: string): User | undefined => byId.get(id),
    update: (user: User): void => void change.run(user),
    /** Whether anybody else has the role. */
    isNotAlone: ({ id, role }: User): boolean => isOther.get(role, id) !== undefined,
    /** Deletes a user and its tokens. */
    remove: (id: string): void => void remove.run(id),
    list: (paging: Paging): Page<User> =>
      page<User>(db, { from: 'users', where: [], order: 'rowid', bind: {}, paging }),
    /** The first user of a role. */
    first: (role: Role): User | undefined => byRole.get(role),
  };
}
