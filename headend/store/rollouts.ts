import type { Db } from './database.ts';
import { type Page, type Paging, page } from './page.ts';

export const rolloutStates = ['running', 'paused', 'stopped', 'done', 'rolling-back', 'rolled-back'] as const;
export type RolloutState = (typeof rolloutStates)[number];

/** A firmware image on its way to many boxes, wave by wave. Times are milliseconds. */
export type Rollout = {
  id: string;
  name: string;
  /** The URL of the image. */
  firmware: string;
  /** The share in percent that has to be proven healthy before the next wave. */
  gate: number;
  /** How long a wave waits for its boxes, and a box that has taken the image for its report. */
  patienceMs: number;
  /** How long a wave has to stay healthy before the next begins; 0 for not at all. */
  soakMs: number;
  state: RolloutState;
  /** The wave it is in, from 0. */
  wave: number;
  waves: WaveTimes[];
  /** Why it stopped or stands still, in words. */
  reason: string | null;
  createdAt: number;
  createdBy: string | null;
  /** Whose boxes it was made for. */
  customers: string[];
  /** Boxes that were meant and had said that they take no firmware. */
  leftOut: number;
  /** The way back: the URL of the image, who asked and when; null as long as nobody did. */
  back: { firmware: string; by: string | null; at: number } | null;
};

/** A wave: its share in percent of all, when it began, and since when its gate is met where it has to stay healthy. */
export type WaveTimes = { percent: number; begunAt: number | null; metAt: number | null };

/** What a new rollout is made of: the boxes of each wave in their order, and its share in percent of all. */
export type NewRollout = Pick<
  Rollout,
  'id' | 'name' | 'firmware' | 'gate' | 'patienceMs' | 'soakMs' | 'createdBy' | 'customers' | 'leftOut'
> & { waves: readonly { percent: number; boxes: readonly string[] }[] };

type Row = {
  id: string;
  name: string;
  firmware: string;
  gate: number;
  patience_ms: number;
  soak_ms: number;
  state: RolloutState;
  wave: number;
  reason: string | null;
  created_at: number;
  created_by: string | null;
  customers: string;
  left_out: number;
  back_firmware: string | null;
  back_by: string | null;
  back_at: number | null;
};

export type Rollouts = ReturnType<typeof createRollouts>;

/** The rollouts themselves; how far each of their boxes is stands in `rollout-boxes.ts`. */
export function createRollouts(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO rollouts (id, name, firmware, gate, patience_ms, soak_ms, created_at, created_by, customers, left_out)
     VALUES (@id, @name, @firmware, @gate, @patienceMs, @soakMs, @now, @createdBy, @customers, @leftOut)`,
  );
  const insertWave = db.prepare<[string, number, number, number | null]>(
    'INSERT INTO rollout_waves (rollout, wave, percent, begun_at) VALUES (?, ?, ?, ?)',
  );
  const insertBox = db.prepare<[string, number, string, number]>(
    'INSERT INTO rollout_boxes (rollout, position, box, wave) VALUES (?, ?, ?, ?)',
  );
  const byId = db.prepare<[string], Row>('SELECT * FROM rollouts WHERE id = ?');
  const wavesOf = db.prepare<[string], WaveTimes>(
    'SELECT percent, begun_at AS begunAt, met_at AS metAt FROM rollout_waves WHERE rollout = ? ORDER BY wave',
  );
  const unfinished = db.prepare<[], { id: string }>(`SELECT id FROM rollouts WHERE state <> 'done' ORDER BY seq`);
  const move = db.prepare<[RolloutState, string | null, string]>(
    'UPDATE rollouts SET state = ?, reason = ? WHERE id = ?',
  );
  const enter = db.prepare<[number, string]>('UPDATE rollouts SET wave = ? WHERE id = ?');
  const begin = db.prepare<[number, string, number]>(
    'UPDATE rollout_waves SET begun_at = ?, met_at = NULL WHERE rollout = ? AND wave = ?',
  );
  const meet = db.prepare<[number | null, string, number]>(
    'UPDATE rollout_waves SET met_at = ? WHERE rollout = ? AND wave = ?',
  );
  const turnBack = db.prepare<[string, string | null, number, string]>(
    `UPDATE rollouts SET state = 'rolling-back', back_firmware = ?, back_by = ?, back_at = ? WHERE id = ?`,
  );
  const toRollout = (row: Row): Rollout => ({
    id: row.id,
    name: row.name,
    firmware: row.firmware,
    gate: row.gate,
    patienceMs: row.patience_ms,
    soakMs: row.soak_ms,
    state: row.state,
    wave: row.wave,
    waves: wavesOf.all(row.id),
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by,
    customers: JSON.parse(row.customers),
    leftOut: row.left_out,
    back:
      row.back_firmware === null ? null : { firmware: row.back_firmware, by: row.back_by, at: row.back_at as number },
  });

  return {
    /** Makes a rollout whose first wave begins now. Within a transaction. */
    create(rollout: NewRollout, now: number): void {
      const { waves, customers, ...rest } = rollout;
      insert.run({ ...rest, customers: JSON.stringify(customers), now });
      let position = 0;
      for (const [wave, { percent, boxes }] of waves.entries()) {
        insertWave.run(rollout.id, wave, percent, wave === 0 ? now : null);
        for (const box of boxes) insertBox.run(rollout.id, position++, box, wave);
      }
    },
    get(id: string): Rollout | undefined {
      const row = byId.get(id);
      return row && toRollout(row);
    },
    /** Those that something may still be to be done about, oldest first: after a way back, too, boxes turn up that have to go it. */
    unfinished: (): string[] => unfinished.all().map(({ id }) => id),
    /** Newest first; those that concern a customer in `scope`. */
    list(scope: readonly string[], paging: Paging): Page<Rollout> {
      const found = page<Row>(db, {
        from: 'rollouts',
        where: ['EXISTS (SELECT 1 FROM json_each(customers) c WHERE c.value IN (SELECT value FROM json_each(@scope)))'],
        order: 'seq DESC',
        bind: { scope: JSON.stringify(scope) },
        paging,
      });
      return { total: found.total, items: found.items.map(toRollout) };
    },
    /** Moves it to a state, with the reason in words. */
    move: (id: string, state: RolloutState, reason: string | null): void => void move.run(state, reason, id),
    /** Its wave `wave` begins, or waits anew. */
    enter(id: string, wave: number, now: number): void {
      enter.run(wave, id);
      begin.run(now, id, wave);
    },
    /** The gate of a wave is met since `at`, or is not any more. */
    meet: (id: string, wave: number, at: number | null): void => void meet.run(at, id, wave),
    /** From now on its boxes go back to `firmware`; why it had stopped stays readable. */
    turnBack: (id: string, firmware: string, by: string | null, now: number): void =>
      void turnBack.run(firmware, by, now, id),
  };
}
