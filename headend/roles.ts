/** What the users of each role may do: the headend decides by it, and the console offers nothing that would be refused. */
import type { BoxActionType } from '../agent/protocol/params.ts';
import type { Feature } from './store/customers.ts';

export const roles = ['VIEWER', 'MANAGER', 'OWNER', 'RESELLER', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** Telecom X group action, column "Access": who may use a type that is not open to all. Who was cut off by its provider must not undo that. */
const restrictedTypes: Partial<Record<BoxActionType, readonly Role[]>> = {
  SCREENSHOT: ['RESELLER', 'ADMIN'],
  SPEEDTEST: ['RESELLER', 'ADMIN'],
  FIRMWARE: ['RESELLER', 'ADMIN'],
  MANAGEMENT: ['ADMIN'],
  SCRIPT: ['ADMIN'],
  JS: ['ADMIN'],
  UIDEBUG: ['ADMIN'],
  CUT_OFF: ['RESELLER', 'ADMIN'],
  CUT_ON: ['RESELLER', 'ADMIN'],
};

/** Whether a role may use an action type. */
export function mayUse(role: Role, type: BoxActionType): boolean {
  return restrictedTypes[type]?.includes(role) ?? true;
}

/**
 * Whether a role may act on the boxes of a customer that it sees and that has these features. Telecom X group action, "Access level": MANAGER or
 * OWNER if the customer has IPTVBUSINESS, RESELLER if it has IPTVBUSINESS or IPTVPRIVATE, ADMIN always.
 */
export function mayActWith(role: Role, features: readonly Feature[]): boolean {
  if (role === 'ADMIN') return true;
  if (role === 'RESELLER') return features.includes('IPTVBUSINESS') || features.includes('IPTVPRIVATE');
  return role !== 'VIEWER' && features.includes('IPTVBUSINESS');
}

/** Whether a role may change boxes and groups: every one but VIEWER. */
export function mayChange(role: Role): boolean {
  return role !== 'VIEWER';
}

/** Whose entries of the audit a role may see: theirs who see no more than it does. Who may not look at all is not here. */
export const auditedBy: Partial<Record<Role, readonly Role[]>> = {
  OWNER: ['VIEWER', 'MANAGER', 'OWNER'],
  RESELLER: ['VIEWER', 'MANAGER', 'OWNER', 'RESELLER'],
  ADMIN: roles,
};
