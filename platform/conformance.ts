/**
 * The suite that every driver passes: what the platform contract promises, case by case. It needs no test runner: give each case
 * that applies a box and see that it resolves.
 *
 *     for (const each of conformance) {
 *       const reason = skips(each, box);
 *       if (reason === undefined) await each.run(box);
 *     }
 *
 * The cases switch the box off and on, turn its sound up, write its firmware: run them on a box that nobody watches.
 */
import { audio } from './conformance/audio.ts';
import type { BoxUnderTest, ConformanceCase } from './conformance/case.ts';
import { display } from './conformance/display.ts';
import { firmware } from './conformance/firmware.ts';
import { identity } from './conformance/identity.ts';
import { keys } from './conformance/keys.ts';
import { management } from './conformance/management.ts';
import { network } from './conformance/network.ts';
import { player } from './conformance/player.ts';
import { power } from './conformance/power.ts';
import { script } from './conformance/script.ts';
import { tuner } from './conformance/tuner.ts';
import { ui } from './conformance/ui.ts';
import { type CapabilityName, capabilityNames } from './contract.ts';

export type { BoxUnderTest, ConformanceCase, Fixtures } from './conformance/case.ts';

export const conformance: readonly ConformanceCase[] = [
  ...identity,
  ...power,
  ...audio,
  ...keys,
  ...display,
  ...player,
  ...tuner,
  ...ui,
  ...firmware,
  ...network,
  ...management,
  ...script,
];

/** Why a case cannot be run on this box, or undefined when it can. */
export function skips({ capability, needs = [] }: ConformanceCase, box: BoxUnderTest): string | undefined {
  for (const name of [capability, ...needs]) {
    if (isCapability(name)) {
      if (box.platform[name] === undefined) return `the box has no ${name}`;
    } else if (name === 'restarted') {
      if (box.restarted === undefined) return 'the harness cannot outlive a restart of the box';
    } else if (name !== 'identity' && name !== 'telemetry') {
      if (box.fixtures[name] === undefined) return `the harness offers no ${name}`;
    }
  }
  return undefined;
}

function isCapability(name: string): name is CapabilityName {
  return capabilityNames.some((each) => each === name);
}
