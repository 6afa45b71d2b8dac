/**
 * The journal's reserve: space set aside beside it, for the few actions that may be what cures a full disk.
 *
 * INVARIANTS
 * - Only the journal gives it up, portion by portion as a write finds no room, and makes it whole again when there is room for it twice.
 * - Its bytes are random, written and synced: a file system that leaves out holes, or compresses what is all the same, has set the space
 *   aside nevertheless.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface JournalReserve {
  /** Hands a portion back to the file system; false when there is none left. */
  giveUp(): boolean;
  /** Makes it whole where there is room; says whether it is whole now. Never throws. */
  restore(): boolean;
}

export function openReserve(file: string, size: { bytes: number; portionBytes: number }): JournalReserve {
  let held = sizeOf(file);
  const cut = (bytes: number) => {
    truncateSync(file, bytes);
    held = bytes;
  };
  return {
    giveUp() {
      if (held === 0) return false;
      try {
        cut(Math.max(0, held - size.portionBytes));
        return true;
      } catch {
        return false;
      }
    },
    restore() {
      if (held >= size.bytes) return true;
      try {
        if (freeBytes(dirname(file)) < 2 * size.bytes) return false;
        append(file, size.bytes - held);
        held = size.bytes;
        return true;
      } catch {
        // Somebody else took the room meanwhile. What there was before is still there.
        if (sizeOf(file) > held) cut(held);
        return false;
      }
    },
  };
}

function append(file: string, bytes: number): void {
  const descriptor = openSync(file, 'a', 0o600);
  try {
    const content = randomBytes(bytes);
    for (let written = 0; written < bytes; ) written += writeSync(descriptor, content, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
