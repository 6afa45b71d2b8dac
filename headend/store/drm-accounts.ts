import type { Secrets } from '../secrets.ts';
import type { BoxType } from './boxes.ts';
import type { Db } from './database.ts';
import { has, type Page, type Paging, page, sought } from './page.ts';

/** The credentials with which the apps and web clients of a customer sign in. The user name is unique over all customers. */
export type DrmAccount = { username: string; customer: string; password: string; createdAt: number };
/** A device that has signed in with an account. */
export type DrmDevice = { id: string; type: BoxType; name: string; model: string | null };

type Row = { username: string; customer: string; password: Buffer; created_at: number };

export type DrmAccounts = ReturnType<typeof createDrmAccounts>;

/** DRM accounts. The passwords are sealed: the store's file alone does not tell them. */
export function createDrmAccounts(db: Db, secrets: Secrets) {
  const insert = db.prepare<[string, string, Buffer, number]>(
    'INSERT INTO drm_accounts (username, customer, password, created_at) VALUES (?, ?, ?, ?)',
  );
  const change = db.prepare<[string, Buffer, string]>(
    'UPDATE drm_accounts SET username = ?, password = ? WHERE username = ?',
  );
  const byName = db.prepare<[string], Row>('SELECT * FROM drm_accounts WHERE username = ?');
  const remove = db.prepare<[string]>('DELETE FROM drm_accounts WHERE username = ?');
  const countOf = db.prepare<[string], { count: number }>(
    'SELECT count(*) AS count FROM drm_accounts WHERE customer = ?',
  );
  const devices = db.prepare<[string], DrmDevice>(
    `SELECT b.id, b.type, b.name, d.model FROM app_devices d JOIN boxes b ON b.id = d.box WHERE d.account = ? ORDER BY b.rowid`,
  );

  const context = (username: string) => `drm account ${username}`;
  const toAccount = ({ username, customer, password, created_at }: Row): DrmAccount => ({
    username,
    customer,
    password: secrets.open(password, context(username)),
    createdAt: created_at,
  });

  return {
    create(account: DrmAccount): void {
      const { username, customer, password, createdAt } = account;
      insert.run(username, customer, secrets.seal(password, context(username)), createdAt);
    },
    /** Gives the account another user name and password; its devices stay. */
    change(username: string, to: { username: string; password: string }): void {
      change.run(to.username, secrets.seal(to.password, context(to.username)), username);
    },
    get(username: string): DrmAccount | undefined {
      const row = byName.get(username);
      return row && toAccount(row);
    },
    remove: (username: string): void => void remove.run(username),
    countOf: (customer: string): number => countOf.get(customer)?.count ?? 0,
    devices: (username: string): DrmDevice[] => devices.all(username),
    list(scope: readonly string[], filter: string, paging: Paging): Page<DrmAccount> {
      const search = sought(filter);
      const found = page<Row>(db, {
        from: 'drm_accounts',
        where: ['customer IN (SELECT value FROM json_each(@scope))', search && has('username')],
        order: 'created_at, username',
        bind: { scope: JSON.stringify(scope), ...search },
        paging,
      });
      return { total: found.total, items: found.items.map(toAccount) };
    },
  };
}
