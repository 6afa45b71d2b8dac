/** The two snapshots that tests start from: the booted box, made once for an image, and the box with the agent, made once for a run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, cpSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { hostTool } from '../../../packaging/vm/host-tools.ts';
import type { Image } from '../../../packaging/vm/image.ts';
import { undoList } from '../../support/undo.ts';
import { until } from '../../support/until.ts';
import { type Accelerator, createDisk, type Machine, machineArguments, startMachine } from './machine.ts';

/** The name of the snapshot with the agent installed and not yet started. */
export const installed = 'installed';
const booted = 'booted';

/** The box as it is a moment after its start, from the cache or by starting it once. Answers the disk that holds it. */
export async function bootedDisk(
  image: Image,
  accelerator: Accelerator,
  print: (line: string) => void,
): Promise<string> {
  const version = execFileSync(hostTool('qemu-system-x86_64'), ['--version'], { encoding: 'utf8' });
  const devices = machineArguments(accelerator).join(' ');
  const key = createHash('sha256').update(version).update(devices).digest('hex').slice(0, 12);
  const cached = join(image.directory, `booted-${accelerator}-${key}.qcow2`);
  if (existsSync(cached)) return cached;
  print(`starting the box once, with ${accelerator} …`);
  await derive(
    cached,
    (disk) => createDisk(image.disk, disk),
    async (disk, after) => {
      const machine = await startMachine({ disk, accelerator, after });
      await machine.guest.ready();
      await settled(machine);
      await machine.qmp.monitor(`savevm ${booted}`);
    },
  );
  return cached;
}

/** A copy of that disk in which `install` has been done, as the snapshot `installed`. */
export async function installedDisk(
  options: { booted: string; accelerator: Accelerator; directory: string },
  install: (machine: Machine) => Promise<void>,
): Promise<string> {
  const result = join(options.directory, 'installed.qcow2');
  await derive(
    result,
    (disk) => copyDisk(options.booted, disk),
    async (disk, after) => {
      const machine = await startMachine({ disk, accelerator: options.accelerator, snapshot: booted, after });
      await install(machine);
      await machine.qmp.monitor(`savevm ${installed}`);
    },
  );
  return result;
}

/** Copies a disk with its snapshots, without copying blocks where the file system can share them. */
export function copyDisk(from: string, to: string): void {
  cpSync(from, to, { mode: constants.COPYFILE_FICLONE });
}

/** Works on a file beside `target`, which appears only when all went well. */
async function derive(
  target: string,
  create: (disk: string) => void,
  work: (disk: string, after: (undo: () => void | Promise<void>) => void) => Promise<void>,
): Promise<void> {
  const undo = undoList();
  const disk = `${target}.${process.pid}`;
  try {
    create(disk);
    await work(disk, undo.after);
  } finally {
    await undo.all();
  }
  renameSync(disk, target);
}

/** Resolves when the system has nothing more to start. */
async function settled({ guest }: Machine): Promise<void> {
  const done = async () => (await guest.run('systemctl is-system-running --wait')).stdout.trim();
  await until(async () => ['running', 'degraded'].includes(await done()), 'the box to be up', 300_000, 500);
}
