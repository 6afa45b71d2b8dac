import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { layOutBoxFiles } from '../../../packaging/box-files.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { undoList } from '../../support/undo.ts';
import type { Machine } from './machine.ts';

/** Puts the built agent into the running box as its image would have it, and reads it once, so that no test waits for that. */
export async function installAgent({ guest }: Machine): Promise<void> {
  await guest.read('tar -xzf - -C / && systemctl daemon-reload && systemctl enable --quiet stb-agent', archive());
  // On the disk before the snapshot is taken: a power cut in a test must not undo the installation.
  await guest.read('systemctl kill -s HUP systemd-logind && stb-agent --version && sync');
}

/** The files as a compressed tar, owned by root. */
function archive(): Buffer {
  const undo = undoList();
  try {
    const directory = join(temporaryDirectory(undo.after), 'root');
    layOutBoxFiles(directory);
    const args = ['--owner=0', '--group=0', '-C', directory, '-czf', '-', '.'];
    return execFileSync('tar', args, { maxBuffer: 64 * 1024 * 1024 });
  } finally {
    void undo.all();
  }
}
