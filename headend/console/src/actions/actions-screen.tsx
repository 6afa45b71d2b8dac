import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { actionTypes } from '../../../../agent/protocol/params.ts';
import { useApp } from '../app.ts';
import type { Item, LongList } from '../long-list/long-list.ts';
import { LongListView } from '../long-list/long-list-view.tsx';
import { pagePath, useLongList } from '../long-list/use-long-list.ts';
import { Empty } from '../parts/states.tsx';
import { texts } from '../texts.ts';
import { type Action, actionStates, type Page } from '../types.ts';
import { ActionLine } from './action-line.tsx';
import type { FleetAction } from './fleet-action.ts';
import { FleetActionDetail } from './fleet-action-detail.tsx';
import { FleetActionLine } from './fleet-action-line.tsx';
import { useSoonAgain } from './use-soon-again.ts';

/** Everything that was asked: by request, with how far each is, or box by box. */
export function ActionsScreen({ id }: { id: string | undefined }) {
  const { router } = useApp();
  const { query } = router.route.value;
  if (id !== undefined) return <FleetActionDetail id={id} />;
  const isSingle = query.get('by') === 'box';
  const set = (field: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(field);
    else next.set(field, value);
    router.setQuery(next);
  };
  return (
    <div class="actions">
      <div class="head">
        <h1>{texts.sections.actions}</h1>
        <fieldset class="segments">
          <legend class="unseen">{texts.actions.by}</legend>
          <label>
            <input type="radio" name="by" checked={!isSingle} onChange={() => set('by', '')} />
            {texts.actions.byRequest}
          </label>
          <label>
            <input type="radio" name="by" checked={isSingle} onChange={() => set('by', 'box')} />
            {texts.actions.byBox}
          </label>
        </fieldset>
      </div>
      <div class="filters">
        <div class="choices">
          <select
            aria-label={texts.actions.type}
            value={query.get('type') ?? ''}
            onChange={(event) => set('type', event.currentTarget.value)}
          >
            <option value="">{texts.actions.anyType}</option>
            {actionTypes.map((type) => (
              <option key={type} value={type}>
                {texts.types[type].name}
              </option>
            ))}
          </select>
          {isSingle && (
            <select
              aria-label={texts.actions.state}
              value={query.get('state') ?? ''}
              onChange={(event) => set('state', event.currentTarget.value)}
            >
              <option value="">{texts.actions.anyState}</option>
              {actionStates.map((state) => (
                <option key={state} value={state}>
                  {texts.states[state]}
                </option>
              ))}
            </select>
          )}
        </div>
      </div>
      {isSingle ? (
        <ByBox type={query.get('type')} state={query.get('state')} />
      ) : (
        <ByRequest type={query.get('type')} />
      )}
    </div>
  );
}

function ByRequest({ type }: { type: string | null }) {
  const { api } = useApp();
  const list = useLongList(`fleet-actions ${type}`, async (page) => {
    const path = pagePath('/stb/v1/fleet-actions', { type }, page);
    return (await api.get<{ items: FleetAction[] }>(path)).items;
  });
  useSoonAgain(list.changed);
  return (
    <Listed
      list={list}
      class="fleet-actions"
      isFiltered={type !== null}
      render={(item) => <FleetActionLine key={item.id} item={item} />}
    />
  );
}

function ByBox({ type, state }: { type: string | null; state: string | null }) {
  const { api, live } = useApp();
  const list = useLongList(`actions ${type} ${state}`, async (page) => {
    const path = pagePath('/stb/v1/actions', { type, state }, page);
    return (await api.get<Page<Action>>(path)).items;
  });
  useSoonAgain(list.changed);
  // What is shown moves at once; what is new comes with the next look.
  useEffect(() => live.on('action', (action) => list.put(action, false)), [live, list]);
  return (
    <Listed
      list={list}
      class="action-list"
      isFiltered={type !== null || state !== null}
      render={(action) => <ActionLine key={action.id} action={action} showBox />}
    />
  );
}

function Listed<T extends Item>(props: {
  list: LongList<T>;
  class: string;
  isFiltered: boolean;
  render(item: T): VNode;
}) {
  const { none, noneText, noneSuch, noneSuchText } = texts.actions;
  const empty = props.isFiltered ? (
    <Empty icon="actions" title={noneSuch} text={noneSuchText} />
  ) : (
    <Empty icon="actions" title={none} text={noneText} />
  );
  return (
    <div class="card">
      <LongListView list={props.list} class={props.class} render={props.render} empty={empty} />
    </div>
  );
}
