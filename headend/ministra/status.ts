import type { Box } from '../store/boxes.ts';
import type { Store } from '../store/store.ts';
import type { Ministra } from './ministra.ts';

/** Whether the operator has a box switched on, by any of the APIs. */
export function isOn(store: Store, box: Box): boolean {
  return box.enabled && !store.accounts.of(box.id).cutOff;
}

/**
 * Switches a box on or off. It is told by CUT_OFF or CUT_ON, which never expire, and is told nothing where it knows: CUT_ON also ends a CUT_OFF that came
 * without a status, as Ministra's `send_event` sends it.
 */
export async function switchBox({ fleet }: Ministra, box: Box, on: boolean): Promise<void> {
  const { store } = fleet;
  const isNews = store.transaction(() => {
    const account = store.accounts.of(box.id);
    const known = store.boxes.get(box.id);
    if (known === undefined) return false;
    if (on && !known.enabled) store.boxes.update(known.id, { ...known, enabled: true });
    if (account.cutOff === on) store.accounts.put({ ...account, cutOff: !on });
    return on ? account.cutOff || store.portalEvents.isToldCutOff(box.id) : !account.cutOff;
  });
  if (!isNews) return;
  // Also where the same one waits: between it and this stands its opposite.
  const type = on ? 'CUT_ON' : 'CUT_OFF';
  await fleet.schedule({ boxes: [box.id], type, params: {}, createdBy: null, always: true });
}
