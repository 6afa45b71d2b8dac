import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../platform/drivers/simulator/index.ts';
import { createAgentProcess } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { freePort } from '../support/free-port.ts';
import { finalReports } from '../support/headend-api.ts';
import { testSeed } from '../support/seed.ts';
import { type Site, startSite } from '../support/site.ts';
import { type After, undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { cases, rowConfig } from './cases.ts';
import { allRows, type Row, sampleRows, titleOf } from './rows.ts';

const isWhole = process.env.STB_TEST_FULL === '1';
const seed = testSeed();
const rows = isWhole ? allRows() : sampleRows(seed);
const shared = undoList();
let headend: AgentsHeadend;
let site: Site;

beforeAll(async () => {
  if (!isWhole)
    console.log(`crash table: a sample of ${rows.length} rows of ${allRows().length}, STB_TEST_SEED=${seed}`);
  headend = await startAgentsHeadend({ boxes: rows.length, after: shared.after });
  site = await startSite(shared.after);
});
afterAll(shared.all);

describe.concurrent('kill -9 of the agent', () => {
  for (const row of rows) test(titleOf(row), ({ onTestFinished }) => die(row, onTestFinished));
});

/** Kills an agent at the row's step, starts it again, and checks what the headend heard and what the box did. */
async function die(row: Row, after: After): Promise<void> {
  const { type, expected } = row;
  const { api } = headend;
  const box = headend.nextBox();
  const config = { ...headend.agentConfig, ...rowConfig };
  const agent = createAgentProcess({ box, headend, upstreams: [row.upstream], config }, after);
  const fault: Fault = { kind: 'kill', step: row.step, type };

  await agent.start(row.passed === 0 ? fault : undefined);
  const { params, effects } = cases[type];
  const id = await api.act(box.id, type, params?.({ agent, headend, site, port: await freePort() }));
  if (row.passed > 0) {
    await until(() => agent.events('install').length > 0, 'the flash to be written');
    await agent.tv.fault(fault);
  }
  expect(await agent.ended()).toEqual({ code: null, signal: 'SIGKILL' });
  await agent.start();
  await api.reached(id);
  await agent.idle();

  const action = await api.action(id);
  expect(action).toMatchObject({ state: expected.state, error: expected.code ? { code: expected.code } : null });
  expect(finalReports(action)).toHaveLength(1);
  if (type === 'MESSAGE' && expected.state === 'done') expect(action.result).toHaveProperty('ended');
  if (effects) expect(effects(agent)).toBe(expected.effects);
  expect((await api.actionsOf(box.id)).map((each) => each.state)).toEqual([expected.state]);
}
