import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Api, CallError } from './api.ts';
import { type Permissions, permissionsOf } from './permissions.ts';
import type { Customer, Group, User } from './types.ts';

/** Who is signed in, and what it sees. The token itself is in a cookie that no script can read. */
export type Session = {
  /** Undefined while it is not known yet, null when nobody is. */
  user: ReadonlySignal<User | null | undefined>;
  /** The headend could not be asked. */
  error: ReadonlySignal<string | null>;
  customers: ReadonlySignal<readonly Customer[]>;
  groups: ReadonlySignal<readonly Group[]>;
  /** What a customer is called; of nobody, or one that is not seen, a dash. */
  nameOf(customer: string | null): string;
  may: ReadonlySignal<Permissions>;
  /** Asks the headend who is signed in. */
  resume(): Promise<void>;
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

export function createSession(api: Api, told: { begun(): void; ended(): void }): Session {
  const user = signal<User | null | undefined>(undefined);
  const error = signal<string | null>(null);
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
    told.begun();
    await refresh();
    user.value = found;
  }

  function forget(): void {
    user.value = null;
    told.ended();
  }

  return {
    user,
    error,
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
        if (failure instanceof CallError && failure.status === 0) error.value = failure.message;
        else forget();
      }
    },
    async signIn(token) {
      await begin((await api.post<{ user: User }>('/stb/v1/session', { token })).user);
    },
    async signOut() {
      await api.call('DELETE', '/stb/v1/session').catch(() => undefined);
      forget();
    },
  };
}
