import type { Identity } from '../../contract.ts';
import type { Box } from './box.ts';

/** Who the box is. A process lives within one start of the box, so what changes only at a start is read once. */
export function createIdentity(box: Box): Identity {
  const { id, mac, model, bootId, bootReason, slots, running } = box.state;
  const serial = `SIM${id.slice(0, 8).toUpperCase()}`;
  const firmware = slots[running].version ?? 'none';
  return {
    read: async () => ({ id, mac, model, serial, firmware, bootReason }),
    bootId: async () => bootId,
  };
}
