import { ApiError } from '../errors.ts';
import type { Action } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import type { FleetEvents } from './events.ts';

/** Cancels an action: at once when no box has seen it, else by asking the box. Throws 409 when it has ended. */
export function createCancel(parts: {
  store: Store;
  events: FleetEvents;
  wake(box: string): void;
}): (id: string) => Action {
  const { store, events } = parts;

  return (id) => {
    const before = store.actions.get(id);
    if (before === undefined) throw new ApiError(404, 'id', 'Not found');
    const now = Date.now();
    const isRead = before.state === 'delivered' && before.portalEvent !== null;
    const cancelled = isRead
      ? store.portalEvents.withdraw(id, now)
      : store.transaction(() => store.actions.cancelUnsent(id, now) || store.actions.askCancel(id));
    const action = store.actions.get(id) ?? before;
    if (!cancelled && isRead)
      throw new ApiError(409, 'state', 'The box has read it, and its portal takes nothing back');
    if (!cancelled) throw new ApiError(409, 'state', `The action has ended already: it is ${action.state}`);
    events.publish({ event: 'action', box: action.box, action: id });
    parts.wake(action.box);
    return action;
  };
}
