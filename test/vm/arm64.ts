/**
 * The agent on another architecture: `node test/vm/arm64.ts` starts an arm64 box, installs the built agent, waits until the headend sees it,
 * and has it do what needs its native modules. Prints one line of JSON; ends with exit code 1 when anything of it fails. It takes some
 * minutes, ten more where the image is not made yet, and is meant for the night.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Arm64Image, ensureArm64Image } from '../../packaging/vm/arm64/image.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { installAgent } from './support/agent-install.ts';
import { benchWith } from './support/bench.ts';
import { createDisk, type MachineOptions, startMachine } from './support/machine.ts';
import { progressPrinter } from './support/prepare.ts';
import { unitProperty } from './support/unit.ts';
import { startWitness } from './support/witness.ts';

const undo = undoList();
const print = progressPrinter();
try {
  const image = await ensureArm64Image(print);
  execFileSync(process.execPath, [fileURLToPath(new URL('../../packaging/build.ts', import.meta.url))]);
  const disk = join(temporaryDirectory(undo.after), 'disk.qcow2');
  createDisk(image.disk, disk);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const machine = await startMachine({ disk, accelerator: 'tcg', hardware: hardware(image), after: undo.after });
  const { guest } = machine;
  await guest.ready();
  const upAfterSeconds = seconds();
  print('the box is up; installing the agent');
  await guest.setClock();
  await installAgent(machine);
  const bench = await benchWith(machine, undo.after);
  const installedAfterSeconds = seconds();
  await bench.startAgent();
  print('online');
  const onlineAfterSeconds = seconds();

  // better-sqlite3 keeps the journal, koffi the keys: both are binaries of this architecture.
  const device = (await guest.read(`grep -l 'stb-agent' /sys/class/input/event*/device/name`)).split('/')[4];
  const evtest = await startWitness(guest, 'keys', `evtest /dev/input/${device}`, 'Testing');
  assert.equal((await bench.carryOut('EMULATEKEYS', { keys: ['RED'] })).state, 'done');
  await evtest.hears(/KEY_RED\), value 0/);
  assert.equal((await bench.carryOut('VOLUME', { volume: 37 })).state, 'done');
  const rss = await guest.read(`awk '/^VmRSS/ {print $2}' /proc/${await unitProperty(guest, 'MainPID')}/status`);
  const figures = {
    architecture: (await guest.read('uname -m')).trim(),
    node: (await guest.read('/usr/lib/stb-agent/bin/node --version')).trim(),
    ...{ upAfterSeconds, installedAfterSeconds, onlineAfterSeconds },
    rssMb: Number(rss) / 1024,
    doctor: (await guest.run('stb-agent doctor')).stdout.split('\n').filter((line) => /^(ok|no)/.test(line)),
  };
  assert.equal(figures.architecture, 'aarch64');
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await undo.all();
}

/** QEMU's `virt`: the devices of the box, as far as its kernel has drivers for them. */
function hardware({ kernel, initrd }: Arm64Image): NonNullable<MachineOptions['hardware']> {
  const commandLine = 'root=/dev/vda rw quiet console=ttyAMA0 panic=3 net.ifnames=0';
  return {
    program: 'qemu-system-aarch64',
    args: [
      ...[
        '-machine',
        'virt',
        '-accel',
        'tcg,thread=multi,tb-size=512',
        '-cpu',
        'cortex-a72',
        '-smp',
        '2',
        '-m',
        '1024',
      ],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-device', 'virtio-gpu-pci'],
      ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=guest,name=org.qemu.guest_agent.0'],
      ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
      ...['-device', 'virtio-rng-pci', '-device', 'virtio-keyboard-pci'],
      ...['-device', 'intel-hda', '-device', 'hda-output,audiodev=sound'],
      ...['-device', 'virtio-blk-pci,drive=disk', '-kernel', kernel, '-initrd', initrd, '-append', commandLine],
    ],
  };
}
