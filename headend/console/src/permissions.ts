import { type ActionType, actionTypes } from '../../../agent/protocol/params.ts';
import { auditedBy, mayActWith, mayChange, mayUse } from '../../roles.ts';
import type { Customer, User } from './types.ts';

/** Types that a slip of the hand must not send: they ask for the number of boxes. */
export const destructiveTypes: readonly ActionType[] = [
  'REBOOT',
  'SWITCH_OFF',
  'FIRMWARE',
  'SCRIPT',
  'JS',
  'MANAGEMENT',
];

/** What the user may do on the boxes of some customer that it sees; none of it for a VIEWER. */
export type Permissions = {
  types: ActionType[];
  /** Whether it may act on the boxes of this customer. */
  actsFor(customer: string): boolean;
  /** Whether it may change boxes and groups. */
  changes: boolean;
  administers: boolean;
  /** Whether it may read who did what. */
  audits: boolean;
};

export function permissionsOf(user: User, customers: readonly Customer[]): Permissions {
  const features = new Map(customers.map((customer) => [customer.id, customer.features]));
  const actsFor = (customer: string) => mayActWith(user.role, features.get(customer) ?? []);
  const actsAtAll = user.role === 'ADMIN' || customers.some(({ id }) => actsFor(id));
  return {
    types: actsAtAll ? actionTypes.filter((type) => mayUse(user.role, type)) : [],
    actsFor,
    changes: mayChange(user.role),
    administers: user.role === 'ADMIN',
    audits: auditedBy[user.role] !== undefined,
  };
}
