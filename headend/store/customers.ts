import { newId } from '../../agent/protocol/id.ts';
import type { Db } from './database.ts';

export const features = ['IPTVBUSINESS', 'IPTVPRIVATE'] as const;
export type Feature = (typeof features)[number];
export type Customer = { id: string; name: string; features: Feature[]; parent: string | null };

type Row = { id: string; name: string; features: string; parent: string | null };

export type Customers = ReturnType<typeof createCustomers>;

/** Customers, each below its reseller: `parent` is the customer that sells to it. */
export function createCustomers(db: Db) {
  const insert = db.prepare<[string, string, string, string | null]>(
    'INSERT INTO customers (id, name, features, parent) VALUES (?, ?, ?, ?)',
  );
  const update = db.prepare<[string, string, string | null, string]>(
    'UPDATE customers SET name = ?, features = ?, parent = ? WHERE id = ?',
  );
  const remove = db.prepare<[string]>('DELETE FROM customers WHERE id = ?');
  const owners = ['users', 'boxes', 'groups', 'channels', 'packages', 'drm_accounts'];
  const isUsed = db.prepare<[{ id: string }], unknown>(
    [
      ...owners.map((table) => `SELECT 1 FROM ${table} WHERE customer = @id`),
      'SELECT 1 FROM customers WHERE parent = @id',
    ]
      .join(' UNION ALL ')
      .concat(' LIMIT 1'),
  );
  const byId = db.prepare<[string], Row>('SELECT * FROM customers WHERE id = ?');
  const below = db.prepare<[string], { id: string }>(
    `WITH RECURSIVE tree(id) AS (
       SELECT id FROM customers WHERE id = ? UNION SELECT c.id FROM customers c JOIN tree t ON c.parent = t.id
     ) SELECT id FROM tree`,
  );
  const all = db.prepare<[], Row>('SELECT * FROM customers ORDER BY name');

  return {
    create(customer: Omit<Customer, 'id'>): Customer {
      const id = newId();
      insert.run(id, customer.name, JSON.stringify(customer.features), customer.parent);
      return { id, ...customer };
    },
    /** Makes a customer with an id that is known beforehand, unless it is there. */
    ensure(customer: Customer): void {
      if (byId.get(customer.id) === undefined)
        insert.run(customer.id, customer.name, JSON.stringify(customer.features), customer.parent);
    },
    /** Deletes one that nothing belongs to; `isUsed` tells. */
    remove: (id: string): void => void remove.run(id),
    /** Whether users, devices, groups, channels, packages or customers belong to it. */
    isUsed: (id: string): boolean => isUsed.get({ id }) !== undefined,
    /** `parent` must not be below the customer itself; `tree` tells. */
    update(customer: Customer): void {
      update.run(customer.name, JSON.stringify(customer.features), customer.parent, customer.id);
    },
    get(id: string): Customer | undefined {
      const row = byId.get(id);
      return row && toCustomer(row);
    },
    /** The ids of a customer and of every customer below it. Empty when there is no such customer. */
    tree(id: string): string[] {
      return below.all(id).map((row) => row.id);
    },
    all(): Customer[] {
      return all.all().map(toCustomer);
    },
  };
}

function toCustomer(row: Row): Customer {
  return { ...row, features: JSON.parse(row.features) };
}
