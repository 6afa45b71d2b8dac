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

/** Opens the box with the named driver. `auto` is `linux`, for every box that this version knows is one. Throws UNSUPPORTED where there is none. */
export async function openPlatform(name: string, settings: DriverSettings): Promise<Platform> {
  const chosen = name === 'auto' ? 'linux' : name;
  if (!Object.hasOwn(drivers, chosen)) {
    const known = Object.keys(drivers).join(', ');
    throw new PlatformError(
      'UNSUPPORTED',
      `no driver ${chosen} in this version; set platform.driver to one of: ${known}`,
    );
  }
  return drivers[chosen as keyof typeof drivers](settings);
}
