import type { Ministra } from '../../ministra/ministra.ts';
import { accountChanges } from './accounts.ts';
import { type Resource, requireIdentifier } from './request.ts';
import { viewAccount } from './views.ts';

/** USERS: as ACCOUNTS, by login or MAC, and one object instead of a list. */
export function users(ministra: Ministra): Resource {
  const rest = accountChanges(ministra, 'login');
  return {
    ...rest,
    get(request) {
      requireIdentifier(request, { single: true });
      return rest.find(request).map((box) => viewAccount(ministra, box))[0];
    },
  };
}
