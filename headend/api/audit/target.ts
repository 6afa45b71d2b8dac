import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';

/** The fields by which a call says whom it is about. */
const targetFields = ['boxes', 'groups', 'group', 'devices', 'device', 'box'];

/** The ids that a call names, in its path and its fields. */
export function namedIn(params: unknown, given: Record<string, unknown>): string[] {
  const found = params !== null && typeof params === 'object' ? Object.values(params) : [];
  for (const field of targetFields) {
    const value = given[field];
    found.push(...(Array.isArray(value) ? value : [value]));
  }
  if (given.all === true) found.push('ALL');
  return found.filter((id): id is string => typeof id === 'string' && id !== '');
}

/** The fields of a call without those that stand in its entry by themselves. */
export function restOf(given: Record<string, unknown>): Record<string, unknown> {
  const said = [...targetFields, 'all', 'type'];
  return Object.fromEntries(Object.entries(given).filter(([name]) => !said.includes(name)));
}

/** The type of the action that a call is about, such as one that is cancelled. */
export function actionType(fleet: Fleet, scope: readonly string[], ids: readonly string[]): string | null {
  const action = ids.map((id) => fleet.store.actions.get(id.toLowerCase())).find((found) => found !== undefined);
  const customer = action && fleet.store.boxes.get(action.box)?.customer;
  return customer !== undefined && scope.includes(customer) ? (action?.type ?? null) : null;
}

/**
 * Whom or what a call is about, by name as far as the caller sees it: another customer's box is not named to whoever only guessed its id.
 */
export function sayTarget(fleet: Fleet, scope: readonly string[], ids: readonly string[]): string {
  const { listed, text } = headendLimits.audit;
  const said = ids.slice(0, listed).map((id) => {
    const name = nameOf(fleet, scope, id.toLowerCase());
    return name === undefined ? id.slice(0, text) : `${name} (${id})`;
  });
  return ids.length > listed ? `${said.join(', ')} and ${ids.length - listed} more` : said.join(', ');
}

function nameOf(fleet: Fleet, scope: readonly string[], id: string): string | undefined {
  const { store } = fleet;
  const seen = (customer: string | null) => customer === null || scope.includes(customer);
  const action = store.actions.get(id);
  const box = store.boxes.find(action?.box ?? id);
  if (box !== undefined) return seen(box.customer) ? box.name : undefined;
  const rollout = store.rollouts.get(id);
  if (rollout !== undefined) return rollout.customers.some(seen) ? rollout.name : undefined;
  const found = store.groups.get(id) ?? store.channels.get(id) ?? store.packages.get(id) ?? store.users.get(id);
  if (found !== undefined) return seen(found.customer) ? found.name : undefined;
  return scope.includes(id) ? store.customers.get(id)?.name : undefined;
}
