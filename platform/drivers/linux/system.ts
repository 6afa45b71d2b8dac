/** The box's files and programs, all under one root that tests can move. */
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type System = {
  /** `/` on a box. */
  readonly root: string;
  /** Where an absolute path really is. */
  path(path: string): string;
  /** The text of a file, undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** The first line of a file without white space around it, as sysfs has its figures; undefined when it is empty. */
  readLine(path: string): string | undefined;
  /** The names in a folder, sorted; none when there is no such folder. */
  list(path: string): string[];
  exists(path: string): boolean;
  /** Writes to a file that is there, as to one of sysfs. Throws what the kernel says. */
  write(path: string, text: string): void;
  /** The path of an installed program, undefined when there is none. */
  program(name: string): string | undefined;
};

/** Where programs are looked for, whatever the agent's own environment says. */
const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export function createSystem(root = '/'): System {
  const path = (absolute: string) => join(root, absolute);
  const read = (file: string) => {
    try {
      return readFileSync(path(file), 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    root,
    path,
    read,
    // Strings of the device tree end with a NUL.
    readLine: (file) => read(file)?.split('\n')[0]?.replaceAll('\0', '').trim() || undefined,
    list(folder) {
      try {
        return readdirSync(path(folder)).sort();
      } catch {
        return [];
      }
    },
    exists: (file) => existsSync(path(file)),
    write(file, text) {
      writeFileSync(path(file), text, { flag: 'r+' });
    },
    program: (name) => searchPath.map((folder) => path(join(folder, name))).find(isExecutable),
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
