import { useEffect, useRef } from 'preact/hooks';
import { actionTypes } from '../../../../agent/protocol/params.ts';
import { useApp } from '../app.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import { type Action, actionStates, type Page } from '../types.ts';
import { ActionLine } from './action-line.tsx';
import type { FleetAction } from './fleet-action.ts';
import { FleetActionDetail } from './fleet-action-detail.tsx';
import { FleetActionLine } from './fleet-action-line.tsx';
import { More, useLength } from './more.tsx';
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
  const length = useLength();
  const loaded = useLoad(`fleet-actions ${type}`, () => {
    const query = new URLSearchParams({ limit: String(length.current), ...(type === null ? {} : { type }) });
    return api.get<{ items: FleetAction[] }>(`/stb/v1/fleet-actions?${query}`);
  });
  useSoonAgain(loaded.again);
  if (loaded.error !== null) return <Failure text={loaded.error} retry={loaded.again} />;
  if (loaded.value === undefined) return <Loading />;
  if (loaded.value.items.length === 0)
    return <Empty icon="actions" title={texts.actions.none} text={texts.actions.noneText} />;
  return (
    <>
      <ul class="fleet-actions card">
        {loaded.value.items.map((item) => (
          <FleetActionLine key={item.id} item={item} />
        ))}
      </ul>
      <More shown={loaded.value.items.length} length={length} again={loaded.again} />
    </>
  );
}

function ByBox({ type, state }: { type: string | null; state: string | null }) {
  const { api, live } = useApp();
  const length = useLength();
  const loaded = useLoad(`actions ${type} ${state}`, () => {
    const query = new URLSearchParams({
      limit: String(length.current),
      ...(type === null ? {} : { type }),
      ...(state === null ? {} : { state }),
    });
    return api.get<Page<Action>>(`/stb/v1/actions?${query}`);
  });
  useSoonAgain(loaded.again);
  const latest = useRef(loaded);
  latest.current = loaded;
  // What is shown moves at once; what is new comes with the next look.
  useEffect(
    () =>
      live.on('action', (action) => {
        const page = latest.current.value;
        if (!page?.items.some(({ id }) => id === action.id)) return;
        const items = page.items.map((item) => (item.id === action.id ? action : item));
        latest.current.value = { ...page, items };
        latest.current.set(latest.current.value);
      }),
    [live],
  );
  if (loaded.error !== null) return <Failure text={loaded.error} retry={loaded.again} />;
  if (loaded.value === undefined) return <Loading />;
  if (loaded.value.items.length === 0)
    return <Empty icon="actions" title={texts.actions.none} text={texts.actions.noneText} />;
  return (
    <>
      <ul class="action-list card">
        {loaded.value.items.map((action) => (
          <ActionLine key={action.id} action={action} showBox />
        ))}
      </ul>
      <More shown={loaded.value.items.length} length={length} again={loaded.again} />
    </>
  );
}
