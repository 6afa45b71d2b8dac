import type { Db } from './database.ts';

/** A customer that sells to customers of its own, as Ministra's operators see it. Times are milliseconds. */
export type Reseller = {
  number: number;
  customer: string;
  name: string;
  /** How many boxes it may have; 0 for any number. */
  maxUsers: number;
  useIpRanges: boolean;
  createdAt: number;
  modifiedAt: number;
};

type Row = Omit<Reseller, 'useIpRanges'> & { useIpRanges: number };
export type Resellers = ReturnType<typeof createResellers>;

const columns = `r.number, r.customer, c.name, r.max_users AS maxUsers, r.use_ip_ranges AS useIpRanges, r.created_at AS createdAt,
  r.modified_at AS modifiedAt`;
const from = 'FROM resellers r JOIN customers c ON c.id = r.customer';

export function createResellers(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO resellers (customer, max_users, use_ip_ranges, created_at, modified_at)
     VALUES (@customer, @maxUsers, @useIpRanges, @now, @now)`,
  );
  const update = db.prepare<[Record<string, unknown>]>(
    'UPDATE resellers SET max_users = @maxUsers, use_ip_ranges = @useIpRanges, modified_at = @now WHERE number = @number',
  );
  const remove = db.prepare<[number]>('DELETE FROM resellers WHERE number = ?');
  const all = db.prepare<[], Row>(`SELECT ${columns} ${from} ORDER BY r.number`);
  const byNumber = db.prepare<[number], Row>(`SELECT ${columns} ${from} WHERE r.number = ?`);
  const above = db.prepare<[string], Row>(
    `WITH RECURSIVE line(id, parent, steps) AS (
       SELECT id, parent, 0 FROM customers WHERE id = ?
       UNION SELECT c.id, c.parent, l.steps + 1 FROM customers c JOIN line l ON c.id = l.parent WHERE l.steps < 100
     ) SELECT ${columns} ${from} JOIN line l ON l.id = r.customer ORDER BY l.steps LIMIT 1`,
  );

  return {
    create: (reseller: Pick<Reseller, 'customer' | 'maxUsers' | 'useIpRanges'>, now: number): void =>
      void insert.run({ ...reseller, useIpRanges: reseller.useIpRanges ? 1 : 0, now }),
    /** What is its own; the name is its customer's. */
    update: (reseller: Pick<Reseller, 'number' | 'maxUsers' | 'useIpRanges'>, now: number): void =>
      void update.run({ ...reseller, useIpRanges: reseller.useIpRanges ? 1 : 0, now }),
    remove: (number: number): void => void remove.run(number),
    all: (): Reseller[] => all.all().map(toReseller),
    get: (number: number): Reseller | undefined => found(byNumber.get(number)),
    /** The reseller that sells to a customer: itself, or the nearest one above. */
    of: (customer: string): Reseller | undefined => found(above.get(customer)),
  };
}

function found(row: Row | undefined): Reseller | undefined {
  return row && toReseller(row);
}

function toReseller(row: Row): Reseller {
  return { ...row, useIpRanges: row.useIpRanges === 1 };
}
