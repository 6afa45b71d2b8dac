import { closeSync, fdatasyncSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Report, spread } from './figures.ts';

const page = Buffer.alloc(4096, 1);

/** What this disk takes at this moment for what an action does with it. */
export function reportDisk(report: Report, of: string, isQuick: boolean): void {
  const count = isQuick ? 20 : 200;
  const directory = mkdtempSync(join(tmpdir(), 'stb-bench-'));
  const synced = openSync(join(directory, 'synced'), 'w');
  const syncs = times(count, () => {
    writeSync(synced, page);
    fdatasyncSync(synced);
  });
  closeSync(synced);
  const replacements = times(count, () => {
    writeFileSync(join(directory, 'new'), page);
    renameSync(join(directory, 'new'), join(directory, 'replaced'));
  });
  rmSync(directory, { recursive: true });
  report({
    bench: 'disk',
    of: `4 KiB and fdatasync, ${of}`,
    unit: 'ms',
    ...spread(syncs),
    note: 'floor: a commit has one',
  });
  report({
    bench: 'disk',
    of: `a file replaced, ${of}`,
    unit: 'ms',
    ...spread(replacements),
    note: 'floor: the simulated box keeps its volume so',
  });
}

/** Milliseconds of each of `count` calls. */
function times(count: number, call: () => void): number[] {
  return Array.from({ length: count }, () => {
    const startedAt = performance.now();
    call();
    return performance.now() - startedAt;
  });
}
