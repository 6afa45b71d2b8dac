import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Image } from '../../../packaging/vm/image.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { undoList } from '../../support/undo.ts';
import { until } from '../../support/until.ts';
import { type Accelerator, createDisk, startMachine } from './machine.ts';

/** How long a machine under KVM may take to say its first word; where KVM works that is a second or two. */
const probeMs = 30_000;

/**
 * KVM where it really works, else TCG: on some hosts `/dev/kvm` is there and every guest hangs, so a box is started for a trial.
 * What was found holds until this machine is started again.
 */
export async function chooseAccelerator(image: Image, print: (line: string) => void): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const file = join(dirname(image.directory), 'accelerator');
  const found = readFound(file);
  if (found[0] === boot) return found[1] as Accelerator;

  const works = await bootsUnderKvm(image);
  if (!works) print(`a box under KVM said nothing for ${probeMs / 1000} s; going on without KVM`);
  const accelerator = works ? 'kvm' : 'tcg';
  writeFileSync(file, `${boot} ${accelerator}`);
  return accelerator;
}

function readFound(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(' ');
  } catch {
    return [];
  }
}

async function bootsUnderKvm(image: Image): Promise<boolean> {
  const trial = undoList();
  try {
    const disk = join(temporaryDirectory(trial.after), 'disk.qcow2');
    createDisk(image.disk, disk);
    const machine = await startMachine({ disk, accelerator: 'kvm', after: trial.after });
    await until(() => machine.serial() !== '', 'a sign of life', probeMs, 100);
    return true;
  } catch {
    return false;
  } finally {
    await trial.all();
  }
}
