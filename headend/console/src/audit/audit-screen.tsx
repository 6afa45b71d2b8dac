import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Whole } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { useLater } from '../parts/use-later.ts';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Page } from '../types.ts';
import { AuditFilters } from './audit-filters.tsx';
import { Entries } from './entries.tsx';
import type { Entry } from './entry.ts';

const pageSize = 100;

/** Who did what and when; what is written here is never changed. What is searched for is in the address. */
export function AuditScreen() {
  const { api, router } = useApp();
  const { query } = router.route.value;
  const asked = useLater(askedOf(query).toString());
  const loaded = useLoad(`audit ${asked}`, () => api.get<Page<Entry>>(`/stb/v1/audit?${asked}`));
  /** Another search begins with the newest again. */
  const set = (field: string, value: string) => {
    const next = new URLSearchParams(query);
    if (field !== 'offset') next.delete('offset');
    if (value === '') next.delete(field);
    else next.set(field, value);
    router.setQuery(next);
  };
  const nameOf = (user: string) => loaded.value?.items.find(({ who }) => who.id === user)?.who.name ?? user;

  return (
    <div>
      <div class="head">
        <h1>{texts.sections.audit}</h1>
        {loaded.value && <p class="faint">{texts.audit.count(showCount(loaded.value.total), loaded.value.total)}</p>}
        <button type="button" class="plain" onClick={() => void loaded.again()}>
          {texts.audit.again}
        </button>
      </div>
      <AuditFilters query={query} set={set} nameOf={nameOf} />
      <Whole of={loaded}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty icon="audit" title={texts.audit.none} text={texts.audit.noneText} />
          ) : (
            <>
              <Entries entries={page.items} choose={set} />
              <Pages page={page} go={(offset) => set('offset', offset === 0 ? '' : String(offset))} />
            </>
          )
        }
      </Whole>
    </div>
  );
}

/** The query of the address as the headend's call takes it; a day is meant from its beginning to its end, in the viewer's zone. */
function askedOf(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams({ limit: String(pageSize), offset: query.get('offset') ?? '0' });
  for (const field of ['q', 'user', 'fingerprint', 'type']) {
    const value = query.get(field)?.trim();
    if (value) asked.set(field, value);
  }
  const from = new Date(`${query.get('from')}T00:00:00`);
  const to = new Date(`${query.get('to')}T23:59:59.999`);
  if (Number.isFinite(from.getTime())) asked.set('from', from.toISOString());
  if (Number.isFinite(to.getTime())) asked.set('to', to.toISOString());
  return asked;
}

function Pages({ page: { offset, total, items }, go }: { page: Page<Entry>; go(offset: number): void }) {
  if (total <= pageSize) return null;
  const last = offset + items.length;
  return (
    <nav class="row pages" aria-label={texts.audit.pages}>
      <button type="button" class="plain" disabled={offset === 0} onClick={() => go(Math.max(0, offset - pageSize))}>
        {texts.audit.newer}
      </button>
      <span class="faint">{texts.audit.range(showCount(offset + 1), showCount(last), showCount(total))}</span>
      <button type="button" class="plain" disabled={last >= total} onClick={() => go(last)}>
        {texts.audit.older}
      </button>
    </nav>
  );
}
