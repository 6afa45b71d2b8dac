import { type ActionDefinition, defineAction } from '../action.ts';
import { AgentError } from '../errors.ts';
import type { PortalActionType } from '../protocol/params.ts';

/** What a portal's own page keeps and a box of ours does not have. They are known, so that a portal's event has a reason in the journal. */
export const updateEpg = unsupported(
  'EPG',
  'Loads the programme guide again.',
  'this box keeps no programme guide of its own that could be loaded again',
);

export const updateModules = unsupported(
  'MODULES',
  "Loads the list of the portal's modules again.",
  "this box's menu is not made of the portal's modules",
);

export const mountStorages = unsupported(
  'STORAGES',
  'Mounts the network storages of the portal.',
  'this box records nothing and mounts no network storages',
);

function unsupported<T extends PortalActionType>(type: T, summary: string, reason: string): ActionDefinition<T> {
  return defineAction({
    type,
    summary,
    result: { none: 'always refused' },
    capabilities: [],
    group: null,
    idempotent: true,
    unsupported: reason,
    deadlineMs: () => 1_000,
    run: () => Promise.reject(new AgentError('UNSUPPORTED', `${type.toLowerCase()}: ${reason}`)),
  });
}
