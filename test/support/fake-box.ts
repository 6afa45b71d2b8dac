/** A box that is a folder: files as /proc, /sys, /dev and /etc have them, and programs that are shell scripts. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LinuxSettings } from '../../platform/drivers/linux/settings.ts';
import { createSystem, type System } from '../../platform/drivers/linux/system.ts';
import { temporaryDirectory } from './temporary.ts';

export type FakeBox = {
  readonly root: string;
  readonly system: System;
  readonly settings: LinuxSettings;
  /** Writes a file, with its folders. */
  put(path: string, text: string): void;
  get(path: string): string;
  /** Installs a program: a shell script, which may use `$ROOT`; each call is noted. */
  program(name: string, script?: string): void;
  link(path: string, target: string): void;
  /** The arguments of each call of any program, oldest first: `amixer -M scontents`. */
  calls(): string[];
};

export function fakeBox(files: Record<string, string> = {}): FakeBox {
  const root = temporaryDirectory();
  const log = join(root, 'calls');
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ '/proc/sys/kernel/random/boot_id': 'boot-1\n', ...files }))
    put(path, text);
  return {
    root,
    system: createSystem(root),
    settings: {
      root,
      stateDir: join(root, 'state'),
      speech: true,
      speechVoice: 'en',
      screenshotCommand: [],
      keysBy: 'auto',
      keySet: 'auto',
      keys: [],
      mpvOptions: [],
      shellPort: 22,
    },
    put,
    get: (path) => readFileSync(join(root, path), 'utf8'),
    program(name, script = '') {
      const file = join(root, 'usr/bin', name);
      mkdirSync(dirname(file), { recursive: true });
      const note = `printf '%s\\n' "${name}\${*:+ }$*" >> '${log}'`;
      writeFileSync(file, `#!/bin/sh\nROOT='${root}'\n${note}\n${script}\n`, { mode: 0o755 });
    },
    link(path, target) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(target, join(root, path));
    },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}
