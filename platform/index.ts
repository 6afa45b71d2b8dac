import { existsSync } from 'node:fs';
import { type OpenPlatform, type Platform, PlatformError } from './contract.ts';
import type { LinuxSettings } from './drivers/linux/settings.ts';
import type { SimulatorSettings } from './drivers/simulator/settings.ts';

/** The drivers, one line each. A driver is loaded only when it is used. */
const drivers = {
  simulator: async (settings: DriverSettings) =>
    (await import('./drivers/simulator/index.ts')).openSimulator(settings.simulator),
  linux: async (settings: DriverSettings) => (await import('./drivers/linux/index.ts')).openLinux(settings.linux),
} satisfies Record<string, OpenPlatform<DriverSettings>>;

/** What each driver is configured with. */
export type DriverSettings = { simulator: SimulatorSettings; linux: LinuxSettings };

/** Opens the box with the named driver; `auto` takes the one that fits the hardware. Throws UNSUPPORTED where there is none. */
export async function openPlatform(name: string, settings: DriverSettings): Promise<Platform> {
  const chosen = name === 'auto' ? detect() : name;
  if (!Object.hasOwn(drivers, chosen)) {
    const known = Object.keys(drivers).join(', ');
    throw new PlatformError(
      'UNSUPPORTED',
      `no driver ${chosen} in this version; set platform.driver to one of: ${known}`,
    );
  }
  return drivers[chosen as keyof typeof drivers](settings);
}

/** The driver that fits the hardware: an RDK box has its device properties, everything else is a Linux box. */
function detect(): string {
  return existsSync('/etc/device.properties') ? 'rdk' : 'linux';
}
