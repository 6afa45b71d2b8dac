/**
 * What stood in the forms when the headend ended the session, for the same user to go on with. In memory only: it is gone with the page, and
 * no form that shows a secret hands it over.
 */
export type Drafts = {
  keep(name: string, value: unknown): void;
  /** Hands a value over, once. */
  take(name: string): unknown;
  /** Whose the values are from now on; those of another user are thrown away. */
  belongTo(user: string): void;
};

export function createDrafts(): Drafts {
  const kept = new Map<string, unknown>();
  let owner: string | undefined;
  return {
    keep: (name, value) => void kept.set(name, value),
    take(name) {
      const value = kept.get(name);
      kept.delete(name);
      return value;
    },
    belongTo(user) {
      if (user !== owner) kept.clear();
      owner = user;
    },
  };
}
