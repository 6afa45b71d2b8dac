import { Icon } from '../icons.tsx';
import { Options } from '../parts/options.tsx';
import { texts } from '../texts.ts';
import { actionStates } from '../types.ts';
import type { FleetFilter } from './filter.ts';
import { type Choices, useChoices } from './use-choices.ts';

/** The search and the filters. What can be chosen is what the boxes have. */
export function FilterBar(props: {
  filter: FleetFilter;
  change(changes: Record<string, string | undefined>): void;
  clear(): void;
}) {
  const { filter, change, clear } = props;
  const { names, any, playing } = texts.fleet.filters;
  const choices: [keyof FleetFilter, Choices][] = [
    ...(Object.entries(useChoices()) as [keyof FleetFilter, Choices][]),
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
            <Options of={options} value={filter[field] ?? ''} />
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
