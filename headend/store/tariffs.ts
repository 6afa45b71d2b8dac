import type { Db } from './database.ts';

/** A tariff plan: services that its boxes have, and others that they may have. */
export type Tariff = {
  number: number;
  externalId: string;
  name: string;
  /** The plan of the boxes that were given none. */
  userDefault: boolean;
  daysToExpires: number;
};

type Row = Omit<Tariff, 'userDefault'> & { userDefault: number };
export type Tariffs = ReturnType<typeof createTariffs>;

const columns =
  'number, external_id AS externalId, name, user_default AS userDefault, days_to_expires AS daysToExpires';

export function createTariffs(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO tariffs (external_id, name, user_default, days_to_expires) VALUES (@externalId, @name, @userDefault, @daysToExpires)`,
  );
  const addService = db.prepare<[number, number, number]>(
    'INSERT INTO tariff_services (tariff, service, optional) VALUES (?, ?, ?)',
  );
  const noDefault = db.prepare<[]>('UPDATE tariffs SET user_default = 0');
  const remove = db.prepare<[number]>('DELETE FROM tariffs WHERE number = ?');
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM tariffs ORDER BY number`);
  const byNumber = db.prepare<[number], Row>(`SELECT ${columns} FROM tariffs WHERE number = ?`);
  const byExternalId = db.prepare<[string], Row>(`SELECT ${columns} FROM tariffs WHERE external_id = ?`);
  const theDefault = db.prepare<[], Row>(`SELECT ${columns} FROM tariffs WHERE user_default = 1`);

  return {
    /** The number of a new one. The external id and the services' numbers have to be right; a new default plan is the only one. */
    create: db.transaction(
      (tariff: Omit<Tariff, 'number'>, services: readonly { number: number; optional: boolean }[]): number => {
        if (tariff.userDefault) noDefault.run();
        const number = Number(insert.run({ ...tariff, userDefault: tariff.userDefault ? 1 : 0 }).lastInsertRowid);
        for (const service of services) addService.run(number, service.number, service.optional ? 1 : 0);
        return number;
      },
    ),
    remove: (number: number): void => void remove.run(number),
    all: (): Tariff[] => all.all().map(toTariff),
    get: (number: number): Tariff | undefined => found(byNumber.get(number)),
    withExternalId: (id: string): Tariff | undefined => (id === '' ? undefined : found(byExternalId.get(id))),
    default: (): Tariff | undefined => found(theDefault.get()),
  };
}

function found(row: Row | undefined): Tariff | undefined {
  return row && toTariff(row);
}

function toTariff(row: Row): Tariff {
  return { ...row, userDefault: row.userDefault === 1 };
}
