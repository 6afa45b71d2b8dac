import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startAgent, type Variant } from './agent.ts';
import { reportDisk } from './disk.ts';
import { type Report, rounded } from './figures.ts';
import { hasProgram } from './machine.ts';
import { type Load, openTraffic, volume } from './round-trip.ts';

/** Not idempotent: its intent is committed before the effect. */
const keys: Load = { type: 'EMULATEKEYS', params: () => ({ keys: ['NOOP'], gap: 0 }) };

/** What one action costs the disk: bytes, and how often it is waited for; beside what a bare wait takes. */
export async function benchStorage(report: Report, variant: Variant, isQuick: boolean): Promise<void> {
  reportDisk(report, 'before storage', isQuick);
  const hasStrace = hasProgram('strace');
  if (!hasStrace)
    process.stderr.write(
      'strace is not installed: no syncs and bytes of the journal are counted (apt install strace)\n',
    );
  for (const [load, kind] of [
    [volume, 'idempotent'],
    [keys, 'not idempotent'],
  ] as const) {
    for (const window of [1, 100]) {
      const count = isQuick ? 50 : 1_000;
      const of = `${load.type} (${kind}), ${window} in flight`;
      const bytes = await written(variant, load, count, window);
      report({
        bench: 'written to the device',
        of,
        unit: 'bytes/action',
        value: rounded(bytes / count),
        n: count,
        note: 'write_bytes of /proc, with the simulated box',
      });
      if (!hasStrace) continue;
      const calls = await traced(variant, load, count, window);
      report({
        bench: 'journal syncs',
        of,
        unit: '/action',
        value: rounded(calls.syncs / count),
        n: count,
        note: 'strace',
      });
      report({
        bench: 'journal writes',
        of,
        unit: 'bytes/action',
        value: rounded(calls.bytes / count),
        n: count,
        note: 'strace, WAL and checkpoints',
      });
    }
  }
}

/** Bytes that the kernel counts as written to the device for the agent: proc_pid_io(5). */
async function written(variant: Variant, load: Load, count: number, window: number): Promise<number> {
  const traffic = await openTraffic('mqtt');
  const agent = await startAgent(variant, traffic.peer.config);
  await traffic.peer.connected();
  await traffic.run(load, 20, 5);
  const read = () => Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${agent.pid}/io`, 'utf8'))?.[1]);
  const before = read();
  await traffic.run(load, count, window);
  const bytes = read() - before;
  await agent.stop();
  await traffic.peer.close();
  return bytes;
}

/** What the agent asked of the kernel for the files of its journal. */
async function traced(
  variant: Variant,
  load: Load,
  count: number,
  window: number,
): Promise<{ syncs: number; bytes: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'stb-bench-'));
  const file = join(directory, 'trace');
  const strace = ['strace', '-f', '-y', '-s', '0', '-o', file, '-e', 'trace=fsync,fdatasync,pwrite64'];
  const traffic = await openTraffic('mqtt');
  const agent = await startAgent(variant, traffic.peer.config, { wrapper: strace });
  await traffic.peer.connected();
  await traffic.run(load, 20, 5);
  await wait(1_000);
  const before = readFileSync(file, 'utf8').length;
  await traffic.run(load, count, window);
  await wait(1_000);
  const lines = readFileSync(file, 'utf8')
    .slice(before)
    .split('\n')
    .filter((line) => line.includes('journal.db'));
  await agent.stop();
  await traffic.peer.close();
  rmSync(directory, { recursive: true });
  const sizes = lines.map((line) => Number(/pwrite64\(\d+<[^>]*>, ""\.\.\., (\d+)/.exec(line)?.[1] ?? 0));
  return {
    syncs: lines.filter((line) => /f(?:data)?sync\(/.test(line)).length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
