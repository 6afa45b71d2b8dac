import type { Duplex } from 'node:stream';
import type { CapabilityName, Missing, Platform } from '../../contract.ts';
import { createAudio } from './audio.ts';
import type { Box } from './box.ts';
import { readBundleKey } from './bundle.ts';
import { canDraw, createDisplay } from './display.ts';
import type { Faults } from './faults.ts';
import { createFirmware } from './firmware.ts';
import { createKeys } from './keys.ts';
import { createManagement } from './management.ts';
import { createNetwork } from './network.ts';
import type { Playback } from './playback.ts';
import { createPlayer } from './player.ts';
import { createPower, type PowerSupply } from './power.ts';
import type { Remote } from './remote.ts';
import { createScript } from './script.ts';
import { createTuner } from './tuner.ts';
import { createUi } from './ui.ts';

export type Capabilities = { -readonly [C in CapabilityName]?: NonNullable<Platform[C]> };
export type Parts = {
  box: Box;
  faults: Faults;
  playback: Playback;
  power: PowerSupply;
  remote: Remote;
  /** The process groups of running scripts. */
  groups: Set<number>;
  /** What answers at the box's end of a management tunnel. */
  serveConsole: (stream: Duplex) => void;
};

/** The capabilities this box has, and why it lacks the others. */
export function createCapabilities({ box, faults, playback, power, remote, groups, serveConsole }: Parts) {
  const capabilities: Capabilities = {
    power: createPower(box, faults, power),
    audio: createAudio(box, faults),
    keys: createKeys(box, faults, remote),
    player: createPlayer(faults, playback),
    tuner: createTuner(box, faults, playback),
    ui: createUi(box, faults, remote, power),
    network: createNetwork(faults),
    management: createManagement(box, faults, serveConsole),
    script: createScript(box, faults, groups),
  };
  const missing: Partial<Record<CapabilityName, Missing>> = {};
  if (canDraw()) capabilities.display = createDisplay(box, faults);
  else {
    missing.display = {
      reason: 'the drawing library @napi-rs/canvas is not installed',
      cure: 'run npm install without --omit=optional',
    };
  }
  const { bundleKey } = box.settings;
  if (bundleKey !== undefined) capabilities.firmware = createFirmware(box, faults, readBundleKey(bundleKey));
  else {
    missing.firmware = {
      reason: 'there is no key to check firmware bundles with',
      cure: "name the public key's PEM file in the configuration as platform.simulator.bundle_key_file",
    };
  }
  for (const name of box.settings.lacks ?? []) {
    delete capabilities[name];
    missing[name] = {
      reason: "left out by the simulator's settings",
      cure: `remove ${name} from platform.simulator.lacks`,
    };
  }
  return { capabilities, missing };
}
