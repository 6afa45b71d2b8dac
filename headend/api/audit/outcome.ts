import { headendLimits } from '../../limits.ts';

/** What an answer says of how a call went: the id of what was made, how many boxes, or why not. Nothing else of it is kept. */
export function sayOutcome(payload: unknown): Record<string, unknown> {
  if (typeof payload !== 'object' || payload === null) return {};
  const said: Record<string, unknown> = {};
  const { id, _id, actions, code, message, description } = payload as Record<string, unknown>;
  const made = id ?? _id;
  if (typeof made === 'string' || typeof made === 'number') said.id = made;
  if (Array.isArray(actions)) said.boxes = actions.length;
  for (const count of ['boxes', 'devices', 'skipped', 'cancelled'] as const) {
    const value = (payload as Record<string, unknown>)[count];
    if (typeof value === 'number') said[count === 'devices' ? 'boxes' : count] = value;
  }
  if (typeof code === 'number' && typeof message === 'string') {
    // What is said of a wrong field repeats what was given for it, which may be a secret.
    said.error = code === 422 ? message : `${message}: ${String(description)}`.slice(0, headendLimits.audit.text);
  }
  return said;
}
