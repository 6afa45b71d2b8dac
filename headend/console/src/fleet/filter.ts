import { fold, lookFor } from '../../../search.ts';
import { texts } from '../texts.ts';
import type { FleetRow } from './row.ts';

/** What the list shows, as the URL has it. A field that is not there filters nothing. */
export type FleetFilter = {
  q?: string;
  online?: 'true' | 'false';
  group?: string;
  customer?: string;
  model?: string;
  firmware?: string;
  upstream?: string;
  playing?: 'true' | 'false';
  faults?: 'true';
  /** The state of the newest action. */
  action?: string;
};

export const filterFields = [
  'q',
  'online',
  'group',
  'customer',
  'model',
  'firmware',
  'upstream',
  'playing',
  'faults',
  'action',
] as const satisfies readonly (keyof FleetFilter)[];

/** Those of them that the headend knows, so that an action can be asked for by the filter itself. */
export const headendFields = ['q', 'online', 'group', 'customer', 'model', 'firmware', 'upstream'] as const;

export const sortKeys = [
  'name',
  'online',
  'model',
  'firmware',
  'upstream',
  'playing',
  'cpu',
  'memory',
  'temperature',
  'action',
  'lastSeen',
] as const;
export type SortKey = (typeof sortKeys)[number];
export type Sort = { key: SortKey; descending: boolean };

export function readFilter(query: URLSearchParams): FleetFilter {
  const filter: FleetFilter = {};
  for (const field of filterFields) {
    const value = query.get(field);
    if (value) Object.assign(filter, { [field]: value });
  }
  return filter;
}

/** `sort=-cpu` is by CPU, the highest first. */
export function readSort(query: URLSearchParams): Sort {
  const text = query.get('sort') ?? 'name';
  const key = sortKeys.find((known) => known === text.replace('-', '')) ?? 'name';
  return { key, descending: text.startsWith('-') };
}

/** Whether a row passes the filter; what the headend does with the fields that it knows, too (`store/boxes.ts`). Made once per filter, called for each row. */
export function matcher(filter: FleetFilter): (row: FleetRow) => boolean {
  const search = lookFor(filter.q);
  const checks: ((row: FleetRow) => boolean)[] = [];
  if (search !== undefined) {
    const { text, mac } = search;
    checks.push(
      (row) =>
        fold(row.name).includes(text) ||
        fold(row.id).includes(text) ||
        (row.mac?.includes(mac) ?? false) ||
        (row.more !== '' && fold(row.more).includes(text)),
    );
  }
  for (const field of ['customer', 'model', 'firmware', 'upstream'] as const) {
    const wanted = filter[field];
    if (wanted !== undefined) checks.push((row) => row[field] === wanted);
  }
  const { online, group, playing, faults, action } = filter;
  if (online !== undefined) checks.push((row) => row.online === (online === 'true'));
  if (group !== undefined) checks.push((row) => row.groups.includes(group));
  if (playing !== undefined) checks.push((row) => (row.playing !== null) === (playing === 'true'));
  if (faults !== undefined) checks.push((row) => row.faults > 0);
  if (action !== undefined) checks.push((row) => row.action?.state === action);
  return (row) => checks.every((check) => check(row));
}

const names = new Intl.Collator(texts.locale.words, { numeric: true });
const values: Record<Exclude<SortKey, 'name'>, (row: FleetRow) => string | number | null> = {
  online: (row) => (row.online ? 0 : 1),
  model: (row) => row.model,
  firmware: (row) => row.firmware,
  upstream: (row) => row.upstream,
  playing: (row) => row.playing,
  cpu: (row) => row.cpuPercent,
  memory: (row) => (row.freeMemoryPercent === null ? null : 100 - row.freeMemoryPercent),
  temperature: (row) => row.temperature,
  action: (row) => row.action?.at ?? null,
  lastSeen: (row) => row.lastSeen,
};

/** Sorts rows; what is not known comes last, either way round, and equal ones keep their order. */
export function sortRows(rows: readonly FleetRow[], { key, descending }: Sort): FleetRow[] {
  const way = descending ? -1 : 1;
  if (key === 'name') return rows.toSorted((a, b) => way * names.compare(a.name, b.name));
  const value = values[key];
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === right) return 0;
    if (left === null) return 1;
    if (right === null) return -1;
    if (typeof left === 'number' && typeof right === 'number') return way * (left - right);
    return way * names.compare(String(left), String(right));
  });
}
