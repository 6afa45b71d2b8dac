import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { upstreamPeers } from '../support/upstream-peers.ts';

const run = promisify(execFile);

/** Peers for the three upstreams, and the URLs at which they are reached. */
async function startPeers() {
  const names = ['MQTT 5', 'WebSocket', 'heartbeat'];
  const peers = await Promise.all(names.flatMap((name) => upstreamPeers[name]?.() ?? []));
  onTestFinished(async () => {
    for (const peer of peers) await peer.close();
  });
  return { peers, urls: peers.map(({ proxy }, index) => `${['mqtt', 'ws', 'http'][index]}://127.0.0.1:${proxy.port}`) };
}

test.each(['connected', 'connecting', 'waiting'])(
  'stopped while %s, no upstream keeps the process alive',
  async (state) => {
    const { peers, urls } = await startPeers();
    if (state === 'waiting') for (const { proxy } of peers) await proxy.down();
    const { stdout } = await run(process.execPath, ['test/support/stop-upstreams.ts', state, ...urls], {
      timeout: 30_000,
    });
    expect(stdout.trim()).toBe('mqtt stopped, websocket stopped, heartbeat stopped');
  },
);
