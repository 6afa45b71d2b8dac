/**
 * What the simulated box keeps in its flash memory: one JSON file, replaced atomically. What is only on the screen is in
 * `box.ts` and is gone when the process is.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from '../../atomic-file.ts';
import { type DvbService, messageOf, PlatformError, type Source } from '../../contract.ts';
import type { BundleBehaviour } from './bundle.ts';
import type { Fault } from './faults.ts';
import type { SimulatorSettings } from './settings.ts';

export type BoxState = {
  format: 1;
  id: string;
  mac: string;
  model: string;
  name: string;
  bootId: string;
  bootCount: number;
  bootReason: BootReason;
  /** Wall time in milliseconds of the last start of the box. */
  bootedAt: number;
  /** The box has started but the boot logo has not been seen to its end. */
  booting: boolean;
  power: 'on' | 'standby' | 'off';
  /** Whether the mains switch is on; without it the remote control cannot wake the box. */
  mains: boolean;
  volume: number;
  muted: boolean;
  playing: Source | null;
  /** The channels it was ever asked to play, for the channel keys; the newest asked for last. */
  channels: Source[];
  services: DvbService[];
  slots: Record<SlotName, StoredSlot>;
  /** The slot that runs, and the one the next start takes. */
  running: SlotName;
  next: SlotName;
  faults: Fault[];
  /** The one-shot faults of the environment that have happened, as JSON. */
  fired: string[];
  /** The TV page's port when last opened, so that a browser finds it again after a reboot. */
  tvPort: number | null;
};

export type BootReason = 'power' | 'reboot' | 'watchdog' | 'crash';
export type SlotName = 'A' | 'B';
export type StoredSlot = {
  version: string | null;
  state: 'good' | 'trial' | 'bad' | 'empty';
  /** A trial slot that has been started once; the next start gives it up. */
  tried: boolean;
  behaviour: BundleBehaviour;
};

/** Reads the state file, or makes a new box where there is none. The settings' own id, MAC, model and name win. */
export function loadState(settings: SimulatorSettings): BoxState {
  mkdirSync(dirname(settings.stateFile), { recursive: true });
  const state = existsSync(settings.stateFile) ? readState(settings.stateFile) : newState(settings);
  const { id = state.id, mac = state.mac, model = state.model, name = state.name } = settings;
  return { ...state, id, mac: mac.toUpperCase(), model, name };
}

export function saveState(file: string, state: BoxState, durable: boolean): void {
  writeAtomically(file, textOf(state), durable);
}

/** Whether the file holds this state: then a start needs no room on the disk. */
export function isSaved(file: string, state: BoxState): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === textOf(state);
}

function textOf(state: BoxState): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

function readState(file: string): BoxState {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8'));
    if (state?.format !== 1) throw new Error(`format ${state?.format}, expected 1`);
    return state;
  } catch (error) {
    const reason = messageOf(error);
    throw new PlatformError(
      'STORAGE',
      `reading the simulated box's state from ${file}: ${reason}; delete the file to make a new box`,
      { cause: error },
    );
  }
}

function newState(settings: SimulatorSettings): BoxState {
  const id = settings.id ?? randomBytes(12).toString('hex');
  return {
    format: 1,
    id,
    mac: macOf(id),
    model: 'SIM250',
    name: `Box ${id.slice(-4)}`,
    bootId: randomUUID(),
    bootCount: 1,
    bootReason: 'power',
    bootedAt: Date.now(),
    booting: true,
    power: 'on',
    mains: true,
    volume: 40,
    muted: false,
    playing: null,
    channels: [],
    services: [],
    slots: {
      A: { version: '1.0.0', state: 'good', tried: true, behaviour: 'healthy' },
      B: { version: null, state: 'empty', tried: false, behaviour: 'healthy' },
    },
    running: 'A',
    next: 'A',
    faults: [],
    fired: [],
    tvPort: null,
  };
}

/** A MAC address of the maker whose boxes the simulator stands in for (Infomir's prefix 00:1A:79), the rest from the id. */
function macOf(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').toUpperCase();
  return `00:1A:79:${hash.slice(0, 2)}:${hash.slice(2, 4)}:${hash.slice(4, 6)}`;
}
