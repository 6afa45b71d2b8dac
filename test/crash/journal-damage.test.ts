import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAgentProcess } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { until } from '../support/until.ts';

test.each([
  ['overwritten with noise', (file: string) => writeFileSync(file, Buffer.alloc(20_000, 'noise'))],
  ['cut in half', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 2_500))],
  ['empty', (file: string) => writeFileSync(file, '')],
])('a journal that is %s is set aside and told of, and the agent serves on', async (_how, damage) => {
  const { api, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt'] }, onTestFinished);
  await agent.start();
  await api.reached(await api.act(box.id, 'VOLUME', { volume: 10 }));
  await agent.terminate();
  const file = join(agent.stateDir, 'journal.db');
  damage(file);
  const damaged = readFileSync(file);

  await agent.start();
  const { faults } = await agent.status();
  const sentence = expect.stringMatching(/^the journal was damaged .* it was kept as .*journal\.db\.damaged-1/);
  expect(faults).toEqual([sentence]);
  expect(readFileSync(`${file}.damaged-1`).equals(damaged)).toBe(true);
  await until(async () => (await api.box(box.id)).faults.length > 0, 'the headend to hear of it');
  expect((await api.box(box.id)).faults).toEqual(faults);
  expect(await api.reached(await api.act(box.id, 'VOLUME', { volume: 20 }))).toMatchObject({ state: 'done' });

  await agent.kill();
  await agent.start();
  expect((await agent.status()).faults).toEqual([]);
  expect(existsSync(`${file}.damaged-1`)).toBe(true);
  expect(readdirSync(agent.stateDir)).not.toContain('journal.db.damaged-2');
});
