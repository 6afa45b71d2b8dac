import type { Db } from './database.ts';

/** That a box has a package, from `start` until before `end`; null is "always has" and "for ever". Times are milliseconds. */
export type Subscription = { package: string; start: number | null; end: number | null };
export type Subscriptions = ReturnType<typeof createSubscriptions>;

const columns = 'package, starts_at AS start, ends_at AS end';

/** The condition under which a row of `box_packages` holds at `@now`. */
export const isCurrent = '(starts_at IS NULL OR starts_at <= @now) AND (ends_at IS NULL OR ends_at > @now)';

/**
 * What boxes have bought. A row is never deleted while its box lives: what a box had tells it apart from one that was never sold anything.
 */
export function createSubscriptions(db: Db) {
  const ofBox = db.prepare<[string], Subscription>(
    `SELECT ${columns} FROM box_packages WHERE box = ? ORDER BY package`,
  );
  const put = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO box_packages (box, package, starts_at, ends_at) VALUES (@box, @package, @start, @end)
       ON CONFLICT (box, package) DO UPDATE SET starts_at = @start, ends_at = @end`,
  );
  const end = db.prepare<[Record<string, unknown>]>(
    `UPDATE box_packages SET ends_at = @now WHERE box = @box AND package = @package AND (ends_at IS NULL OR ends_at > @now)`,
  );
  const isSubscriber = db.prepare<[string], unknown>('SELECT 1 FROM box_packages WHERE box = ? LIMIT 1');
  const boxesOf = db.prepare<[string], { box: string }>('SELECT box FROM box_packages WHERE package = ?');

  return {
    /** Every one the box has or had or will have. */
    ofBox: (box: string): Subscription[] => ofBox.all(box),
    /** Whether the box was ever given a package, also one that is over. */
    isSubscriber: (box: string): boolean => isSubscriber.get(box) !== undefined,
    /** The boxes that have, had or will have a package. */
    boxesOf: (id: string): string[] => boxesOf.all(id).map((row) => row.box),
    /** Gives a package, or gives it another beginning and end. */
    put: (box: string, subscription: Subscription): void => void put.run({ box, ...subscription }),
    /** Ends one now, unless it has ended. */
    end: (box: string, id: string, now: number): void => void end.run({ box, package: id, now }),
  };
}
