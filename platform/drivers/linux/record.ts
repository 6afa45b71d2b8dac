/**
 * What must be remembered of the box when the agent is started again.
 *
 * INVARIANT: nothing waits for it and nothing fails with it. It makes reports better; a full disk must not keep a box from being
 * restarted.
 */
import { readFileSync } from 'node:fs';
import { writeAtomically } from '../../atomic-file.ts';

export type BoxRecord = {
  /** The start of the box that the next ones belong to. */
  bootId?: string;
  /** Why it started then. */
  bootReason?: string;
  /** What the agent was about to do to it. */
  going?: 'reboot' | 'power';
  /** What was put to sleep: a screen that can say so, or only the TV. */
  standby?: 'screen' | 'tv';
  /** Crash records that were there already, as path and time. */
  crashes?: string[];
  /** The last volume that was asked for, and the control's own figure for it. */
  volume?: { percent: number; raw: string };
  /** The volume to come back to, where muting had to turn it down. */
  mutedFrom?: number;
  /** The slot that was installed and not confirmed yet; a slot that was given up. */
  trialSlot?: string;
  givenUpSlot?: string;
  /** The mark of the script that runs. */
  script?: string;
};

export type Recollection = {
  readonly current: Readonly<BoxRecord>;
  /** Replaces these fields; undefined takes one away. `durable` waits for the disk. Never throws; false when it could not be stored. */
  update(patch: { [F in keyof BoxRecord]?: BoxRecord[F] | undefined }, durable?: 'durable'): boolean;
};

export function openRecollection(file: string): Recollection {
  let current = read(file);
  return {
    get current() {
      return current;
    },
    update(patch, durable) {
      const next = JSON.stringify({ ...current, ...patch });
      if (next === JSON.stringify(current)) return true;
      current = JSON.parse(next);
      try {
        writeAtomically(file, next, durable === 'durable');
        return true;
      } catch {
        // See the invariant: the agent goes on with what it has in memory.
        return false;
      }
    },
  };
}

function read(file: string): BoxRecord {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
