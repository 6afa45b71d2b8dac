import { useMemo } from 'preact/hooks';
import { useApp } from '../app.ts';
import { texts } from '../texts.ts';
import type { headendFields } from './filter.ts';

export type Choices = readonly (readonly [value: string, says: string])[];

/** What can be chosen of the filters that are no words: what the boxes have. */
export function useChoices(): Record<Exclude<(typeof headendFields)[number], 'q'>, Choices> {
  const { fleet, session } = useApp();
  const version = fleet.version.value;
  const known = useMemo(() => {
    const rows = fleet.rows();
    const distinct = (field: 'model' | 'firmware' | 'upstream') =>
      [...new Set(rows.flatMap((row) => row[field] ?? []))].sort().map((value) => [value, value] as const);
    return { model: distinct('model'), firmware: distinct('firmware'), upstream: distinct('upstream') };
    // The version says when the rows are others.
  }, [fleet, version]);
  const named = (list: readonly { id: string; name: string }[]) => list.map(({ id, name }) => [id, name] as const);
  return {
    online: Object.entries(texts.fleet.filters.online),
    group: named(session.groups.value),
    customer: named(session.customers.value),
    ...known,
  };
}
