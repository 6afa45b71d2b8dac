import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { encode } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import { createAgentProcess, type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { type ActionAnswer, finalReports } from '../support/headend-api.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: AgentsHeadend;

beforeAll(async () => {
  headend = await startAgentsHeadend({ boxes: 3, after: shared.after });
});
afterAll(shared.all);

async function startBox(upstreams: readonly UpstreamKind[]) {
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams }, onTestFinished);
  await agent.start();
  return { box, agent };
}

/** Publishes an action on a box's topic, past the headend's own book-keeping, as a broker does that delivers twice. */
async function publishAgain({ id, box, type, params }: ActionAnswer): Promise<void> {
  const client = await connectAsync(headend.mqttUrl, {
    username: 'operator',
    password: headend.demo.users.admin.token,
    reconnectPeriod: 0,
  });
  await client.publishAsync(topics.actions(box), encode({ v: 1, kind: 'action', id, type, params }), { qos: 1 });
  await client.endAsync();
}

test('an action that is delivered again after its answer is answered again and happens once', async () => {
  const { box, agent } = await startBox(['mqtt']);
  const id = await headend.api.act(box.id, 'JS', { js: 'Math.random()' });
  const first = await headend.api.reached(id);
  await agent.idle();
  await publishAgain(first);
  await until(() => agent.log().includes('duplicate, answered with what is known'), 'the duplicate to be noticed');
  await agent.kill();
  await agent.start();
  await publishAgain(first);
  await until(() => agent.log().includes('duplicate, answered with what is known'), 'the duplicate to be noticed');
  expect(await headend.api.action(id)).toEqual(first);
  expect(agent.events('ui-script')).toHaveLength(1);
});

test('an action that comes over several upstreams at once happens once and has one final report', async () => {
  const { box, agent } = await startBox(upstreamKinds);
  await until(async () => {
    const { upstreams } = await agent.status();
    return upstreams.every(({ state }) => state === 'connected');
  }, 'all three upstreams');
  await agent.tv.fault({ kind: 'slow', ms: 500, capability: 'keys' });
  const id = await headend.api.act(box.id, 'EMULATEKEYS', { keys: ['INFO'] });
  await publishAgain(await headend.api.action(id));
  const action = await headend.api.reached(id);
  await agent.idle();
  expect(action).toMatchObject({ state: 'done', result: { pressed: ['INFO'] } });
  expect(finalReports(await headend.api.action(id))).toHaveLength(1);
  expect(agent.log()).toContain('duplicate, answered with what is known');
  expect(agent.events('key')).toHaveLength(1);
});
