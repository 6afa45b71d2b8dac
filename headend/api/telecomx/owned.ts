/** What the calls for groups, channels and packages share: whose they are, and who may see and change them. */
import * as v from 'valibot';
import { accessDenied, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { User } from '../../store/users.ts';
import { looseId, pagingEntries } from '../read.ts';

/** What their lists are asked with. */
export const listQuery = v.object({
  ...pagingEntries,
  filter: v.optional(v.string(), ''),
  customer: v.optional(looseId),
});

/** The customers whose things a list shows: all in the caller's scope, or the one that was asked for. */
export function listScope(fleet: Fleet, user: User, customer: string | undefined): string[] {
  return fleet.access.scope(user).filter((id) => customer === undefined || id === customer);
}

/** Of one customer, or of everybody where `customer` is null. */
type Owned = { customer: string | null };

/** What was found under an id, if the caller sees it: everybody's, or of a customer in its scope. Throws 404 `id`. */
export function visible<T extends Owned>(fleet: Fleet, user: User, found: T | undefined): T {
  if (found === undefined) throw notFound('id');
  if (found.customer !== null && !fleet.access.scope(user).includes(found.customer)) throw notFound('id');
  return found;
}

/** The same, if the caller may change it. Throws 403 `access_denied`, or 404 `id`. */
export function changeable<T extends Owned>(fleet: Fleet, user: User, found: T | undefined): T {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  const seen = visible(fleet, user, found);
  requireOwner(fleet, user, seen.customer);
  return seen;
}

/** Whose a new one becomes: that customer's, or by default the caller's own; everybody's for an ADMIN. Throws 403, or 404 `customer`. */
export function ownerOfNew(fleet: Fleet, user: User, asked: string | undefined): string | null {
  const customer = asked ?? user.customer;
  if (customer !== null && !fleet.access.scope(user).includes(customer)) throw notFound('customer');
  requireOwner(fleet, user, customer);
  return customer;
}

/**
 * Telecom X package update, "Access level": MANAGER or OWNER if the customer has IPTVBUSINESS, RESELLER if it has IPTVBUSINESS or
 * IPTVPRIVATE, ADMIN. What is everybody's is an ADMIN's.
 */
function requireOwner(fleet: Fleet, user: User, customer: string | null): void {
  const may = customer === null ? user.role === 'ADMIN' : fleet.access.mayActFor(user, customer);
  if (!may) throw accessDenied();
}
