/** One virtual box: QEMU with the devices of a set-top box, on loopback only, gone with the process that started it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostTool, hostTool } from '../../../packaging/vm/host-tools.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import type { After } from '../../support/undo.ts';
import { type Guest, openGuest } from './guest-agent.ts';
import { openQmp, type Qmp } from './qmp.ts';

export type Accelerator = 'kvm' | 'tcg';

export type Machine = {
  readonly pid: number;
  readonly qmp: Qmp;
  readonly guest: Guest;
  /** Where its files are: `sound.wav` holds what came out of the sound card. */
  readonly directory: string;
  /** Everything the box has written to its serial line: the boot loader, the kernel, the system's log. */
  serial(): string;
  /** The whole machine, memory and disk, as `snapshot` holds it, with the right time. */
  restore(snapshot: string): Promise<void>;
  /** Resolves when QEMU has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export type MachineOptions = {
  /** Written to; `createDisk` makes one. */
  disk: string;
  accelerator: Accelerator;
  /** The snapshot in the disk to start from; without it the machine boots. */
  snapshot?: string;
  /** Another machine than the box: QEMU's program for it, and its devices. */
  hardware?: { program: HostTool; args: string[] };
  /** Ends it. */
  after: After;
};

/** The devices. A snapshot can be restored only into the very same ones, so it is cached under the hash of this. */
export function machineArguments(accelerator: Accelerator): string[] {
  const accel = accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=512';
  return [
    ...['-machine', 'q35', '-accel', accel, '-cpu', 'max', '-smp', '2', '-m', '1024'],
    ...['-smbios', 'type=1,manufacturer=stb-agent,product=STB-VM,serial=STBVM0001'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'std'],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=guest,name=org.qemu.guest_agent.0'],
    ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-device', 'virtio-rng-pci', '-device', 'virtio-keyboard-pci'],
    ...['-device', 'intel-hda', '-device', 'hda-output,audiodev=sound'],
    ...['-device', 'i6300esb', '-action', 'watchdog=reset,panic=none', '-device', 'pvpanic-pci'],
    ...['-device', 'virtio-blk-pci,drive=disk,bootindex=0'],
  ];
}

/** Makes a disk of its own over `base`, which is never written to. */
export function createDisk(base: string, disk: string): void {
  execFileSync(hostTool('qemu-img'), ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', disk]);
}

/** Starts the machine; resolves when QEMU answers, and with a snapshot when the box does. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { disk, accelerator, snapshot, after } = options;
  const hardware = options.hardware ?? { program: 'qemu-system-x86_64', args: machineArguments(accelerator) };
  const directory = temporaryDirectory(after);
  const file = (name: string) => join(directory, name);
  const output = openSync(file('output'), 'w');
  const args = [
    ...hardware.args,
    ...['-serial', `file:${file('serial')}`, '-qmp', `unix:${file('qmp')},server=on,wait=off`],
    ...['-chardev', `socket,id=guest,path=${file('guest')},server=on,wait=off`],
    ...['-audiodev', `wav,id=sound,path=${file('sound.wav')}`],
    ...['-drive', `if=none,id=disk,file=${disk},format=qcow2,cache=unsafe`],
    ...(snapshot === undefined ? [] : ['-loadvm', snapshot]),
  ];
  // The kernel ends QEMU with the process that started it, however that ended.
  const qemu = spawn(hostTool('setpriv'), ['--pdeathsig', 'KILL', '--', hostTool(hardware.program), ...args], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(qemu, 'close').then(() => {});
  const stop = async () => {
    qemu.kill('SIGKILL');
    await ended;
  };
  after(stop);

  const failed = ended.then(() => {
    throw new Error(`QEMU ended at once:\n${readFileSync(file('output'), 'utf8')}`);
  });
  const started = Promise.all([openQmp(file('qmp')), openGuest(file('guest'))]);
  const [qmp, guest] = await Promise.race([started, failed]);
  const machine: Machine = {
    pid: qemu.pid ?? 0,
    qmp,
    guest,
    directory,
    serial: () => (existsSync(file('serial')) ? readFileSync(file('serial'), 'utf8') : ''),
    async restore(name) {
      await qmp.monitor(`loadvm ${name}`);
      await greet(guest);
    },
    ended,
    stop,
  };
  if (snapshot !== undefined) await greet(guest);
  return machine;
}

async function greet(guest: Guest): Promise<void> {
  await guest.ready();
  await guest.setClock();
}
