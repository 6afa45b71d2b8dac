/** A line-up as large as a package may be, fetched, compared and stored again and again: nothing of it is kept. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { expect, test } from 'vitest';
import { updateChannels } from '../../agent/actions/update-channels.ts';
import { updateDvb } from '../../agent/actions/update-dvb.ts';
import { createHeadendClient } from '../../agent/headend-client.ts';
import { openLineup } from '../../agent/lineup.ts';
import type { Lineup } from '../../agent/protocol/lineup.ts';
import { createContext, openTestBox } from '../support/action-context.ts';
import { serve } from '../support/serve.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const channelCount = 1_000;
const [warmUps, updates] = [10, process.env.STB_TEST_FULL === '1' ? 500 : 40];
/** One line-up of 1,000 channels that is kept takes more than half a MiB; each update would add one. */
const toleratedMiB = 8;

/** A line-up that is another one each time. */
function lineup(version: number): Lineup {
  const channels = Array.from({ length: channelCount }, (_, index) => ({
    id: `channel-${index}`,
    number: index,
    name: `Channel ${index}, version ${version}`,
    reception: 'DVB' as const,
    url: `http://stream.example/${version}/${index}.m3u8`,
    dvb: { freq: 218_000 + version, id: `C_${index}`, prog: index },
  }));
  return { channels, radio: [] };
}

/** The heap in MiB, and what lies beside it, when everything that nobody holds is gone. */
function heldMiB(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

test(`after ${updates} CHANNELS and DVB of ${channelCount} channels each, no more memory is held than before`, {
  timeout: 600_000,
}, async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  let version = 0;
  const url = await serve((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(lineup(version)));
  });

  const directory = temporaryDirectory();
  const store = await openLineup(join(directory, 'lineup.json'), (sentence) => {
    throw new Error(sentence);
  });
  const platform = await openTestBox(temporaryDirectory());
  const headend = createHeadendClient({ url, log: pino({ level: 'silent' }) });
  const context = createContext({ platform, lineup: store, headend });
  async function update(): Promise<void> {
    version += 1;
    expect(await updateChannels.run({}, context)).toMatchObject({ channels: channelCount });
    expect(await updateDvb.run({}, context)).toMatchObject({ services: channelCount });
  }

  for (let count = 0; count < warmUps; count++) await update();
  const before = heldMiB(collect);
  for (let count = 0; count < updates; count++) await update();
  const after = heldMiB(collect);
  expect(store.current().channels[0]?.name).toBe(`Channel 0, version ${version}`);
  expect(after - before, `${before} MiB before, ${after} MiB after`).toBeLessThan(toleratedMiB);
});
