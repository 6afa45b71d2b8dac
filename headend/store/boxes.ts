import type { Hello, Telemetry } from '../../agent/protocol/messages.ts';
import { lookFor } from '../search.ts';
import type { Db } from './database.ts';
import { type Page, type Paging, page } from './page.ts';

export const boxTypes = ['STB', 'IOS', 'ANDROID', 'WEB'] as const;
export type BoxType = (typeof boxTypes)[number];
export type ListMode = 'FAV' | 'NUMBER' | 'ALPHA';

/** One device of a customer; only an `STB` takes actions. */
export type Box = {
  id: string;
  customer: string;
  mac: string | null;
  type: BoxType;
  name: string;
  enabled: boolean;
  /** Only base streams are served; DVB and local ones are ignored. */
  streamOnly: boolean;
  notes: string;
  customFields: Record<string, unknown>;
  favorites: string[];
  listMode: ListMode;
  createdAt: number;
  /** The upstream it was last heard over. */
  upstream: string | null;
  lastSeen: number | null;
  model: string | null;
  firmware: string | null;
  hello: Hello | null;
  telemetry: Telemetry | null;
};

/** What an operator sets; the rest is learnt from the box. */
export type BoxSettings = Pick<
  Box,
  'customer' | 'mac' | 'type' | 'name' | 'enabled' | 'streamOnly' | 'notes' | 'customFields' | 'favorites' | 'listMode'
>;

export type BoxQuery = {
  scope: readonly string[];
  text?: string | undefined;
  types?: readonly BoxType[] | undefined;
  group?: string | undefined;
  model?: string | undefined;
  firmware?: string | undefined;
  upstream?: string | undefined;
  /** Only boxes with these ids, or only boxes without. */
  among?: { ids: readonly string[]; inside: boolean } | undefined;
  enabledOnly?: boolean | undefined;
};

type Row = {
  id: string;
  customer: string;
  mac: string | null;
  type: BoxType;
  name: string;
  enabled: number;
  stream_only: number;
  notes: string;
  custom_fields: string;
  favorites: string;
  list_mode: ListMode;
  created_at: number;
  upstream: string | null;
  last_seen: number | null;
  model: string | null;
  firmware: string | null;
  hello: string | null;
  telemetry: string | null;
};

export type Boxes = ReturnType<typeof createBoxes>;

/** What a box did, said and was asked; reports and artifacts go with their action. */
const pastTables = ['actions', 'rollout_boxes', 'telemetry', 'telemetry_hours', 'playback', 'app_events'];

