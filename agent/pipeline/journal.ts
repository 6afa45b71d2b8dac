/**
 * The journal: the box's durable record of every action and its result.
 *
 * INVARIANTS
 * - A promise returned here resolves only after its commit is on the disk (WAL, synchronous=FULL), except where it says
 *   `NORMAL`: such a commit survives the death of the process, not of the power (promises 1 and 3).
 * - The id of an action is unique for as long as the row is kept, so that a duplicate is found (promise 2).
 * - One statement per step; the row is the state machine: waiting → running → ended. A running one may have a report already.
 * - While the disk is full, actions of the types that may use the reserve are stored at its cost, and no other new ones:
 *   what is given up of it is for those, and for what had been accepted before.
 * - A row whose final report is not acknowledged is never pruned before one whose is.
 */
import type Database from 'better-sqlite3';
import { limits } from '../protocol/limits.ts';
import type { Report } from '../protocol/messages.ts';
import { createCommits, isOutOfSpace } from './journal-commits.ts';
import { openDatabase } from './journal-file.ts';
import { type JournalReserve, openReserve } from './journal-reserve.ts';

export interface Journal {
  /** Stores an action under its id; a known id changes nothing and answers with the row there is. */
  accept(action: NewAction): Promise<{ duplicate: boolean; action: JournaledAction }>;
  /** Marks an action as running: FULL when `durable`, else NORMAL. */
  begin(action: JournaledAction, step: { attempt: number; intent: unknown; durable: boolean }): Promise<void>;
  /** Replaces the intent of a running action. */
  remember(action: JournaledAction, intent: unknown): Promise<void>;
  /** Puts an interrupted idempotent action back to waiting, with the attempts that `action` has. NORMAL. */
  requeue(action: JournaledAction): Promise<void>;
  /** Stores the `done` of an action that goes on; what `finish` stores takes its place. */
  tell(action: JournaledAction, report: Report): Promise<void>;
  /** Ends an action with its final report. */
  finish(action: JournaledAction, report: Report): Promise<void>;
  /** Notes that the headend has stored a report; false when no such report is waiting. NORMAL. */
  acknowledge(report: string): Promise<boolean>;
  find(id: string): JournaledAction | undefined;
  /** Actions that are waiting or running, in the order they came. */
  unfinished(): JournaledAction[];
  /** Final reports not acknowledged yet, oldest first, each with its place; only those behind the place `after`. */
  unreported(limit: number, after?: number): { seq: number; report: Report }[];
  /** The newest actions, newest first. */
  recent(limit: number): JournaledAction[];
  counts(): { waiting: number; running: number; unreported: number; ended: number };
  /** The latest wall time the journal has seen, in milliseconds. */
  seenAt(): number;
  /** Removes what is older or more than the retention allows; acknowledged rows first. On a full disk, nothing. */
  prune(now: number): void;
  /** Resolves when everything asked for so far is written. */
  flush(): Promise<void>;
  /** Whether commits get through: false while the last one failed. */
  healthy(): boolean;
  close(): void;
}

export type NewAction = {
  id: string;
  type: string;
  params: Record<string, unknown>;
  /** Not before, wall milliseconds, spread included; null = at once. */
  dueAt: number | null;
  expiresAt: number | null;
  receivedAt: number;
  /** The upstream that brought it, or `local`. */
  source: string;
  /** A refusal, for an action that ends as it is accepted. */
  report?: Report;
};

export type JournaledAction = Omit<NewAction, 'report'> & {
  seq: number;
  state: 'waiting' | 'running' | 'ended';
  attempt: number;
  intent: Record<string, unknown> | null;
  report: Report | null;
  /** Whether the headend needs no report any more; from the start for an action given on the box itself. */
  reported: boolean;
  /** Only on an action that could not be stored because the disk is full: its report goes here, not into the journal. */
  answer?: (report: Report) => void;
};

