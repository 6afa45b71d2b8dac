import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureImage, type Image } from '../../../packaging/vm/image.ts';
import { chooseAccelerator } from './accelerator.ts';
import { installAgent } from './agent-install.ts';
import type { Accelerator } from './machine.ts';
import { bootedDisk, installedDisk } from './snapshots.ts';

/** What a bench is opened with. */
export type Prepared = {
  image: Image;
  accelerator: Accelerator;
  /** With the snapshot in which the agent is installed. */
  disk: string;
};

const buildScript = fileURLToPath(new URL('../../../packaging/build.ts', import.meta.url));

/** The image, the booted box, and in it, on a disk in `directory`, the agent as it is built now. */
export async function prepare(directory: string, print: (line: string) => void): Promise<Prepared> {
  const image = await ensureImage(print);
  const accelerator = await chooseAccelerator(image, print);
  const booted = await bootedDisk(image, accelerator, print);
  print('installing the agent …');
  execFileSync(process.execPath, [buildScript]);
  const disk = await installedDisk({ booted, accelerator, directory }, installAgent);
  return { image, accelerator, disk };
}

/** Prints to standard error, with the time since the call. */
export function progressPrinter(): (line: string) => void {
  const startedAt = performance.now();
  return (line) =>
    void process.stderr.write(`vm: ${line} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)\n`);
}
