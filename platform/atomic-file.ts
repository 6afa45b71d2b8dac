import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, PlatformError } from './contract.ts';

/**
 * Replaces a file whole or not at all: a new file beside it, then a rename. `durable` also waits for the disk, so that
 * it survives a power cut of the host; without it, only of the process.
 */
export function writeAtomically(file: string, text: string, durable: boolean): void {
  const fresh = `${file}.new`;
  try {
    const descriptor = openSync(fresh, 'w', 0o600);
    try {
      writeSync(descriptor, text);
      if (durable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, file);
    if (durable) syncFolder(dirname(file));
  } catch (error) {
    rmSync(fresh, { force: true });
    const cause = messageOf(error);
    throw new PlatformError('STORAGE', `writing ${file}: ${cause}; free some space or mend the disk`, { cause: error });
  }
}

/** The rename is in the folder, so the folder has to reach the disk too. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