export type JournalOptions = {
  file: string;
  keepCount: number;
  keepDays: number;
  /** Told before and after each step, `journal.begin.before`: what a crash test and the simulator's power cut hook into. */
  observe?: ((step: string, type: string) => void) | undefined;
  /** Says that the disk is full, as the simulator's fault does. */
  isFull?: (() => boolean) | undefined;
  /** Whether actions of a type are stored at the cost of the reserve where there is no other room; none by default. */
  mayUseReserve?: (type: string) => boolean;
  /** Told in a sentence when a damaged file was set aside. */
  onSetAside(sentence: string): void;
  /** Told in a sentence when what must be on the disk can no longer be stored, and null when it can again. */
  onHealth?: ((fault: string | null) => void) | undefined;
};

type Row = {
  seq: number;
  id: string;
  type: string;
  params: string;
  due_at: number | null;
  expires_at: number | null;
  received_at: number;
  source: string;
  state: JournaledAction['state'];
  attempt: number;
  intent: string | null;
  report: string | null;
  reported: number;
};

/** Opens the journal, making the file when there is none. Throws STORAGE when it cannot be opened or made. */
export function openJournal(options: JournalOptions): Journal {
  const reserve = openReserve(`${options.file}-reserve`, limits.journalReserve);
  const db = openWithReserve(options, reserve);
  const sql = prepare(db);
  const { observe = () => {}, isFull = () => false, mayUseReserve = () => false } = options;
  const commits = createCommits({
    db,
    file: options.file,
    reserve,
    isFull,
    onFault: (sentence) => options.onHealth?.(sentence),
  });
  if (!isFull()) reserve.restore();

  /** One observed step: the observer may end the process on either side of the commit. */
  async function step<T>(name: string, type: string, durable: boolean, apply: () => T): Promise<T> {
    observe(`journal.${name}.before`, type);
    const result = await commits.write({ durable, mayUseReserve: mayUseReserve(type) }, apply);
    observe(`journal.${name}.after`, type);
    return result;
  }

  const find = (id: string) => {
    const row = sql.find.get(id) as Row | undefined;
    return row && fromRow(row);
  };

  return {
    async accept(action) {
      const reserved = mayUseReserve(action.type) ? null : commits.reserved();
      if (reserved && !find(action.id)) throw reserved;
      return step('accept', action.type, true, () => {
        const known = find(action.id);
        if (known) return { duplicate: true, action: known };
        sql.accept.run({
          ...action,
          params: JSON.stringify(action.params),
          state: action.report ? 'ended' : 'waiting',
          report: action.report ? JSON.stringify(action.report) : null,
          reportId: action.report?.report ?? null,
          reported: action.source === 'local' ? 1 : 0,
        });
        return { duplicate: false, action: find(action.id)! };
      });
    },
    begin(action, { attempt, intent, durable }) {
      return step('begin', action.type, durable, () => {
        sql.begin.run({ seq: action.seq, attempt, intent: intent === undefined ? null : JSON.stringify(intent) });
      });
    },
    remember(action, intent) {
      return step('remember', action.type, true, () => {
        sql.remember.run({ seq: action.seq, intent: JSON.stringify(intent) });
      });
    },
    requeue: (action) =>
      commits.write({ durable: false, mayUseReserve: mayUseReserve(action.type) }, () => {
        sql.requeue.run(action.attempt, action.seq);
      }),
    tell(action, report) {
      return step('tell', action.type, true, () => {
        sql.tell.run({ seq: action.seq, report: JSON.stringify(report), reportId: report.report });
      });
    },
    finish(action, report) {
      return step('finish', action.type, true, () => {
        sql.finish.run({ seq: action.seq, report: JSON.stringify(report), reportId: report.report });
      });
    },
    acknowledge(report) {
      const type = (sql.typeOf.get(report) as { type: string } | undefined)?.type;
      if (type === undefined) return Promise.resolve(false);
      return step('acknowledge', type, false, () => sql.acknowledge.run(report).changes > 0);
    },
    find,
    unfinished: () => (sql.unfinished.all() as Row[]).map(fromRow),
    unreported: (limit, after = 0) =>
      (sql.unreported.all(after, limit) as { seq: number; report: string }[]).map(({ seq, report }) => ({
        seq,
        report: JSON.parse(report),
      })),
    recent: (limit) => (sql.recent.all(limit) as Row[]).map(fromRow),
    counts: () => sql.counts.get() as ReturnType<Journal['counts']>,
    seenAt: () => (sql.seenAt.get() as { at: number | null }).at ?? 0,
    prune(now) {
      try {
        sql.prune.run({ before: now - options.keepDays * 86_400_000, keep: options.keepCount });
      } catch (error) {
        // On a full disk not even this can be written; the next time does it.
        if (!isOutOfSpace({ cause: error })) throw error;
      }
    },
    flush: () => commits.write({ durable: false, mayUseReserve: false }, () => {}),
    healthy: () => commits.fault() === null,
    close() {
      commits.now();
      db.close();
    },
  };
}

