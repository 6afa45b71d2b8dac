/** This machine as a Linux box: its programs and devices, with a state directory of its own. */
import { onTestFinished } from 'vitest';
import type { BoxUnderTest, ConformanceCase, Fixtures } from '../../platform/conformance.ts';
import { conformance } from '../../platform/conformance.ts';
import type { Platform } from '../../platform/contract.ts';
import { type LinuxSettings, openLinux } from '../../platform/drivers/linux/index.ts';
import { temporaryDirectory } from './temporary.ts';
import type { After } from './undo.ts';

/** Opens it; what is not set is looked for on this machine. */
export async function openThisMachine(
  settings: Partial<LinuxSettings> = {},
  after: After = onTestFinished,
): Promise<Platform> {
  const platform = await openLinux(settingsOf(settings, temporaryDirectory(after)));
  after(() => platform.close());
  return platform;
}

/** The same for the conformance suite; it cannot be restarted. */
export async function openMachineUnderTest(
  settings: Partial<LinuxSettings>,
  fixtures: Omit<Fixtures, 'workDir'>,
): Promise<BoxUnderTest> {
  const all = settingsOf(settings, temporaryDirectory());
  let current = await openLinux(all);
  onTestFinished(() => current.close());
  const box: BoxUnderTest = {
    platform: current,
    fixtures: { workDir: temporaryDirectory(), ...fixtures },
    async reopen() {
      await current.close();
      current = await openLinux(all);
      box.platform = current;
      return current;
    },
  };
  return box;
}

/** The cases of these capabilities. */
export function conformanceOf(...names: ConformanceCase['capability'][]): ConformanceCase[] {
  return conformance.filter(({ capability }) => names.includes(capability));
}

/** The settings that it is opened with. */
export function settingsOf(settings: Partial<LinuxSettings>, stateDir: string): LinuxSettings {
  return {
    root: '/',
    stateDir,
    id: 'this-machine',
    speech: true,
    speechVoice: 'en',
    screenshotCommand: [],
    keysBy: 'auto',
    keySet: 'auto',
    keys: [],
    mpvOptions: [],
    shellPort: 22,
    ...settings,
  };
}
