import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { readCommand, runCommand } from '../../command.ts';
import { type Audio, type Missing, messageOf, PlatformError, type Power } from '../../contract.ts';
import type { Tv } from './cec.ts';
import type { Recollection } from './record.ts';
import type { Screens } from './screen-blank.ts';
import type { System } from './system.ts';

export type PowerParts = {
  recollection: Recollection;
  restarter: Restarter;
  screens: Screens;
  tv: Tv | undefined;
  /** What falls silent in standby. */
  audio: Audio | undefined;
  stopPlayback(): Promise<void>;
};

/** What takes the box down: program and arguments for each way. */
export type Restarter = { name: string; reboot: string[]; powerOff: string[] };

const timeoutMs = 30_000;

/** systemd where it runs, else the plain commands of a BusyBox or SysV init. */
export function findRestarter(system: System): Restarter | Missing {
  const systemctl = system.program('systemctl');
  if (systemctl !== undefined && system.exists('/run/systemd/system')) {
    return { name: 'systemd', reboot: [systemctl, 'reboot'], powerOff: [systemctl, 'poweroff'] };
  }
  const [reboot, poweroff] = ['reboot', 'poweroff'].map((name) => plainCommand(system, name));
  if (reboot && poweroff) return { name: 'the plain commands', reboot: [reboot], powerOff: [poweroff] };
  return {
    reason: 'systemd is not running, and there are no commands reboot and poweroff that work without it',
    cure: 'run the agent under systemd, or install an init that has them, as BusyBox',
  };
}

/** A command that is only another name of systemctl does nothing where systemd does not run. */
function plainCommand(system: System, name: string): string | undefined {
  const program = system.program(name);
  return program !== undefined && basename(realpathSync(program)) !== 'systemctl' ? program : undefined;
}

export function createPower(parts: PowerParts): Power {
  const { recollection, restarter, screens, tv, audio, stopPlayback } = parts;

  /** What the agent is about to do is on disk before it happens, as the reason of the next start. */
  const goDown = async ([program = '', ...args]: string[], going: 'reboot' | 'power') => {
    recollection.update({ going }, 'durable');
    try {
      await readCommand(program, args, { timeoutMs });
    } catch (error) {
      recollection.update({ going: undefined });
      throw error;
    }
  };

  const state = () => {
    const { standby } = recollection.current;
    if (standby === 'tv') return 'standby';
    return (screens.isDark() ?? standby === 'screen') ? 'standby' : 'on';
  };

  return {
    reboot: () => goDown(restarter.reboot, 'reboot'),
    powerOff: () => goDown(restarter.powerOff, 'power'),
    async standby() {
      if (state() === 'standby') return;
      const faults: unknown[] = [];
      const attempt = async (what: () => Promise<void> | void) => {
        try {
          await what();
          return true;
        } catch (error) {
          faults.push(error);
          return false;
        }
      };
      const dark = screens.names.length > 0 && (await attempt(() => screens.blank(true))) && screens.isDark() !== false;
      const slept = tv !== undefined && (await attempt(() => tv.standby()));
      if (!dark && !slept) throw noStandby(screens, tv, faults);
      recollection.update({ standby: dark ? 'screen' : 'tv' });
      await attempt(async () => audio?.setMuted(true));
      await attempt(stopPlayback);
    },
    async wake() {
      if (state() === 'on') return;
      recollection.update({ standby: undefined });
      screens.blank(false);
      await audio?.setMuted(false);
      // A TV that does not answer is off or gone; the box is awake all the same.
      await tv?.wake().catch(() => {});
    },
    state: async () => state(),
  };
}

function noStandby(screens: Screens, tv: Tv | undefined, faults: unknown[]): PlatformError {
  const tried = [...screens.names, ...(tv ? [tv.device] : [])];
  if (tried.length === 0) {
    return new PlatformError(
      'UNSUPPORTED',
      'standby: this box has no framebuffer, backlight or CEC device to switch off; set switch_off.mode = "poweroff"',
    );
  }
  const why = faults.map(messageOf);
  const reason = why.length > 0 ? why.join('; ') : 'the screen stayed lit: a compositor owns it';
  return new PlatformError(
    'DEVICE_FAILED',
    `standby by ${tried.join(' and ')}: ${reason}; set switch_off.mode = "poweroff" if this box cannot`,
    { cause: faults[0] },
  );
}

/** What systemd is about to do to the box, where somebody else has asked it to; for the reason of the next start. */
export async function shutdownUnderWay(system: System): Promise<'reboot' | 'power' | undefined> {
  const systemctl = system.program('systemctl');
  if (systemctl === undefined || !system.exists('/run/systemd/system')) return undefined;
  const jobs = await runCommand(systemctl, ['list-jobs', '--no-legend', '--plain'], { timeoutMs: 2_000 });
  return parseJobs(jobs.stdout);
}

/** `systemctl list-jobs`: number, unit, what is done to it, whether it is already. */
export function parseJobs(text: string): 'reboot' | 'power' | undefined {
  if (/^\s*\d+ (reboot|kexec|soft-reboot)\.target\s+start\b/m.test(text)) return 'reboot';
  return /^\s*\d+ (poweroff|halt)\.target\s+start\b/m.test(text) ? 'power' : undefined;
}
