import type { Db } from './database.ts';

export const serviceTypes = ['tv', 'video', 'radio', 'module', 'option'] as const;
export type ServiceType = (typeof serviceTypes)[number];

/**
 * What Ministra calls a services package. One of type `tv` is a package of channels of the headend and made with it; the others are only
 * sold and shown, for the headend has no such services.
 */
export type Service = {
  number: number;
  /** The package of channels; null for all other types. */
  package: string | null;
  externalId: string;
  name: string;
  type: ServiceType;
  description: string;
  allServices: boolean;
  serviceType: 'periodic' | 'single';
  rentDuration: number;
  price: string;
  /** What is in it, for the other types. */
  services: string[];
};

/** A service in a tariff plan. */
export type PlannedService = Service & { optional: boolean };

type Row = Omit<Service, 'allServices' | 'services'> & { allServices: number; services: string };
export type Services = ReturnType<typeof createServices>;

const columns = `s.number, s.package, s.external_id AS externalId, s.name, s.type, s.description, s.all_services AS allServices,
  s.service_type AS serviceType, s.rent_duration AS rentDuration, s.price, s.services`;
/** A package of channels that was deleted is not sold any more. */
const isSold = '(s.package IS NULL OR s.package IN (SELECT id FROM packages WHERE deleted_at IS NULL))';

export function createServices(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO services (external_id, name, type, description, all_services, service_type, rent_duration, price, services)
     VALUES (@externalId, @name, @type, @description, @allServices, @serviceType, @rentDuration, @price, @services)`,
  );
  const update = db.prepare<[Record<string, unknown>]>(
    `UPDATE services SET external_id = @externalId, description = @description, service_type = @serviceType,
       rent_duration = @rentDuration, price = @price WHERE number = @number`,
  );
  const remove = db.prepare<[number]>('DELETE FROM services WHERE number = ? AND package IS NULL');
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM services s WHERE ${isSold} ORDER BY s.number`);
  const byNumber = db.prepare<[number], Row>(`SELECT ${columns} FROM services s WHERE s.number = ? AND ${isSold}`);
  const byExternalId = db.prepare<[string], Row>(
    `SELECT ${columns} FROM services s WHERE s.external_id = ? AND ${isSold}`,
  );
  const byPackage = db.prepare<[string], Row>(`SELECT ${columns} FROM services s WHERE s.package = ? AND ${isSold}`);
  const ofTariff = db.prepare<[number], Row & { optional: number }>(
    `SELECT ${columns}, t.optional FROM services s JOIN tariff_services t ON t.service = s.number
       WHERE t.tariff = ? AND ${isSold} ORDER BY s.number`,
  );
  const soldTo = db.prepare<[string], Row>(
    `SELECT ${columns} FROM services s JOIN account_services a ON a.service = s.number WHERE a.box = ? ORDER BY s.number`,
  );
  const sell = db.prepare<[string, number]>('INSERT OR IGNORE INTO account_services (box, service) VALUES (?, ?)');
  const takeBack = db.prepare<[string, number]>('DELETE FROM account_services WHERE box = ? AND service = ?');

  return {
    /** The number of a new one, of another type than `tv`. The external id has to be free. */
    create: (service: Omit<Service, 'number' | 'package'>): number =>
      Number(insert.run(toColumns(service)).lastInsertRowid),
    /** What billing says of one; its type and what is in it stay. */
    update: (service: Service): void => void update.run({ ...toColumns(service), number: service.number }),
    /** Deletes one of another type than `tv`. */
    remove: (number: number): void => void remove.run(number),
    all: (): Service[] => all.all().map(toService),
    get(number: number): Service | undefined {
      const row = byNumber.get(number);
      return row && toService(row);
    },
    /** The services package that is a package of channels. */
    ofPackage(id: string): Service | undefined {
      const row = byPackage.get(id);
      return row && toService(row);
    },
    withExternalId(id: string): Service | undefined {
      const row = id === '' ? undefined : byExternalId.get(id);
      return row && toService(row);
    },
    ofTariff: (tariff: number): PlannedService[] =>
      ofTariff.all(tariff).map(({ optional, ...row }) => ({ ...toService(row), optional: optional === 1 })),
    /** What a box was sold of other types than `tv`; those are its subscriptions. */
    soldTo: (box: string): Service[] => soldTo.all(box).map(toService),
    sell: (box: string, number: number): void => void sell.run(box, number),
    takeBack: (box: string, number: number): void => void takeBack.run(box, number),
  };
}

function toColumns(service: Omit<Service, 'number' | 'package'>): Record<string, unknown> {
  const { externalId, name, type, description, allServices, serviceType, rentDuration, price, services } = service;
  const numbers = { allServices: allServices ? 1 : 0, services: JSON.stringify(services) };
  return { externalId, name, type, description, serviceType, rentDuration, price, ...numbers };
}

function toService(row: Row): Service {
  return { ...row, allServices: row.allServices === 1, services: JSON.parse(row.services) };
}
