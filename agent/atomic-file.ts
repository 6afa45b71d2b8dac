/** Small files of the state directory that are replaced whole. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes beside the file, flushes, renames, and flushes the directory: atomic on the file systems that boxes have. Only the owner can read it. Two
 * calls for one file must not overlap.
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await flushDirectory(file);
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function flushDirectory(file: string): Promise<void> {
  const directory = await open(dirname(file), 'r');
  await directory.sync().finally(() => directory.close());
}
