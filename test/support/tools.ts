import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program of the system. Throws with the Debian package that has it when it is not there. */
export function need(program: string, debianPackage: string): string {
  for (const directory of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const file = join(directory, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this directory.
    }
  }
  throw new Error(`${program} is not installed; install it with: apt-get install ${debianPackage}`);
}
