/** The file system of the next firmware: that of the box, with the agent as it is built now, and a version of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { constants, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { layOutBoxFiles } from '../../../packaging/box-files.ts';
import { hostTool } from '../../../packaging/vm/host-tools.ts';
import type { Image } from '../../../packaging/vm/image.ts';

/** Writes it to `target`, without mounting anything. */
export function makeSlotImage(image: Image, version: string, target: string, workDirectory: string): void {
  const root = join(workDirectory, 'root');
  layOutBoxFiles(root);
  makeSlot(image, version, target, workDirectory, [
    'cd /etc/systemd/system/multi-user.target.wants',
    'symlink stb-agent.service /usr/lib/systemd/system/stb-agent.service',
  ]);
  const written = debugfs('cat /usr/lib/stb-agent/stb-agent.mjs', target);
  if (!written.equals(readFileSync(join(root, 'usr/lib/stb-agent/stb-agent.mjs'))))
    throw new Error(`debugfs did not write the agent into ${target}; is the slot full?`);
}

/** The same without the agent. */
export function makeBareSlotImage(image: Image, version: string, target: string, workDirectory: string): void {
  makeSlot(image, version, target, workDirectory, []);
}

/**
 * A copy of the image's slot with this version, and the files that are under `root` in the work directory, no larger than what it holds: RAUC
 * lets it grow in the slot. What no upgrade needs stays out, as a machine that emulates every instruction fetches, checks and writes
 * seven megabytes a second.
 */
function makeSlot(image: Image, version: string, target: string, workDirectory: string, more: string[]): void {
  cpSync(image.slot, target, { mode: constants.COPYFILE_FICLONE });
  const root = join(workDirectory, 'root');
  const releaseFile = join(root, 'usr/lib/os-release');
  mkdirSync(dirname(releaseFile), { recursive: true });
  const release = debugfs('cat /usr/lib/os-release', target).toString();
  writeFileSync(releaseFile, release.replace(/^IMAGE_VERSION=.*$/m, `IMAGE_VERSION=${version}`));
  const script = join(workDirectory, 'debugfs');
  writeFileSync(script, `${[...removeCommands(target), ...writeCommands(root), ...more].join('\n')}\n`);
  execFileSync(hostTool('debugfs'), ['-w', '-f', script, target], { stdio: 'ignore' });

  const { status } = spawnSync(hostTool('e2fsck'), ['-fy', target], { stdio: 'ignore' });
  // 1: it has put right what debugfs leaves undone (e2fsck(8)).
  if (status === null || status > 1) throw new Error(`e2fsck of the slot ${target} ended with ${status}`);
  execFileSync(hostTool('resize2fs'), ['-M', target], { stdio: 'ignore' });
}

const libraries = '/usr/lib/x86_64-linux-gnu';
const nodeFolder = '/usr/lib/stb-agent/bin';

/**
 * What a bundle of such a slot has to do in the box when it has been written: Node is a third of the firmware and the same in both, so it is
 * taken over from the one that runs.
 */
export const takeOverNode = `cp ${nodeFolder}/node $RAUC_SLOT_MOUNT_POINT${nodeFolder}/`;

/** What is left out: Node, and what only sound, speech, pictures and Perl load, by the size of it. */
const leftOut: [folder: string, names: RegExp][] = [
  [nodeFolder, /^node$/],
  ['/usr/bin', /^(mpv|perl.*|grub-(?!editenv).*)$/],
  [`${libraries}/espeak-ng-data`, /_dict$/],
  [`${libraries}/lapack`, /^lib/],
  [
    libraries,
    new RegExp(
      `^lib(${[
        'av\\w+|postproc|sw\\w+|x26[45]|xvidcore|aom|SvtAv1Enc|rav1e|dav1d|vpx|theora\\w*|vorbis\\w*|codec2|openmpt|zvbi|bluray',
        'rsvg-2|cairo\\S*|pango\\S*|harfbuzz|freetype|pixman\\S*|caca|placebo|jxl\\w*|hwy\\w*|zimg|mfx\\S*|epoxy|GL\\w+|X11',
        'SDL2\\S*|openal|mysofa|pipewire\\S*|samplerate|fftw3f|webrtc\\S*|flite\\w*|sphinxbase|gfortran|icu\\w+|srt\\S*|zmq|perl',
      ].join('|')})\\.so`,
    ),
  ],
];

function removeCommands(slot: string): string[] {
  return leftOut.flatMap(([folder, names]) => {
    // Inode, mode, owner, group, name and size between slashes: debugfs(8), ls -p.
    const lines = debugfs(`ls -p ${folder}`, slot).toString().split('\n');
    const found = lines.map((line) => line.split('/')[5] ?? '').filter((name) => names.test(name));
    return found.map((name) => `rm ${folder}/${name}`);
  });
}

function debugfs(command: string, file: string): Buffer {
  return execFileSync(hostTool('debugfs'), ['-R', command, file], {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** debugfs(8) knows no recursion and complains of a directory that is there already, which is no harm. */
function writeCommands(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const commands: string[] = [];
  for (const entry of entries) {
    const source = join(entry.parentPath, entry.name);
    const place = `/${relative(root, source)}`;
    if (entry.isDirectory()) commands.push(`mkdir ${place}`);
  }
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const directory = `/${relative(root, entry.parentPath)}`;
    commands.push(`cd ${directory}`, `rm ${entry.name}`, `write ${source} ${entry.name}`);
  }
  return commands;
}
