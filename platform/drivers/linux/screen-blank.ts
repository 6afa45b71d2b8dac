/** The box's own screens: the framebuffer's blanking, a panel's backlight, and what the display driver says of both. */
import type { System } from './system.ts';

export type Screens = {
  /** `fb0`, `backlight intel`: what can be blanked. */
  readonly names: string[];
  /** Blanks or lights them all; throws what the kernel says. */
  blank(dark: boolean): void;
  /** Whether all are dark, by what the hardware says; undefined where it does not say. */
  isDark(): boolean | undefined;
};

/** linux/fb.h and linux/backlight.h: FB_BLANK_POWERDOWN and FB_BLANK_UNBLANK */
const [off, on] = ['4', '0'];

export function findScreens(system: System): Screens {
  const framebuffers = system.list('/sys/class/graphics').filter((name) => /^fb\d+$/.test(name));
  const backlights = system.list('/sys/class/backlight');
  const files = [
    ...framebuffers.map((name) => `/sys/class/graphics/${name}/blank`),
    ...backlights.map((name) => `/sys/class/backlight/${name}/bl_power`),
  ].filter(system.exists);
  return {
    names: [...framebuffers, ...backlights.map((name) => `backlight ${name}`)],
    blank(dark) {
      for (const file of files) system.write(file, dark ? off : on);
    },
    isDark() {
      const panels = backlights.map((name) => system.readLine(`/sys/class/backlight/${name}/bl_power`) !== on);
      const connectors = connected(system).map((at) => system.readLine(`${at}/dpms`) !== 'On');
      const all = [...panels, ...connectors];
      return all.length === 0 ? undefined : all.every((dark) => dark);
    },
  };
}

/** The display outputs that something is plugged into and that can say whether they are lit. */
function connected(system: System): string[] {
  return system
    .list('/sys/class/drm')
    .map((name) => `/sys/class/drm/${name}`)
    .filter((at) => system.readLine(`${at}/status`) === 'connected' && system.exists(`${at}/dpms`));
}
