import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLineup } from '../../agent/lineup.ts';
import type { Lineup } from '../../agent/protocol/lineup.ts';
import { type Report as BoxReport, isFinal } from '../../agent/protocol/messages.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { lineupOf } from '../../headend/fleet/lineup.ts';
import { openStore } from '../../headend/store/store.ts';
import { openTestHeadend } from '../support/headend.ts';
import { openHeadendApi } from '../support/headend-api.ts';
import { makeLargePackage } from '../support/large-lineup.ts';
import { until } from '../support/until.ts';
import { startAgent, variants } from './agent.ts';
import { type Report, rounded, spread } from './figures.ts';

const channelCount = 1_000;
const retention = { actionDays: 1, actionCount: 1_000, telemetryDays: 1, telemetryCount: 1_000 };

/** A line-up of 1,000 channels: computed by the headend, delivered over HTTP, stored by the box, and CHANNELS as a whole. */
export async function benchLineup(report: Report, isQuick: boolean): Promise<void> {
  const runs = isQuick ? 10 : 200;
  const head = await openTestHeadend();
  const box = head.demo.boxes[0] as DemoBox;
  const { package: large } = await makeLargePackage(head, channelCount);
  await head.call(head.demo.users.admin.token, `/iptv/device/${box.id}`, { body: { packages: [large] } });
  const directory = mkdtempSync(join(tmpdir(), 'stb-bench-lineup-'));
  try {
    const tell = (of: string, values: number[], note?: string) =>
      report({
        bench: `line-up of ${channelCount} channels`,
        of,
        unit: 'ms',
        ...spread(values),
        ...(note && { note }),
      });

    const store = openStore(join(head.dataDir, 'headend.db'), retention);
    const known = store.boxes.get(box.id);
    if (known === undefined) throw new Error(`the headend has no box ${box.id}`);
    tell('computed', await times(runs, async () => void lineupOf(store, known)));
    await store.close();

    let lineup: Lineup = { channels: [], radio: [] };
    const deliver = async () => {
      lineup = (await head.call(box.token, '/stb/v1/lineup')).body;
    };
    tell('computed and delivered', await times(runs, deliver), 'HTTP on the loopback, parsed');
    const bytes = JSON.stringify(lineup).length;
    report({
      bench: `line-up of ${channelCount} channels`,
      of: 'size',
      unit: 'kB',
      value: rounded(bytes / 1000),
      n: 1,
    });

    const kept = await openLineup(join(directory, 'lineup.json'), (sentence) => {
      throw new Error(sentence);
    });
    tell('stored on the box', await times(runs, () => kept.replace(lineup)), 'written whole, synced, renamed, synced');

    const agent = await startAgent(variants.source, {
      'box.id': box.id,
      'box.mac': box.mac,
      'headend.url': head.headend.url,
      'headend.token': box.token,
      'upstream.websocket.url': head.headend.url.replace('http', 'ws'),
    });
    const api = openHeadendApi(head.headend.url, head.demo.users.admin.token);
    await api.online(box.id);
    // The package has sent the box CHANNELS and DVB by itself; a second one would be skipped until these have ended.
    const hasEnded = async () => (await api.actionsOf(box.id)).every(({ state }) => isFinal(state));
    await until(hasEnded, 'the box to have fetched its line-up', 60_000, 50);
    const spans: number[] = [];
    for (let run = 0; run < (isQuick ? 3 : 50); run++) {
      const { reports } = await api.reached(await api.act(box.id, 'CHANNELS'));
      spans.push(at(reports, 'done') - at(reports, 'started'));
    }
    tell('CHANNELS, started to done', spans, 'a real agent: fetched, compared, stored');
    await agent.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await head.close();
  }
}

/** How long each run took, in milliseconds; the first is not counted. */
async function times(runs: number, work: () => Promise<void>): Promise<number[]> {
  await work();
  const spans: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    spans.push(performance.now() - start);
  }
  return spans;
}

function at(reports: readonly BoxReport[], state: BoxReport['state']): number {
  return Date.parse(reports.find((one) => one.state === state)?.at ?? '');
}
