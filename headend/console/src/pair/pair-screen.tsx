import { useState } from 'preact/hooks';
import { CallError, sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { SelectField, TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';

type Paired = { id: string; mac: string | null; name: string; customer: string; isKnown: boolean };

/** Takes the code that a new box shows, and makes the box one of a customer's. */
export function PairScreen() {
  const { api, session, fleet, notices } = useApp();
  const customers = session.customers.value.filter(({ id }) => session.may.value.changes && id !== '');
  const [code, setCode] = useDraft('pair code', '');
  const [name, setName] = useDraft('pair name', '');
  const [customer, setCustomer] = useDraft('pair customer', session.user.value?.customer ?? customers[0]?.id ?? '');
  const [error, setError] = useState<string | null>(null);
  const [paired, setPaired] = useState<Paired | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function pair(event: Event): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setError(null);
    try {
      const body = { code: code.trim().toUpperCase(), customer, ...(name.trim() === '' ? {} : { name: name.trim() }) };
      const found = await api.post<Paired>('/stb/v1/pair', body);
      setPaired(found);
      // It has said nothing yet that would bring it into the list.
      void fleet.load();
      setCode('');
      setName('');
      notices.say('good', texts.pair.done(found.name || found.mac || found.id));
    } catch (failure) {
      setError(failure instanceof CallError && failure.status === 404 ? texts.pair.unknown : sayError(failure));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <div class="narrow">
      <div class="head">
        <h1>{texts.sections.pair}</h1>
      </div>
      <form class="card stack-form" onSubmit={pair}>
        <p>{texts.pair.how}</p>
        <label class="field">
          <span>{texts.pair.code}</span>
          <input
            class="code"
            required
            maxLength={8}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            value={code}
            aria-invalid={error !== null}
            aria-describedby="pair-note"
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        </label>
        {customers.length > 1 && (
          <SelectField
            name={texts.pair.customer}
            value={customer}
            options={customers.map(({ id, name: says }) => [id, says] as const)}
            set={setCustomer}
          />
        )}
        <TextField name={texts.pair.name} value={name} set={setName} hint={texts.pair.nameHint} />
        <p id="pair-note" class={error === null ? 'faint' : 'bad'} role={error === null ? undefined : 'alert'}>
          {error ?? texts.pair.short}
        </p>
        <div class="row">
          <button type="submit" class="primary" disabled={isBusy || code.trim() === ''}>
            {texts.pair.submit}
          </button>
        </div>
      </form>
      {paired && (
        <p class="card" role="status">
          {paired.isKnown ? texts.pair.known : texts.pair.added}{' '}
          <a href={`#/boxes/${paired.id}`}>{paired.name || paired.mac || paired.id}</a>
        </p>
      )}
    </div>
  );
}
