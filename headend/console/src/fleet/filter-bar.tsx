import { useMemo } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';
import { actionStates } from '../types.ts';
import type { FleetFilter } from './filter.ts';
import type { FleetRow } from './row.ts';

/** The search and the filters. What can be chosen is what the boxes have. */
export function FilterBar(props: {
  filter: FleetFilter;
  rows: readonly FleetRow[];
  change(changes: Record<string, string | undefined>): void;
  clear(): void;
}) {
  const { filter, rows, change, clear } = props;
  const { session } = useApp();
  const known = useMemo(() => {
    const distinct = (field: 'model' | 'firmware' | 'upstream') =>
      [...new Set(rows.flatMap((row) => row[field] ?? []))].sort().map((value) => [value, value] as const);
    return { model: distinct('model'), firmware: distinct('firmware'), upstream: distinct('upstream') };
  }, [rows]);
  const named = (list: readonly { id: string; name: string }[]) => list.map(({ id, name }) => [id, name] as const);
  const { names, any, online, playing } = texts.fleet.filters;
  const choices: [keyof FleetFilter, readonly (readonly [string, string])[]][] = [
    ['online', Object.entries(online)],
    ['group', named(session.groups.value)],
    ['customer', named(session.customers.value)],
    ['model', known.model],
    ['firmware', known.firmware],
    ['upstream', known.upstream],
    ['playing', Object.entries(playing)],
    ['action', actionStates.map((state) => [state, texts.states[state]] as const)],
    ['faults', [['true', texts.fleet.filters.faults]]],
  ];

  return (
    <search class="filters">
      <label class="search">
        <Icon name="search" />
        <span class="unseen">{texts.fleet.search}</span>
        <input
          type="search"
          placeholder={texts.fleet.search}
          value={filter.q ?? ''}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => change({ q: event.currentTarget.value })}
        />
      </label>
      <div class="choices">
        {choices.map(([field, options]) => (
          <select
            key={field}
            aria-label={names[field]}
            data-on={filter[field] !== undefined}
            value={filter[field] ?? ''}
            onChange={(event) => change({ [field]: event.currentTarget.value })}
          >
            <option value="">
              {names[field]}: {any}
            </option>
            {options.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        ))}
        {Object.keys(filter).length > 0 && (
          <button type="button" class="plain" onClick={clear}>
            {texts.fleet.clear}
          </button>
        )}
      </div>
    </search>
  );
}
