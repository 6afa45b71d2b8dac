import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { limits } from '../../agent/protocol/limits.ts';
import { createAgentProcess } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { finalReports } from '../support/headend-api.ts';
import { startSite } from '../support/site.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

test('SIGTERM while a message is up, a script runs and a key waits: the agent exits with 0 in time, and nothing is lost', async () => {
  const headend = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const site = await startSite(onTestFinished);
  const { api } = headend;
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: ['websocket'] }, onTestFinished);
  await agent.start();
  const mark = join(temporaryDirectory(), 'running');
  const message = await api.act(box.id, 'MESSAGE', { message: 'Stay', duration: 600 });
  const script = await api.act(box.id, 'SCRIPT', { script: site.script(`echo $$ > '${mark}'; sleep 600`) });
  const when = new Date(Date.now() + 2_000).toISOString();
  const later = await api.act(box.id, 'EMULATEKEYS', { keys: ['INFO'] }, { when });
  await api.reached(later, 'accepted');
  await until(() => agent.events('message').length === 1 && existsSync(mark), 'both to run');

  const asked = performance.now();
  expect(await agent.terminate()).toEqual({ code: 0, signal: null });
  // The one time that is promised: what supervises the agent kills it then.
  expect(performance.now() - asked).toBeLessThan(limits.shutdownMs);

  await agent.start();
  const [shown, ran, pressed] = await Promise.all([message, script, later].map((id) => api.reached(id)));
  expect(shown).toMatchObject({ state: 'done', result: { ended: 'interrupted' } });
  expect(ran).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' }, result: { endedBy: 'abort' } });
  expect(pressed).toMatchObject({ state: 'done', result: { pressed: ['INFO'] } });
  for (const action of [shown, ran, pressed]) expect(action && finalReports(action)).toHaveLength(1);
  expect(agent.events('message')).toHaveLength(1);
  expect(agent.events('script').filter(({ detail }) => detail && 'file' in detail)).toHaveLength(1);
  expect(agent.events('key')).toHaveLength(1);
});
