/** This start of the box: its id, and why it came about. */
import { statSync } from 'node:fs';
import { PlatformError } from '../../contract.ts';
import type { BoxRecord, Recollection } from './record.ts';
import type { System } from './system.ts';

/** linux/watchdog.h: the card has reset the box since it was last asked. */
const WDIOF_CARDRESET = 0x20;
/** Where the kernel leaves its last words, and where systemd-pstore(8) moves them. */
const crashFolders = ['/sys/fs/pstore', '/var/lib/systemd/pstore'];

/** The kernel's boot id. */
export function readBootId(system: System): string {
  const file = '/proc/sys/kernel/random/boot_id';
  const id = system.readLine(file);
  if (id !== undefined) return id;
  throw new PlatformError('DEVICE_FAILED', `reading ${system.path(file)}: there is no boot id; is /proc mounted?`);
}

/** Finds out why the box started, once for each start, and remembers it for when only the agent starts again. */
export function noteBoot(system: System, recollection: Recollection): string | undefined {
  const bootId = readBootId(system);
  const before = recollection.current;
  if (before.bootId === bootId) return before.bootReason;
  const crashes = findCrashes(system);
  const bootReason = bootReasonOf({
    before,
    crashed: crashes.some((crash) => !before.crashes?.includes(crash)),
    watchdog: watchdogBit(system),
  });
  const over = { going: undefined, standby: undefined, givenUpSlot: undefined };
  // Once for each start, and at once on the disk: the power may be cut again.
  recollection.update({ bootId, bootReason, crashes, ...over }, 'durable');
  return bootReason;
}

/**
 * The likeliest reason. A fresh crash record is the hardest evidence; our own intent comes before the watchdog, because many
 * boxes reboot by letting it bite; and what nothing explains was the mains. Undefined at the first start of all.
 */
export function bootReasonOf(evidence: {
  before: BoxRecord;
  crashed: boolean;
  watchdog: boolean;
}): 'power' | 'reboot' | 'watchdog' | 'crash' | undefined {
  const { before, crashed, watchdog } = evidence;
  const firstStart = before.bootId === undefined;
  if (crashed && !firstStart) return 'crash';
  if (before.going !== undefined) return before.going;
  if (watchdog) return 'watchdog';
  return firstStart ? undefined : 'power';
}

/** Each record of a crash as path and time, so that an old one is known again. */
function findCrashes(system: System): string[] {
  return crashFolders.flatMap((folder) =>
    system.list(folder).map((name) => {
      const path = `${folder}/${name}`;
      try {
        return `${path} ${Math.round(statSync(system.path(path)).mtimeMs)}`;
      } catch {
        return path;
      }
    }),
  );
}

function watchdogBit(system: System): boolean {
  return system
    .list('/sys/class/watchdog')
    .some((name) => (Number(system.readLine(`/sys/class/watchdog/${name}/bootstatus`) ?? 0) & WDIOF_CARDRESET) !== 0);
}
