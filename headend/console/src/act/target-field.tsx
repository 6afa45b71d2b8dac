import { useApp } from '../app.ts';
import { headendFields } from '../fleet/filter.ts';
import { type Choices, useChoices } from '../fleet/use-choices.ts';
import { showCount } from '../format.ts';
import { Options } from '../parts/options.tsx';
import { texts } from '../texts.ts';
import type { Target, TargetKind } from './target.ts';

/** Chooses whom the action is for; the choice is kept in the URL. */
export function TargetField({ target }: { target: Target }) {
  const { router, session, fleet } = useApp();
  const { query } = router.route.value;
  const choices = useChoices();
  const kinds: TargetKind[] = ['boxes', 'group', 'filter', 'all'];
  const choose = (kind: TargetKind) => {
    const next = new URLSearchParams({ target: kind });
    const type = query.get('type');
    if (type !== null) next.set('type', type);
    if (kind === 'group') next.set('group', session.groups.value[0]?.id ?? '');
    router.setQuery(next);
  };
  const setField = (field: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(field);
    else next.set(field, value);
    router.setQuery(next);
  };

  return (
    <fieldset class="card target">
      <legend>
        <h2>{texts.act.whom}</h2>
      </legend>
      <div class="segments">
        {kinds.map((kind) => (
          <label key={kind}>
            <input type="radio" name="target" checked={target.kind === kind} onChange={() => choose(kind)} />
            {texts.act.targets[kind]}
          </label>
        ))}
      </div>
      {target.kind === 'boxes' && (
        <p>
          {target.ids.length === 0
            ? texts.act.noBoxes
            : target.ids.length > 4
              ? texts.fleet.selected(target.ids.length)
              : target.ids.map((id) => fleet.get(id)?.name || id).join(', ')}{' '}
          <a href="#/fleet">{texts.act.chooseInFleet}</a>
        </p>
      )}
      {target.kind === 'group' && (
        <label class="field">
          <span>{texts.act.group}</span>
          <select value={target.group} onChange={(event) => setField('group', event.currentTarget.value)}>
            <Options
              of={session.groups.value.map(({ id, name, boxes }) => [id, `${name} (${showCount(boxes)})`] as const)}
              value={target.group}
            />
          </select>
        </label>
      )}
      {target.kind === 'filter' && (
        <div class="fields">
          {headendFields.map((field) => (
            <FilterField
              key={field}
              field={field}
              value={target.filter[field] ?? ''}
              options={field === 'q' ? undefined : choices[field]}
              set={setField}
            />
          ))}
        </div>
      )}
      {target.kind === 'all' && <p class="faint">{texts.act.allMeans}</p>}
    </fieldset>
  );
}

function FilterField(props: {
  field: (typeof headendFields)[number];
  value: string;
  options: Choices | undefined;
  set(field: string, value: string): void;
}) {
  const { field, value, options, set } = props;
  const { names, any } = texts.fleet.filters;
  return (
    <label class="field">
      <span>{field === 'q' ? texts.fleet.search : names[field]}</span>
      {options ? (
        <select value={value} onChange={(event) => set(field, event.currentTarget.value)}>
          <option value="">{any}</option>
          <Options of={options} value={value} />
        </select>
      ) : (
        <input value={value} onInput={(event) => set(field, event.currentTarget.value)} />
      )}
    </label>
  );
}
