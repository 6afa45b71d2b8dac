import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newId } from '../../agent/protocol/id.ts';
import { encode, isFinal } from '../../agent/protocol/messages.ts';
import { processorMs, startAgent, type Variant } from './agent.ts';
import { reportDisk } from './disk.ts';
import { type Report, rounded, spread } from './figures.ts';
import { type Peer, peers } from './peers.ts';

/** An action that a round trip is made of. */
export type Load = { type: string; params(number: number): Record<string, unknown> };

/** Idempotent: one commit that waits for the disk. */
export const volume: Load = { type: 'VOLUME', params: (number) => ({ volume: number % 101 }) };

export type Traffic = {
  readonly peer: Peer;
  /** Sends `count` actions with at most `window` unanswered; resolves with the milliseconds each took, and all together. */
  run(load: Load, count: number, window: number): Promise<{ each: number[]; totalMs: number }>;
};

/** A headend that sends actions over one upstream and times their final reports, or their echoes. */
export async function openTraffic(upstream: string): Promise<Traffic> {
  const open = new Map<string, (ms: number) => void>();
  const sentAt = new Map<string, number>();
  const peer = await peers[upstream]!((bytes) => {
    const { kind, id, state, report } = JSON.parse(bytes.toString());
    if (kind === 'report' && !isFinal(state)) return;
    // As a headend does, so that the box need not repeat it. An HTTP answer is an acknowledgement by itself.
    if (kind === 'report' && upstream !== 'heartbeat') peer.send(encode({ v: 1, kind: 'ack', report }));
    open.get(id)?.(performance.now() - (sentAt.get(id) ?? 0));
    open.delete(id);
    sentAt.delete(id);
  });

  function one({ type, params }: Load, number: number): Promise<number> {
    const id = newId();
    return new Promise((resolve) => {
      open.set(id, resolve);
      const message = encode({ v: 1, kind: 'action', id, type, params: params(number) });
      sentAt.set(id, performance.now());
      peer.send(message);
    });
  }

  return {
    peer,
    async run(load, count, window) {
      const each: number[] = [];
      let next = 0;
      const startedAt = performance.now();
      const worker = async () => {
        while (next < count) each.push(await one(load, next++));
      };
      await Promise.all(Array.from({ length: window }, worker));
      return { each, totalMs: performance.now() - startedAt };
    },
  };
}

/** From the action on the wire to its final report, through a real agent with its journal at FULL; and the floors beneath it. */
export async function benchRoundTrip(report: Report, variant: Variant, isQuick: boolean): Promise<void> {
  for (const upstream of Object.keys(peers)) {
    reportDisk(report, `before ${upstream}`, isQuick);
    const floor = await openTraffic(upstream);
    const echo = spawn(process.execPath, [echoFile, upstream, floor.peer.url], { stdio: 'inherit' });
    await measure(report, floor, { bench: 'echo', upstream, note: 'floor: two plain clients, no agent' }, isQuick);
    echo.kill();
    await once(echo, 'exit');
    await floor.peer.close();

    const traffic = await openTraffic(upstream);
    const agent = await startAgent(variant, traffic.peer.config);
    const about = { bench: 'action', upstream, note: 'VOLUME, to its final report', pid: agent.pid };
    await measure(report, traffic, about, isQuick);
    await agent.stop();
    await traffic.peer.close();
  }
}

const echoFile = fileURLToPath(new URL('echo.ts', import.meta.url));

/** What is measured: by what name, over which upstream, and of which process. */
type About = { bench: string; upstream: string; note: string; pid?: number };

async function measure(report: Report, traffic: Traffic, about: About, isQuick: boolean): Promise<void> {
  const { bench, upstream, note, pid } = about;
  await traffic.peer.connected();
  // V8 compiles what runs often; the first hundreds say nothing of the next millions.
  await traffic.run(volume, isQuick ? 20 : 500, 10);
  const windows = isQuick ? { 1: 50, 100: 200 } : { 1: 1_000, 100: 5_000 };
  for (const [window, count] of Object.entries(windows)) {
    const before = pid === undefined ? 0 : processorMs(pid);
    const { each, totalMs } = await traffic.run(volume, count, Number(window));
    const of = `${upstream}, ${window} in flight`;
    report({ bench: `${bench} latency`, of, unit: 'ms', ...spread(each), note });
    report({ bench: `${bench} rate`, of, unit: '/s', value: rounded((count / totalMs) * 1000), n: count, note });
    if (pid === undefined) continue;
    const value = rounded((processorMs(pid) - before) / count);
    report({ bench: `${bench} processor time`, of, unit: 'ms', value, n: count, note: 'of all threads, per action' });
  }
}
