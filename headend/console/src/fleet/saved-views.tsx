import { useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { texts } from '../texts.ts';

type View = { name: string; query: string };

/** Filters and sorting under a name, kept in this browser, per user. */
export function SavedViews({ query }: { query: string }) {
  const { session, router } = useApp();
  const place = `views:${session.user.value?.id}`;
  const [views, setViews] = useState(() => readViews(place));
  const [naming, setNaming] = useState<string | null>(null);
  const current = views.find((view) => view.query === query);
  const keep = (next: View[]) => {
    localStorage.setItem(place, JSON.stringify(next));
    setViews(next);
  };
  const save = (event: Event) => {
    event.preventDefault();
    const name = naming?.trim();
    if (name) keep([...views.filter((view) => view.name !== name), { name, query }]);
    setNaming(null);
  };

  return (
    <div class="views">
      {views.length > 0 && (
        <select
          aria-label={texts.views.choose}
          value={current?.name ?? ''}
          onChange={(event) => {
            const view = views.find(({ name }) => name === event.currentTarget.value);
            if (view) router.setQuery(new URLSearchParams(view.query));
          }}
        >
          <option value="" disabled>
            {texts.views.choose}
          </option>
          {views.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {current ? (
        <button type="button" class="plain" onClick={() => keep(views.filter((view) => view !== current))}>
          <Icon name="close" /> {texts.views.forget}
        </button>
      ) : (
        query !== '' && (
          <button type="button" class="plain" onClick={() => setNaming('')}>
            {texts.views.save}
          </button>
        )
      )}
      {naming !== null && (
        <Dialog title={texts.views.save} close={() => setNaming(null)}>
          <form onSubmit={save}>
            <label class="field">
              <span>{texts.views.name}</span>
              <input
                required
                autofocus
                maxLength={60}
                value={naming}
                onInput={(event) => setNaming(event.currentTarget.value)}
              />
            </label>
            <div class="row">
              <button type="submit" class="primary">
                {texts.common.save}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}

function readViews(place: string): View[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}
