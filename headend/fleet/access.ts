import { mayActWith, mayChange } from '../roles.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';

export type Access = {
  /** The customers whose boxes the user sees: its own; a RESELLER's also those below; all of them for an ADMIN. */
  scope(user: User): string[];
  /** Whether the user may act on the boxes of a customer in its scope. */
  mayActFor(user: User, customer: string): boolean;
  /** Whether the user may change boxes and groups. */
  mayChange(user: User): boolean;
};

export function createAccess(store: Store): Access {
  return {
    scope(user) {
      if (user.role === 'ADMIN') return store.customers.all().map((customer) => customer.id);
      if (user.customer === null) return [];
      return user.role === 'RESELLER' ? store.customers.tree(user.customer) : [user.customer];
    },
    mayActFor: ({ role }, customer) => mayActWith(role, store.customers.get(customer)?.features ?? []),
    mayChange: ({ role }) => mayChange(role),
  };
}
