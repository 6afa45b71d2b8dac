import type { Store } from './store/store.ts';

/**
 * Makes the administrator when there is none, and returns the token: the one given, or a new one. It cannot be read later, so at every
 * other start there is nothing to return.
 */
export function ensureAdministrator(store: Store, givenToken: string | undefined): string | undefined {
  if (store.users.first('ADMIN') !== undefined) return undefined;
  return store.transaction(() => {
    const { id } = store.users.create({ name: 'Administrator', role: 'ADMIN', customer: null });
    return store.tokens.issue({ kind: 'user', id }, givenToken);
  });
}
