import { MinistraError } from '../../ministra/errors.ts';
import { ministraLimits } from '../../ministra/limits.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import type { Account } from '../../store/accounts.ts';
import { namedBoxes, type Resource, type RestRequest, requireFields } from './request.ts';

/** STB_MODULES: which modules a box does not show, and which it may not enter. */
export function stbModules(ministra: Ministra): Resource {
  const { fleet } = ministra;
  const { store } = fleet;
  const boxesOf = (request: RestRequest) => {
    const boxes = request.identifiers.length === 0 ? [] : namedBoxes(store, request);
    if (boxes.length === 0) throw new MinistraError('Empty stb list');
    return boxes;
  };

  return {
    get(request) {
      const [box, ...others] = boxesOf(request);
      if (box === undefined || others.length > 0) throw new MinistraError('Only one identifier allowed');
      return viewModules(store.accounts.of(box.id));
    },

    async update(request) {
      const boxes = boxesOf(request);
      requireFields(request, ['disabled', 'restricted']);
      const disabled = readModules(request, 'disabled');
      const restricted = readModules(request, 'restricted');
      store.transaction(() => {
        for (const { id } of boxes) {
          const account = store.accounts.of(id);
          store.accounts.put({
            ...account,
            disabledModules: disabled ?? account.disabledModules,
            restrictedModules: restricted ?? account.restrictedModules,
          });
        }
      });
      // Only a portal's own page has modules; a box that never came as one is not asked for what it does not have.
      const pages = boxes.map(({ id }) => id).filter((id) => store.portalBoxes.get(id) !== undefined);
      if (pages.length > 0) await fleet.schedule({ boxes: pages, type: 'MODULES', params: {}, createdBy: null });
      return viewModules(store.accounts.of(boxes[0]?.id ?? ''));
    },
  };
}

function viewModules({ disabledModules, restrictedModules }: Account) {
  return { disabled: disabledModules, restricted: restrictedModules };
}

/** A list as it was given: an empty name, which takes all back, stays in it. */
function readModules({ form }: RestRequest, name: string): string[] | undefined {
  if (!form.has(name)) return undefined;
  const modules = form.list(name);
  const limits = ministraLimits.modules;
  const isValid = modules.length <= limits.count && modules.every((module) => module.length <= limits.nameLength);
  if (!isValid) throw new MinistraError(`Not valid ${name}`);
  return modules;
}
