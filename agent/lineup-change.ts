/** What differs between two lists of channels. */
import { isDeepStrictEqual } from 'node:util';
import { limits } from './protocol/limits.ts';

type Entry = { id: string; name: string };

/** Counts what was added, changed and removed by id, and lists the first of each. */
export function compare<T extends Entry>(before: readonly T[], after: readonly T[]) {
  const old = new Map(before.map((entry) => [entry.id, entry]));
  const current = new Set(after.map(({ id }) => id));
  const added = after.filter(({ id }) => !old.has(id));
  const changed = after.filter((entry) => old.has(entry.id) && !isDeepStrictEqual(old.get(entry.id), entry));
  const removed = before.filter(({ id }) => !current.has(id));
  return {
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    details: { added: names(added), changed: names(changed), removed: names(removed) },
  };
}

function names(entries: readonly Entry[]): Entry[] {
  return entries.slice(0, limits.lineupListed).map(({ id, name }) => ({ id, name }));
}