/** An agent that cannot open its journal cannot start, and nobody reaches the box: that is worth the reserve. */
function openWithReserve({ file, onSetAside }: JournalOptions, reserve: JournalReserve): Database.Database {
  for (;;) {
    try {
      return openDatabase(file, onSetAside);
    } catch (error) {
      if (!isOutOfSpace(error as Error) || !reserve.giveUp()) throw error;
    }
  }
}

function prepare(db: Database.Database) {
  return {
    find: db.prepare('SELECT * FROM action WHERE id = ?'),
    accept: db.prepare(`
      INSERT INTO action (id, type, params, due_at, expires_at, received_at, source, state, report, report_id, reported)
      VALUES (@id, @type, @params, @dueAt, @expiresAt, @receivedAt, @source, @state, @report, @reportId, @reported)`),
    begin: db.prepare(`UPDATE action SET state = 'running', attempt = @attempt, intent = @intent WHERE seq = @seq`),
    remember: db.prepare('UPDATE action SET intent = @intent WHERE seq = @seq'),
    requeue: db.prepare(`UPDATE action SET state = 'waiting', attempt = ? WHERE seq = ? AND state = 'running'`),
    tell: db.prepare(`
      UPDATE action SET report = @report, report_id = @reportId WHERE seq = @seq AND state = 'running'`),
    finish: db.prepare(`
      UPDATE action SET state = 'ended', report = @report, report_id = @reportId, intent = NULL, reported = (source = 'local')
      WHERE seq = @seq AND state <> 'ended'`),
    typeOf: db.prepare('SELECT type FROM action WHERE report_id = ? AND reported = 0'),
    acknowledge: db.prepare('UPDATE action SET reported = 1 WHERE report_id = ? AND reported = 0'),
    unfinished: db.prepare(`SELECT * FROM action WHERE state <> 'ended' ORDER BY seq`),
    unreported: db.prepare(`
      SELECT seq, report FROM action WHERE reported = 0 AND report_id IS NOT NULL AND seq > ? ORDER BY seq LIMIT ?`),
    recent: db.prepare('SELECT * FROM action ORDER BY seq DESC LIMIT ?'),
    // By the index of the open ones: every telemetry asks, and the ended ones are thousands.
    counts: db.prepare(`
      SELECT waiting, running, unreported, (SELECT count(*) FROM action) - waiting - running AS ended FROM (
        SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'running') AS running,
               count(*) FILTER (WHERE reported = 0 AND report_id IS NOT NULL) AS unreported
        FROM action WHERE state <> 'ended' OR reported = 0)`),
    seenAt: db.prepare('SELECT max(received_at) AS at FROM action'),
    prune: db.prepare(`
      DELETE FROM action WHERE seq IN (
        SELECT seq FROM (
          SELECT seq, reported, received_at, row_number() OVER (ORDER BY reported, seq DESC) AS place
          FROM action WHERE state = 'ended')
        WHERE place > @keep OR (reported = 1 AND received_at < @before))`),
  };
}

function fromRow(row: Row): JournaledAction {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    params: JSON.parse(row.params),
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    receivedAt: row.received_at,
    source: row.source,
    state: row.state,
    attempt: row.attempt,
    intent: row.intent === null ? null : JSON.parse(row.intent),
    report: row.report === null ? null : JSON.parse(row.report),
    reported: row.reported === 1,
  };
}
