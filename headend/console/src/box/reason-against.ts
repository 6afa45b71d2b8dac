import type { Permissions } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { ActionType, Box } from '../types.ts';
import { needs } from './needs.ts';

/** Why the viewer cannot ask a box for a type, where that is so. */
export type Reasons = (type: ActionType) => string | null;

/** Why the viewer cannot ask the box for this, in a sentence, what the box lacks first; null where it can. */
export function reasonAgainst(type: ActionType, box: Box, may: Permissions): string | null {
  const { neverSaid, lacks, capabilities, notSupported, notAllowed, notForCustomer } = texts.abilities;
  if (box.types.length === 0) return neverSaid;
  const missing = needs[type].filter((capability) => !box.capabilities.includes(capability));
  if (missing.length > 0) return lacks(missing.map((name) => capabilities[name]));
  if (!box.types.includes(type)) return notSupported;
  if (!may.types.includes(type)) return notAllowed;
  return may.actsFor(box.customer) ? null : notForCustomer;
}
