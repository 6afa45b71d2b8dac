import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startAgent, variants } from './agent.ts';
import type { Report } from './figures.ts';
import { peers } from './peers.ts';
import { openTraffic, volume } from './round-trip.ts';

/** Resident and proportional memory of an idle agent that is connected, and after work; beside a Node that does nothing. */
export async function benchMemory(report: Report, isQuick: boolean): Promise<void> {
  const settleMs = isQuick ? 500 : 10_000;
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  await wait(settleMs / 2);
  tell(report, 'node', bare.pid ?? 0, 'floor: a bare Node');
  bare.kill();
  for (const variant of [variants.source, variants.bundle]) {
    for (const upstream of Object.keys(peers)) {
      const traffic = await openTraffic(upstream);
      const agent = await startAgent(variant, traffic.peer.config);
      await traffic.peer.connected();
      await wait(settleMs);
      tell(report, `${variant.name}, ${upstream}`, agent.pid, 'idle and connected');
      if (variant === variants.bundle) {
        const count = isQuick ? 100 : 5_000;
        await traffic.run(volume, count, 20);
        await wait(settleMs);
        tell(report, `${variant.name}, ${upstream}`, agent.pid, `idle after ${count} actions`);
      }
      await agent.stop();
      await traffic.peer.close();
    }
  }
}

/** proc_pid_smaps(5): Pss counts a page shared with others in part only; anonymous is what no file backs. */
function tell(report: Report, of: string, pid: number, note: string): void {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 102.4) / 10;
  for (const name of ['Rss', 'Pss', 'Anonymous']) {
    report({ bench: `memory ${name.toLowerCase()}`, of, unit: 'MiB', value: mib(name), n: 1, note });
  }
}