export function createBoxes(db: Db) {
  const pasts = pastTables.map((table) => db.prepare<[string]>(`DELETE FROM ${table} WHERE box = ?`));
  const forgetTelemetry = db.prepare<[string]>('UPDATE boxes SET telemetry = NULL WHERE id = ?');
  const insert = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO boxes (id, customer, mac, type, name, enabled, stream_only, notes, custom_fields, favorites, list_mode, created_at)
     VALUES (@id, @customer, @mac, @type, @name, @enabled, @streamOnly, @notes, @customFields, @favorites, @listMode, @createdAt)`,
  );
  const update = db.prepare<[Record<string, unknown>]>(
    `UPDATE boxes SET customer = @customer, mac = @mac, type = @type, name = @name, enabled = @enabled, stream_only = @streamOnly,
       notes = @notes, custom_fields = @customFields, favorites = @favorites, list_mode = @listMode WHERE id = @id`,
  );
  const byId = db.prepare<[string], Row>('SELECT * FROM boxes WHERE id = ?');
  const byMac = db.prepare<[string], Row>('SELECT * FROM boxes WHERE mac = ?');
  const seen = db.prepare<[string, number, string]>('UPDATE boxes SET upstream = ?, last_seen = ? WHERE id = ?');
  const hello = db.prepare<[string, string | null, string | null, string]>(
    'UPDATE boxes SET hello = ?, model = ?, firmware = ? WHERE id = ?',
  );
  const telemetry = db.prepare<[string, string]>('UPDATE boxes SET telemetry = ? WHERE id = ?');
  const byType = db.prepare<[], { type: string; count: number }>(
    'SELECT type, count(*) AS count FROM boxes GROUP BY type',
  );

  const stbs = db.prepare<[], Row>(`SELECT * FROM boxes WHERE type = 'STB' ORDER BY rowid`);
  const hasAny = db.prepare<[string], unknown>('SELECT 1 FROM boxes WHERE customer = ? LIMIT 1');
  const described = db.prepare<[string, string, string]>('UPDATE boxes SET model = ?, firmware = ? WHERE id = ?');
  const remove = db.prepare<[string]>('DELETE FROM boxes WHERE id = ?');
  const targets = db.prepare<[string], { id: string }>(
    `SELECT id FROM boxes WHERE type = 'STB' AND enabled = 1 AND customer IN (SELECT value FROM json_each(?))
     ORDER BY rowid`,
  );
  const targetsOfGroup = db.prepare<[string], { id: string }>(
    `SELECT b.id FROM group_boxes g JOIN boxes b ON b.id = g.box WHERE g."group" = ? AND b.type = 'STB' AND b.enabled = 1
     ORDER BY b.rowid`,
  );

  return {
    create(id: string, settings: BoxSettings): Box {
      insert.run({ id, createdAt: Date.now(), ...toColumns(settings) });
      return toBox(byId.get(id) as Row);
    },
    update(id: string, settings: BoxSettings): void {
      update.run({ id, ...toColumns(settings) });
    },
    /** Deletes a box with its tokens, actions and everything else that is its own. */
    remove: (id: string): void => void remove.run(id),
    /** Deletes what a box did, said and was asked, and leaves what it is. Within a transaction. */
    forgetPast(id: string): void {
      for (const past of pasts) past.run(id);
      forgetTelemetry.run(id);
    },
    get(id: string): Box | undefined {
      const row = byId.get(id);
      return row && toBox(row);
    },
    /** A box by its id or its MAC, however the MAC is written. */
    find(idOrMac: string): Box | undefined {
      const mac = normaliseMac(idOrMac);
      const row = byId.get(idOrMac.toLowerCase()) ?? (mac === undefined ? undefined : byMac.get(mac));
      return row && toBox(row);
    },
    /** The box was heard over an upstream just now. */
    seen: (id: string, upstream: string, at: number): void => void seen.run(upstream, at, id),
    hello(id: string, message: Hello): void {
      hello.run(JSON.stringify(message), message.model ?? null, message.firmware ?? null, id);
    },
    telemetry: (id: string, message: Telemetry): void => void telemetry.run(JSON.stringify(message), id),
    /** Every set-top box, also those that are disabled. */
    stbs: (): Box[] => stbs.all().map(toBox),
    /** Whether a customer has any device. */
    hasAny: (customer: string): boolean => hasAny.get(customer) !== undefined,
    /** What a box says of itself over the portal's protocol, which has no hello. */
    described: (id: string, model: string, firmware: string): void => void described.run(model, firmware, id),
    /** The boxes of some customers that take actions. */
    targets: (scope: readonly string[]): string[] => targets.all(JSON.stringify(scope)).map((row) => row.id),
    /** The boxes of a group that take actions. */
    targetsOfGroup: (group: string): string[] => targetsOfGroup.all(group).map((row) => row.id),
    /** How many devices there are of each type. */
    count: (): { type: string; count: number }[] => byType.all(),
    list(query: BoxQuery, paging: Paging): Page<Box> {
      const search = lookFor(query.text);
      const found = page<Row>(db, {
        from: 'boxes',
        where: [
          'customer IN (SELECT value FROM json_each(@scope))',
          query.types && 'type IN (SELECT value FROM json_each(@types))',
          search && searchCondition,
          query.group && 'id IN (SELECT box FROM group_boxes WHERE "group" = @group)',
          query.model && 'model = @model',
          query.firmware && 'firmware = @firmware',
          query.upstream && 'upstream = @upstream',
          query.among && `id ${query.among.inside ? 'IN' : 'NOT IN'} (SELECT value FROM json_each(@among))`,
          query.enabledOnly && 'enabled = 1',
        ],
        order: 'rowid',
        bind: {
          scope: JSON.stringify(query.scope),
          types: JSON.stringify(query.types ?? []),
          ...search,
          group: query.group,
          model: query.model,
          firmware: query.firmware,
          upstream: query.upstream,
          among: JSON.stringify(query.among?.ids ?? []),
        },
        paging,
      });
      return { total: found.total, items: found.items.map(toBox) };
    },
  };
}

/** Notes and custom fields, which are searched as one; nothing where there are none. */
export const notesAndFields = `notes || CASE custom_fields WHEN '{}' THEN '' ELSE ' ' || custom_fields END`;

/** Telecom X device list: `filter` searches MAC, name, custom fields, notes. */
const searchCondition = `(instr(folded(id), @text) OR instr(mac, @mac) OR instr(folded(name), @text) OR instr(folded(${notesAndFields}), @text))`;

/** A MAC as it is stored, `00:1A:79:12:34:56`; undefined when `text` is none. */
export function normaliseMac(text: string): string | undefined {
  const digits = text.replace(/[:.-]/g, '').toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? digits.match(/../g)?.join(':') : undefined;
}

function toColumns(settings: BoxSettings): Record<string, unknown> {
  return {
    customer: settings.customer,
    mac: settings.mac,
    type: settings.type,
    name: settings.name,
    enabled: settings.enabled ? 1 : 0,
    streamOnly: settings.streamOnly ? 1 : 0,
    notes: settings.notes,
    customFields: JSON.stringify(settings.customFields),
    favorites: JSON.stringify(settings.favorites),
    listMode: settings.listMode,
  };
}

function toBox(row: Row): Box {
  return {
    id: row.id,
    customer: row.customer,
    mac: row.mac,
    type: row.type,
    name: row.name,
    enabled: row.enabled === 1,
    streamOnly: row.stream_only === 1,
    notes: row.notes,
    customFields: JSON.parse(row.custom_fields),
    favorites: JSON.parse(row.favorites),
    listMode: row.list_mode,
    createdAt: row.created_at,
    upstream: row.upstream,
    lastSeen: row.last_seen,
    model: row.model,
    firmware: row.firmware,
    hello: row.hello === null ? null : JSON.parse(row.hello),
    telemetry: row.telemetry === null ? null : JSON.parse(row.telemetry),
  };
}
