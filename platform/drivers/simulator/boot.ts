import { randomUUID } from 'node:crypto';
import type { BootReason, BoxState, SlotName } from './state.ts';

/**
 * What the boot loader does at a start of the box: a new boot id, and the slot to run. A slot on trial gets one start; when
 * the next one comes and nobody has confirmed it, it is given up and the other slot runs.
 */
export function bootUp(state: BoxState, reason: BootReason): BoxState {
  const slots = structuredClone(state.slots);
  let running = state.next;
  if (slots[running].state === 'trial' && slots[running].tried) slots[running].state = 'bad';
  if (slots[running].state === 'bad' || slots[running].state === 'empty') running = otherSlot(running);
  if (slots[running].state === 'trial') slots[running].tried = true;
  return {
    ...state,
    bootId: randomUUID(),
    bootCount: state.bootCount + 1,
    bootReason: reason,
    bootedAt: Date.now(),
    booting: true,
    power: 'on',
    mains: true,
    // A box comes back on the channel it was on; a video that an operator sent does not come again.
    playing: state.playing?.kind === 'video' ? null : state.playing,
    slots,
    running,
    next: running,
  };
}

export function otherSlot(slot: SlotName): SlotName {
  return slot === 'A' ? 'B' : 'A';
}

/** A sentence about a fall back, where this start was one. */
export function fallBackOf(before: BoxState, after: BoxState): string | undefined {
  if (after.running === before.next) return undefined;
  const given = before.slots[before.next].version;
  return `Gave up slot ${before.next} (${given}) and fell back to ${after.running} (${after.slots[after.running].version}).`;
}
