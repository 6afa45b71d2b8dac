import type { CapabilityName } from '../../contract.ts';

/** The simulator's section of the configuration, with every default already filled in by whoever opens the box. */
export type SimulatorSettings = {
  /** The JSON file that is the box's flash memory; its folder also holds the event log and the firmware slots. */
  stateFile: string;
  /** The TV page's port on 127.0.0.1; 0 takes any free one, and the same again after a reboot; undefined makes no page. */
  tvPort: number | undefined;
  /** How long the boot logo shows. */
  bootMs: number;
  /** Who the box is. What is left out is made once and kept in the state file. */
  id?: string;
  mac?: string;
  model?: string;
  name?: string;
  /** Capabilities this box is to be without, for trying what UNSUPPORTED does. */
  lacks?: CapabilityName[];
  /** PEM of the Ed25519 public key that firmware bundles must be signed with; without it the box takes no firmware. */
  bundleKey?: string;
  /** Ends the wait for the power button or the boot, when the agent is told to stop meanwhile. */
  signal?: AbortSignal;
  /** What a power cycle does to this process; by default it replaces itself with a new one, see `power-cycle.ts`. */
  powerCycle?: PowerCycle;
  /** What a `kill` fault does; by default SIGKILL. */
  kill?: () => void;
};

export type PowerCycle = (kind: 'reboot' | 'poweroff' | 'cut') => void;
