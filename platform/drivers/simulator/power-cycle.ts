import type { PowerCycle } from './settings.ts';

/**
 * Replaces the process by a fresh start of itself, under the same pid and with nothing cleaned up: what a power cycle is to a
 * program. So every simulated reboot proves recovery. Where Node has no execve (before 22.15), the process ends with code 75
 * (EX_TEMPFAIL of sysexits.h), for a supervisor to start it again.
 */
export const cyclePower: PowerCycle = () => {
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env);
  process.exit(75);
};
