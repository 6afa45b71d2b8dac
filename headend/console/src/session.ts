import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Api, CallError, sayError } from './api.ts';
import { type Permissions, permissionsOf } from './permissions.ts';
import type { Customer, Group, User } from './types.ts';

/** Who is signed in, and what it sees. The token itself is in a cookie that no script can read. */
export type Session = {
  /** Undefined while it is not known yet, null when nobody is. */
  user: ReadonlySignal<User | null | undefined>;
  /** The headend could not be asked. */
  error: ReadonlySignal<string | null>;
  /** It was the headend that ended the last session, not the viewer. */
  hasLapsed: ReadonlySignal<boolean>;
  customers: ReadonlySignal<readonly Customer[]>;
  groups: ReadonlySignal<readonly Group[]>;
  /** What a customer is called; of nobody, or one that is not seen, a dash. */
  nameOf(customer: string | null): string;
  may: ReadonlySignal<Permissions>;
  /** Asks the headend who is signed in. */
  resume(): Promise<void>;
  /** Asks the headend whether the session still holds; what does not answer ends none. */
  check(): Promise<void>;
  signIn(token: string): Promise<void>;
  signOut(): Promise<void>;
  /** Reads customers and groups again. */
  refresh(): Promise<void>;
  /** The headend does not know the session any more. */
  forget(): void;
};

const nobody: Permissions = {
  types: [],
  actsFor: () => false,
  changes: false,
  administers: false,
  audits: false,
};

export function createSession(api: Api, told: { begun(user: User): void; ended(): void }): Session {
  const user = signal<User | null | undefined>(undefined);
  const error = signal<string | null>(null);
  const hasLapsed = signal(false);
  const customers = signal<readonly Customer[]>([]);
  const groups = signal<readonly Group[]>([]);
  const may = computed(() => (user.value ? permissionsOf(user.value, customers.value) : nobody));

  async function refresh(): Promise<void> {
    const [foundCustomers, foundGroups] = await Promise.all([
      api.all<Customer>('/stb/v1/customers'),
      api.all<Group>('/stb/v1/groups'),
    ]);
    customers.value = foundCustomers;
    groups.value = foundGroups;
  }

  async function begin(found: User): Promise<void> {
    told.begun(found);
    await refresh();
    hasLapsed.value = false;
    user.value = found;
  }

  function forget(): void {
    hasLapsed.value ||= Boolean(user.value);
    user.value = null;
    told.ended();
  }

  return {
    user,
    error,
    hasLapsed,
    customers,
    groups,
    nameOf: (customer) => customers.value.find(({ id }) => id === customer)?.name ?? '–',
    may,
    refresh,
    forget,
    async resume() {
      error.value = null;
      try {
        const { user: found } = await api.get<{ user: User | null }>('/stb/v1/session');
        if (found === null) forget();
        else await begin(found);
      } catch (failure) {
        if (failure instanceof CallError && failure.status === 401) forget();
        else error.value = sayError(failure);
      }
    },
    async check() {
      const answer = await api.get<{ user: User | null }>('/stb/v1/session').catch(() => null);
      if (answer?.user === null) forget();
    },
    async signIn(token) {
      await begin((await api.post<{ user: User }>('/stb/v1/session', { token })).user);
    },
    async signOut() {
      await api.call('DELETE', '/stb/v1/session').catch(() => undefined);
      user.value = null;
      forget();
    },
  };
}
