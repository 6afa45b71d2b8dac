import type { Role } from '../roles.ts';
import type { Db } from './database.ts';
import { has, type Page, type Paging, page, sought } from './page.ts';

/** Who acts: an operator, a device of a viewer, the billing system that speaks Ministra's API, or the headend by itself. */
export type Actor = {
  kind: 'user' | 'box' | 'billing' | 'headend';
  id: string | null;
  name: string;
  /** Its role and customer; of the headend, those of whoever began what it goes on with. They decide who sees the entry. */
  role: Role | null;
  customer: string | null;
  /** The start of the hash of the token it came with. */
  token: string | null;
  address: string;
};

/** What somebody asks the headend to do. Nothing in it is secret. */
export type NewAuditEntry = {
  actor: Actor;
  /** The method and the path of the call, with `:name` for each part that varies; of the headend, what it did. */
  call: string;
  /** The type of the action, where it is one. */
  type: string | null;
  /** Whom or what it is about, in words. */
  target: string;
  /** The rest of what it came with. */
  given: Record<string, unknown>;
};

/** How it ended: the status of the answer, and what the answer says of it. */
export type AuditOutcome = { status: number; outcome: Record<string, unknown> };

/** Times are milliseconds. Without a status the headend ended before the call did: whether it took effect, only its object can say. */
export type AuditEntry = NewAuditEntry & {
  seq: number;
  at: number;
  endedAt: number | null;
  status: number | null;
  outcome: Record<string, unknown> | null;
};

export type AuditQuery = {
  /** Whose users' and devices' entries are seen, and those of which roles; undefined for all there is. */
  within: { customers: readonly string[]; roles: readonly Role[] } | undefined;
  text?: string | undefined;
  actor?: string | undefined;
  token?: string | undefined;
  type?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};

type Row = {
  seq: number;
  at: number;
  kind: Actor['kind'];
  actor: string | null;
  name: string;
  role: Role | null;
  customer: string | null;
  token: string | null;
  address: string;
  call: string;
  type: string | null;
  target: string;
  given: string;
  ended_at: number | null;
  status: number | null;
  outcome: string | null;
};

export type AuditLog = ReturnType<typeof createAuditLog>;

/** Who did what. There is no way here to change an entry or to take one out, and the database refuses it to everybody else. */
export function createAuditLog(db: Db) {
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO audit (at, kind, actor, name, role, customer, token, address, call, type, target, given)
     VALUES (@at, @kind, @id, @name, @role, @customer, @token, @address, @call, @type, @target, @given)`,
  );
  const end = db.prepare<[number, number, number, string]>(
    'INSERT INTO audit_outcomes (entry, ended_at, status, outcome) VALUES (?, ?, ?, ?)',
  );

  return {
    /** Returns the number of the entry. */
    add({ actor, call, type, target, given }: NewAuditEntry, at: number): number {
      const added = insert.run({ ...actor, at, call, type, target, given: JSON.stringify(given) });
      return Number(added.lastInsertRowid);
    },
    end({ status, outcome }: AuditOutcome, entry: number, at: number): void {
      end.run(entry, at, status, JSON.stringify(outcome));
    },
    /** Newest first. */
    list(query: AuditQuery, paging: Paging): Page<AuditEntry> {
      const search = sought(query.text);
      const found = page<Row>(db, {
        from: 'audit LEFT JOIN audit_outcomes ON entry = seq',
        where: [
          query.within && 'customer IN (SELECT value FROM json_each(@customers))',
          query.within && '(role IS NULL OR role IN (SELECT value FROM json_each(@roles)))',
          search && textCondition,
          query.actor && 'actor = @actor',
          query.token && 'token = @token',
          query.type && 'type = @type',
          query.from !== undefined && 'at >= @from',
          query.to !== undefined && 'at <= @to',
        ],
        order: 'seq DESC',
        bind: {
          customers: JSON.stringify(query.within?.customers ?? []),
          roles: JSON.stringify(query.within?.roles ?? []),
          ...search,
          actor: query.actor,
          token: query.token,
          type: query.type,
          from: query.from,
          to: query.to,
        },
        paging,
      });
      return { total: found.total, items: found.items.map(toEntry) };
    },
  };
}

const textCondition = has('name', 'call', 'type', 'target', 'given', 'outcome', 'address', 'token');

function toEntry(row: Row): AuditEntry {
  const { kind, name, role, customer, token, address } = row;
  return {
    seq: row.seq,
    at: row.at,
    actor: { kind, id: row.actor, name, role, customer, token, address },
    call: row.call,
    type: row.type,
    target: row.target,
    given: JSON.parse(row.given),
    endedAt: row.ended_at,
    status: row.status,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
  };
}
