/** The image of the virtual box: made once of Debian packages, then taken from the cache until the recipe changes. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hook } from './hook.ts';
import { checkHostTools } from './host-tools.ts';
import { dataMib, imageCache, nodeBinary, readList, recipeFile, recipeHash, release, slotMib } from './recipe.ts';
import { createStages } from './stages.ts';

/** The parts of a made image. None of them is ever written to again. */
export type Image = {
  /** The directory that holds it all; what is derived from the image may be cached here, too. */
  directory: string;
  /** The disk with the boot loader, slot A, an empty slot B and the data partition. */
  disk: string;
  /** The file system of slot A, as a firmware bundle has it. */
  slot: string;
  /** What signs the firmware bundles that the box takes (PEM). */
  bundleKey: string;
  bundleCertificate: string;
};

/** Takes the image from the cache, or makes it; `print` is told of the progress. Throws naming the Debian packages that are missing. */
export async function ensureImage(print: (line: string) => void): Promise<Image> {
  checkHostTools();
  const cache = imageCache();
  const directory = join(cache, recipeHash());
  if (!existsSync(directory)) {
    mkdirSync(cache, { recursive: true });
    print(`making the image of the virtual box in ${directory}; this takes some minutes and is done once`);
    const unfinished = mkdtempSync(join(cache, 'unfinished-'));
    try {
      await make(unfinished, print);
      keep(unfinished, directory);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const part = (name: string) => join(directory, name);
  return {
    directory,
    disk: part('disk.qcow2'),
    slot: part('slot.ext4'),
    bundleKey: part('bundle-key.pem'),
    bundleCertificate: part('bundle-certificate.pem'),
  };
}

/** Another process may have made the same image meanwhile; then that one is as good. */
function keep(unfinished: string, directory: string): void {
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

async function make(directory: string, print: (line: string) => void): Promise<void> {
  const file = (name: string) => join(directory, name);
  const run = createStages(file('build.log'), print);

  await run('bundle key', 'openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '36500'],
    ...['-subj', '/CN=firmware of the virtual box'],
    ...['-keyout', file('bundle-key.pem'), '-out', file('bundle-certificate.pem')],
  ]);

  await run('kernel, and vidtv from its source', 'mmdebstrap', [
    ...['--variant=extract', '--format=null', `--include=${readList(recipeFile('kernel-packages.txt')).join(',')}`],
    `--extract-hook=${hook(recipeFile('kernel.sh'), { MODULES: readList(recipeFile('modules.txt')).join(' ') })}`,
    `--extract-hook=tar-out /kernel ${file('kernel.tar')}`,
    ...[release, '-'],
  ]);

  const overlay = file('overlay');
  cpSync(recipeFile('files'), overlay, { recursive: true });
  cpSync(file('bundle-certificate.pem'), join(overlay, 'etc/rauc/keyring.pem'));
  mkdirSync(join(overlay, 'usr/lib/stb-agent/bin'), { recursive: true });
  cpSync(nodeBinary, join(overlay, 'usr/lib/stb-agent/bin/node'));
  await run('overlay', 'tar', ['--owner=0', '--group=0', '-C', overlay, '-cf', file('overlay.tar'), '.']);
  rmSync(overlay, { recursive: true });

  const box = {
    LEFT_OUT: readList(recipeFile('left-out.txt')).join(' '),
    SLOT_MIB: String(slotMib),
    INIT: readFileSync(recipeFile('initrd-init.sh'), 'utf8'),
  };
  await run('box', 'mmdebstrap', [
    ...['--variant=minbase', '--format=null', `--include=${readList(recipeFile('box-packages.txt')).join(',')}`],
    `--customize-hook=tar-in ${file('kernel.tar')} /`,
    `--customize-hook=tar-in ${file('overlay.tar')} /`,
    `--customize-hook=${hook(recipeFile('box.sh'), box)}`,
    `--customize-hook=download /slot.ext4 ${file('slot.ext4')}`,
    ...[release, '-'],
  ]);
  rmSync(file('kernel.tar'));
  rmSync(file('overlay.tar'));

  await run('disk', 'sh', [
    recipeFile('disk.sh'),
    ...[file('slot.ext4'), recipeFile('grub.cfg'), file('disk.qcow2'), String(dataMib)],
  ]);
}
