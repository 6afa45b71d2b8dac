import { newId } from '../../agent/protocol/id.ts';
import type { Db } from './database.ts';
import { has, type Page, type Paging, page, sought } from './page.ts';
import { isCurrent } from './subscriptions.ts';

export const receptions = ['BASE', 'DVB', 'LOCAL'] as const;
/** How a channel is received: its base stream, the tuner, or a stream on site. */
export type Reception = (typeof receptions)[number];

/** A package of channels, and how a box with it reaches each. A main package's choice wins over the others'. */
export type Package = {
  id: string;
  customer: string | null;
  name: string;
  main: boolean;
  /** In the order they were given. */
  channels: { id: string; type: Reception }[];
};

type Row = { id: string; customer: string | null; name: string; main: number };

export type Packages = ReturnType<typeof createPackages>;

export function createPackages(db: Db) {
  const insert = db.prepare<[string, string | null, string, number]>(
    'INSERT INTO packages (id, customer, name, main) VALUES (?, ?, ?, ?)',
  );
  const insertChannel = db.prepare<[string, string, Reception, number]>(
    'INSERT INTO package_channels (package, channel, reception, position) VALUES (?, ?, ?, ?)',
  );
  const rename = db.prepare<[string, string]>('UPDATE packages SET name = ? WHERE id = ?');
  const remove = db.prepare<[number, string]>('UPDATE packages SET deleted_at = ? WHERE id = ?');
  const clear = db.prepare<[string]>('DELETE FROM package_channels WHERE package = ?');
  const byId = db.prepare<[string], Row>(
    'SELECT id, customer, name, main FROM packages WHERE id = ? AND deleted_at IS NULL',
  );
  const channelsOf = db.prepare<[string], { id: string; type: Reception }>(
    'SELECT channel AS id, reception AS type FROM package_channels WHERE package = ? ORDER BY position, channel',
  );
  const ofBox = db.prepare<[Record<string, unknown>], Row>(
    `SELECT p.id, p.customer, p.name, p.main FROM packages p JOIN box_packages b ON b.package = p.id
       WHERE b.box = @box AND p.deleted_at IS NULL AND ${isCurrent} ORDER BY p.main DESC, p.id`,
  );

  const toPackage = ({ id, customer, name, main }: Row): Package => ({
    id,
    customer,
    name,
    main: main === 1,
    channels: channelsOf.all(id),
  });
  const fill = (id: string, channels: Package['channels']) => {
    clear.run(id);
    for (const [position, channel] of channels.entries()) insertChannel.run(id, channel.id, channel.type, position);
  };

  return {
    create: db.transaction((created: Omit<Package, 'id'>): Package => {
      const id = newId();
      insert.run(id, created.customer, created.name, created.main ? 1 : 0);
      fill(id, created.channels);
      return { id, ...created };
    }),
    /** Gives it another name, other channels, or both; what is left out stays. */
    update: db.transaction(
      (id: string, change: { name?: string | undefined; channels?: Package['channels'] | undefined }): void => {
        if (change.name !== undefined) rename.run(change.name, id);
        if (change.channels !== undefined) fill(id, change.channels);
      },
    ),
    /** Nobody sees it any more. Its row stays, for the boxes that had it are subscribers all the same. */
    remove: db.transaction((id: string, now: number): void => {
      clear.run(id);
      remove.run(now, id);
    }),
    get(id: string): Package | undefined {
      const row = byId.get(id);
      return row && toPackage(row);
    },
    /** The packages that a box has at `now`, main ones first. */
    ofBox: (box: string, now: number = Date.now()): Package[] => ofBox.all({ box, now }).map(toPackage),
    list(scope: readonly string[], filter: string, paging: Paging): Page<Package> {
      const search = sought(filter);
      const found = page<Row>(db, {
        from: 'packages',
        where: [
          'deleted_at IS NULL',
          '(customer IS NULL OR customer IN (SELECT value FROM json_each(@scope)))',
          search && has('name'),
        ],
        order: 'main DESC, name, id',
        bind: { scope: JSON.stringify(scope), ...search },
        paging,
      });
      return { total: found.total, items: found.items.map(toPackage) };
    },
  };
}
