import { actionTypes } from '../../../../agent/protocol/params.ts';
import { texts } from '../texts.ts';

/** What the audit is narrowed to: words, a type of action, days, and whom or which token was chosen in the list. */
export function AuditFilters({
  query,
  set,
  nameOf,
}: {
  query: URLSearchParams;
  set(field: string, value: string): void;
  /** What the chosen user is called. */
  nameOf(user: string): string;
}) {
  const user = query.get('user');
  const fingerprint = query.get('fingerprint');
  return (
    <search class="filters">
      <input
        type="search"
        class="grow"
        aria-label={texts.audit.search}
        placeholder={texts.audit.search}
        value={query.get('q') ?? ''}
        onInput={(event) => set('q', event.currentTarget.value)}
      />
      <div class="choices">
        <select
          aria-label={texts.audit.type}
          value={query.get('type') ?? ''}
          onChange={(event) => set('type', event.currentTarget.value)}
        >
          <option value="">{texts.audit.anyType}</option>
          {actionTypes.map((type) => (
            <option key={type} value={type}>
              {texts.types[type].name}
            </option>
          ))}
        </select>
        {(['from', 'to'] as const).map((field) => (
          <label key={field} class="day">
            {texts.audit[field]}
            <input
              type="date"
              value={query.get(field) ?? ''}
              onChange={(event) => set(field, event.currentTarget.value)}
            />
          </label>
        ))}
        {user !== null && <Only text={texts.audit.onlyUser(nameOf(user))} clear={() => set('user', '')} />}
        {fingerprint !== null && (
          <Only text={texts.audit.onlyToken(fingerprint)} clear={() => set('fingerprint', '')} />
        )}
      </div>
    </search>
  );
}

/** A choice made in the list, and the way back. */
function Only({ text, clear }: { text: string; clear(): void }) {
  return (
    <span class="pill calm">
      {text}{' '}
      <button type="button" class="link" onClick={clear}>
        {texts.audit.everybody}
      </button>
    </span>
  );
}
