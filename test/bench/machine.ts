import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';

/** What the figures were measured on, and under which load. */
export type Machine = {
  date: string;
  cpu: string;
  cores: number;
  memoryMiB: number;
  kernel: string;
  node: string;
  sqlite: string;
  /** File system and device of the directory the journals are in. */
  disk: string;
  load: number;
};

export function describeMachine(sqlite: string): Machine {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
    kernel: release(),
    node: process.versions.node,
    sqlite,
    disk: diskOf(tmpdir()),
    load: Number(loadavg()[0]?.toFixed(2)),
  };
}

/** The mount that holds a directory, as /proc/mounts has it. */
function diskOf(directory: string): string {
  if (!existsSync('/proc/mounts')) return 'unknown';
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const holding = mounts.filter(
    ([, path]) => path !== undefined && (path === '/' || `${directory}/`.startsWith(`${path}/`)),
  );
  const [device, path, type, options] = holding.toSorted((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0] ?? [];
  return `${type} on ${device} (${path}; ${options})`;
}

/** Whether a program is there. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
