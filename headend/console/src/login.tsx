import { useState } from 'preact/hooks';
import { CallError, sayError } from './api.ts';
import { useApp } from './app.ts';
import brand from './icon.svg';
import { texts } from './texts.ts';

/** Asks for a token and lets the headend put it into a cookie that no script can read. */
export function Login() {
  const { session } = useApp();
  const [token, setToken] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function signIn(event: Event): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setError(null);
    try {
      await session.signIn(token.trim());
    } catch (failure) {
      const isUnknown = failure instanceof CallError && (failure.status === 401 || failure.status === 403);
      setError(isUnknown ? texts.login.unknown : sayError(failure));
      setIsBusy(false);
    }
  }

  return (
    <main class="login">
      <form class="card" onSubmit={signIn}>
        <img src={brand} alt="" width="56" height="56" />
        <h1>{texts.product}</h1>
        <label class="field">
          <span>{texts.login.token}</span>
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            required
            autofocus
            value={token}
            aria-invalid={error !== null}
            aria-describedby="login-note"
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p id="login-note" class={error === null ? 'faint' : 'bad'} role={error === null ? undefined : 'alert'}>
          {error ?? (session.hasLapsed.value ? texts.login.lapsed : texts.login.hint)}
        </p>
        <button type="submit" class="primary" disabled={isBusy || token.trim() === ''}>
          {isBusy ? texts.login.busy : texts.login.submit}
        </button>
      </form>
    </main>
  );
}
