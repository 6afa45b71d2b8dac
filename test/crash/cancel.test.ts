import { expect, onTestFinished, test } from 'vitest';
import { createAgentProcess, type UpstreamKind } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { finalReports } from '../support/headend-api.ts';

test.each<[UpstreamKind, string]>([
  ['mqtt', 'journal.finish.before'],
  ['websocket', 'journal.finish.after'],
  ['heartbeat', 'journal.acknowledge.before'],
])('a cancellation over %s whose agent is killed at %s is carried through by the next one', async (upstream, step) => {
  const { api, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: [upstream] }, onTestFinished);
  await agent.start({ kind: 'kill', step, type: 'VOLUME' });
  const when = new Date(Date.now() + 3_600_000).toISOString();
  const id = await api.act(box.id, 'VOLUME', { volume: 77 }, { when });
  await api.reached(id, 'accepted');
  await api.cancel(id);
  expect(await agent.ended()).toEqual({ code: null, signal: 'SIGKILL' });
  await agent.start();
  await api.reached(id);
  await agent.idle();
  const action = await api.action(id);
  expect(action).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' } });
  expect(finalReports(action)).toHaveLength(1);
  expect(agent.events('volume')).toEqual([]);
});
