import type { Permissions } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { ActionType, Box } from '../types.ts';
import { needs } from './needs.ts';

/** Why the viewer cannot ask a box for a type, where that is so. */
export type Reasons = (type: ActionType) => string | null;

/** Why the viewer cannot ask the box for this, in a sentence, what the box lacks first; null where it can. */
export function reasonAgainst(type: ActionType, box: Box, may: Permissions): string | null {
  const { lacks, capabilities, notSupported, noEvent, notAllowed, notForCustomer } = texts.abilities;
  if (box.agent !== null) {
    const missing = needs[type].filter((capability) => !box.capabilities.includes(capability));
    if (missing.length > 0) return lacks(missing.map((name) => capabilities[name]));
    if (!box.types.includes(type)) return notSupported;
    // Of a box without an agent and without types nothing is known; what it is asked for waits for it.
  } else if (box.types.length > 0 && !box.types.includes(type)) return noEvent;
  if (!may.types.includes(type)) return notAllowed;
  return may.actsFor(box.customer) ? null : notForCustomer;
}
