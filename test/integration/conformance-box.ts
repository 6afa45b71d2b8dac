import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxUnderTest, Fixtures } from '../../platform/conformance.ts';
import type { Platform } from '../../platform/contract.ts';
import { openSimulator, type SimulatorSettings } from '../../platform/drivers/simulator/index.ts';
import { until } from '../support/until.ts';

/** Changes a platform, for seeing that the suite notices. */
export type Wrap = (platform: Platform) => Platform;

/** A simulated box whose power cycles this process survives. */
export async function openBoxUnderTest(
  folder: string,
  fixtures: Fixtures,
  bundleKey: string,
  wrap: Wrap = (platform) => platform,
): Promise<BoxUnderTest & { close(): Promise<void> }> {
  let cycles = 0;
  const settings: SimulatorSettings = {
    stateFile: join(folder, 'box.json'),
    tvPort: 0,
    bootMs: 0,
    bundleKey,
    powerCycle: () => {
      cycles += 1;
    },
  };
  let current = await openSimulator(settings);

  const open = async () => {
    await current.close();
    const opening = openSimulator(settings);
    if (storedState(settings.stateFile).power === 'off') await pressPower(settings.stateFile);
    current = await opening;
    box.platform = wrap(current);
    return box.platform;
  };

  let seen = 0;
  const box: BoxUnderTest = {
    platform: wrap(current),
    fixtures,
    reopen: open,
    async restarted() {
      await until(() => cycles > seen, 'the power cycle', 1_500);
      seen = cycles;
      return open();
    },
  };
  return Object.assign(box, { close: () => current.close() });
}

/** Pushes the button of a box that is off, as somebody at its TV page does. */
async function pressPower(stateFile: string): Promise<void> {
  await until(async () => {
    const response = await fetch(`http://127.0.0.1:${storedState(stateFile).tvPort}/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"key":"POWER"}',
    });
    return response.ok;
  }, 'the TV page of the box that is off');
}

function storedState(file: string): { power: string; tvPort: number } {
  return JSON.parse(readFileSync(file, 'utf8'));
}
