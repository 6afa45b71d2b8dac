/** What the build and the tests of the virtual box need of this machine, and the Debian package that has each. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  debugfs: 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  resize2fs: 'e2fsprogs',
  sgdisk: 'gdisk',
  'grub-mkimage': 'grub-common',
  'grub-editenv': 'grub-common',
  openssl: 'openssl',
  rauc: 'rauc',
  mksquashfs: 'squashfs-tools',
  setpriv: 'util-linux',
  'qemu-img': 'qemu-utils',
  'qemu-system-x86_64': 'qemu-system-x86',
} as const;
/** And for the arm64 box, which is started without a boot loader. */
const arm64Programs = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  depmod: 'kmod',
  'arch-test': 'arch-test',
  'update-binfmts': 'binfmt-support',
  'qemu-aarch64-static': 'qemu-user-static',
  setpriv: 'util-linux',
  'qemu-img': 'qemu-utils',
  'qemu-system-aarch64': 'qemu-system-arm',
} as const;
const files = { '/usr/lib/grub/i386-pc/boot.img': 'grub-pc-bin' } as const;

export type HostTool = keyof typeof programs | keyof typeof arm64Programs;

/** Throws with the one command that installs all that is missing. */
export function checkHostTools(box: 'amd64' | 'arm64' = 'amd64'): void {
  const missing = new Set<string>();
  for (const [program, debianPackage] of Object.entries(box === 'arm64' ? arm64Programs : programs))
    if (!find(program)) missing.add(debianPackage);
  if (box === 'amd64')
    for (const [file, debianPackage] of Object.entries(files)) if (!existsSync(file)) missing.add(debianPackage);
  if (missing.size === 0) return;
  const names = [...missing].join(' ');
  throw new Error(`the virtual box needs Debian packages that are not installed here; install them with:
  apt-get install --no-install-recommends ${names}`);
}

/** The path of a program; throws with the Debian package that has it. */
export function hostTool(program: HostTool): string {
  const path = find(program);
  if (path) return path;
  throw new Error(
    `${program} is not installed; install it with: apt-get install ${{ ...programs, ...arm64Programs }[program]}`,
  );
}

function find(program: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path));
}
