/** RAUC bundles, made with RAUC's own tool on this machine. */
import { execFileSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hostTool } from '../../../packaging/vm/host-tools.ts';

export type BundleOptions = {
  /** The bundle, and beside it a directory of the same name while it is made. */
  target: string;
  /** The file system for the slot. */
  slot: string;
  version: string;
  compatible?: string;
  key: string;
  certificate: string;
  /** A shell script that RAUC runs in the box when the slot has been written; the slot is mounted at $RAUC_SLOT_MOUNT_POINT. */
  afterwards?: string;
};

/** Makes and signs a bundle. */
export function makeBundle(options: BundleOptions): void {
  const { target, slot, version, compatible = 'stb-vm', key, certificate, afterwards } = options;
  const content = `${target}.content`;
  mkdirSync(content);
  linkSync(slot, join(content, 'slot.ext4'));
  const manifest = [
    '[update]',
    `compatible=${compatible}`,
    `version=${version}`,
    '[bundle]',
    'format=verity',
    ...(afterwards === undefined ? [] : ['[hooks]', 'filename=hook.sh']),
    '[image.rootfs]',
    'filename=slot.ext4',
    ...(afterwards === undefined ? [] : ['hooks=post-install']),
  ];
  writeFileSync(join(content, 'manifest.raucm'), `${manifest.join('\n')}\n`);
  if (afterwards !== undefined) writeFileSync(join(content, 'hook.sh'), `#!/bin/sh\n${afterwards}\n`, { mode: 0o755 });
  // A byte to fetch costs an emulated machine more than one to unpack.
  const squashfs = '--mksquashfs-args=-comp zstd -Xcompression-level 3';
  execFileSync(hostTool('rauc'), ['bundle', `--cert=${certificate}`, `--key=${key}`, squashfs, content, target], {
    stdio: 'pipe',
  });
}

/** A key and a certificate for it that no box trusts. */
export function makeForeignKey(directory: string): { key: string; certificate: string } {
  const [key, certificate] = [join(directory, 'foreign-key.pem'), join(directory, 'foreign-certificate.pem')];
  execFileSync(
    hostTool('openssl'),
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'],
      ...['-subj', '/CN=somebody else', '-keyout', key, '-out', certificate],
    ],
    { stdio: 'pipe' },
  );
  return { key, certificate };
}

/** Changes one byte in the middle of a file. */
export function corrupt(file: string): void {
  const handle = openSync(file, 'r+');
  const middle = Math.floor(statSync(file).size / 2);
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, middle);
  writeSync(handle, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, middle);
  closeSync(handle);
}
