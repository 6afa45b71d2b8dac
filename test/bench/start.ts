import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { newStateDir, processorMs, startAgent, type Variant, variants } from './agent.ts';
import { type Report, spread } from './figures.ts';
import { peers } from './peers.ts';

/** What one start took, in milliseconds. */
type Start = { ready: number; connected: number; processor: number };

/**
 * From the start of the process to its line that it serves, and to its subscription at a broker; beside a Node that says one
 * word. All in turn, so that each has the same share of what else the machine does. The box has been started before.
 */
export async function benchStart(report: Report, isQuick: boolean): Promise<void> {
  const runs = isQuick ? 2 : 15;
  const bare: number[] = [];
  const starts = Object.values(variants).map((variant) => ({
    variant,
    stateDir: newStateDir(),
    measured: [] as Start[],
  }));
  for (let run = 0; run <= runs; run++) {
    bare.push(await firstWord());
    for (const { variant, stateDir, measured } of starts) measured.push(await start(variant, stateDir));
  }
  report({ bench: 'start', of: 'a bare Node, to its first word', unit: 'ms', ...spread(bare.slice(1)), note: 'floor' });
  for (const { variant, stateDir, measured } of starts) {
    rmSync(stateDir, { recursive: true, force: true });
    // The first makes the box and fills the caches.
    const counted = measured.slice(1);
    const tell = (of: string, value: (one: Start) => number, note: string) =>
      report({ bench: 'start', of: `${variant.name}, ${of}`, unit: 'ms', ...spread(counted.map(value)), note });
    tell('ready', ({ ready }) => ready, 'from spawn to the line "agent ready"');
    tell(
      'subscribed',
      ({ connected }) => connected,
      'from spawn to the subscription, the broker in the measuring process',
    );
    tell('processor time', ({ processor }) => processor, 'of all threads, when ready');
  }
}

async function start(variant: Variant, stateDir: string): Promise<Start> {
  const peer = await peers.mqtt!(() => {});
  const startedAt = performance.now();
  const subscribed = peer.connected().then(() => performance.now() - startedAt);
  const agent = await startAgent(variant, peer.config, { stateDir });
  const processor = processorMs(agent.pid);
  const connected = await subscribed;
  await agent.stop();
  await peer.close();
  return { ready: agent.readyMs, connected, processor };
}

async function firstWord(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', 'console.log(1)'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ms = performance.now() - startedAt;
  if (child.exitCode === null) await once(child, 'exit');
  return ms;
}
