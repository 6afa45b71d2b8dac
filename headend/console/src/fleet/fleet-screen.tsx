import { useMemo } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { href } from '../router.ts';
import { texts } from '../texts.ts';
import { type FleetFilter, headendFields, matcher, readFilter, readSort, sortRows } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { FleetTable } from './fleet-table.tsx';
import { SavedViews } from './saved-views.tsx';

/** Every box: search, filters in the URL, sorting, views, selection. */
export function FleetScreen() {
  const { fleet, router, selection, session } = useApp();
  const { query } = router.route.value;
  const key = query.toString();
  const version = fleet.version.value;
  const filter = useMemo(() => readFilter(new URLSearchParams(key)), [key]);
  const sort = useMemo(() => readSort(new URLSearchParams(key)), [key]);
  // The version says when the rows are others.
  const all = useMemo(() => fleet.rows(), [fleet, version]);
  const rows = useMemo(() => sortRows(all.filter(matcher(filter)), sort), [all, filter, sort]);
  const { loaded, error } = fleet.state.value;
  const online = useMemo(() => all.reduce((count, row) => count + (row.online ? 1 : 0), 0), [all]);

  if (error !== null && all.length === 0) return <Failure text={error} retry={fleet.load} />;
  if (!loaded && all.length === 0) return <Loading text={texts.fleet.loading} />;

  const change = (changes: Record<string, string | undefined>) => {
    const next = new URLSearchParams(query);
    for (const [field, value] of Object.entries(changes)) {
      if (value) next.set(field, value);
      else next.delete(field);
    }
    router.setQuery(next);
  };
  const isFiltered = Object.keys(filter).length > 0;
  const mayAct = session.may.value.types.length > 0;
  return (
    <div class="fleet">
      <div class="head">
        <h1>{texts.sections.fleet}</h1>
        <p class="counts" role="status">
          <strong>{showCount(online)}</strong> {texts.fleet.onlineOf(showCount(all.length))}
          {isFiltered && <span class="faint"> · {texts.fleet.matching(showCount(rows.length))}</span>}
        </p>
        <SavedViews query={key} />
      </div>
      <FilterBar filter={filter} change={change} clear={() => router.setQuery(new URLSearchParams())} />
      {selection.value.size > 0 ? (
        <SelectionBar />
      ) : (
        mayAct && isFiltered && rows.length > 0 && <MatchBar count={rows.length} filter={filter} ids={rows} />
      )}
      {rows.length > 0 ? (
        <FleetTable rows={rows} sort={sort} mayAct={mayAct} changeSort={(text) => change({ sort: text })} />
      ) : (
        <Empty
          icon="search"
          title={all.length === 0 ? texts.fleet.none : texts.fleet.noMatch}
          text={all.length === 0 ? texts.fleet.noneText : texts.fleet.noMatchText}
        >
          {isFiltered && (
            <button type="button" class="plain" onClick={() => router.setQuery(new URLSearchParams())}>
              {texts.fleet.clear}
            </button>
          )}
        </Empty>
      )}
    </div>
  );
}

/** What can be done with the ticked boxes. */
function SelectionBar() {
  const { selection, router } = useApp();
  const { size } = selection.value;
  return (
    <div class="selection" role="region" aria-label={texts.fleet.selection}>
      <strong>{texts.fleet.selected(size)}</strong>
      <button type="button" class="primary" onClick={() => router.go('/act', { target: 'boxes' })}>
        {texts.fleet.actOnSelected}
      </button>
      <button
        type="button"
        class="plain"
        onClick={() => {
          selection.value = new Set();
        }}
      >
        {texts.fleet.clearSelection}
      </button>
    </div>
  );
}

/** What can be done with everything that the filter lets through. */
function MatchBar({ count, filter, ids }: { count: number; filter: FleetFilter; ids: readonly { id: string }[] }) {
  const { selection } = useApp();
  const isKnownToHeadend = Object.keys(filter).every((field) => (headendFields as readonly string[]).includes(field));
  return (
    <div class="selection calm">
      <button
        type="button"
        class="plain"
        onClick={() => {
          selection.value = new Set(ids.map(({ id }) => id));
        }}
      >
        {texts.fleet.selectAll(showCount(count))}
      </button>
      {isKnownToHeadend && (
        <a class="plain" href={href('/act', { target: 'filter', ...filter })}>
          {texts.fleet.actOnFilter}
        </a>
      )}
    </div>
  );
}
