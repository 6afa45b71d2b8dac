import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgentProcess, type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { finalReports } from '../support/headend-api.ts';
import { createTcpProxy } from '../support/tcp-proxy.ts';
import { type After, undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: AgentsHeadend;

beforeAll(async () => {
  headend = await startAgentsHeadend({ boxes: 12, after: shared.after });
});
afterAll(shared.all);

/** An agent that reaches the headend through a network that can fail. */
async function startBox(upstream: UpstreamKind, after: After) {
  const box = headend.nextBox();
  const origin = new URL(upstream === 'mqtt' ? headend.mqttUrl : headend.url);
  const network = await createTcpProxy(Number(origin.port));
  after(() => network.close());
  const through = (url: string) => url.replace(/:\d+$/, `:${network.port}`);
  const addresses = { url: through(headend.url), mqttUrl: through(headend.mqttUrl) };
  const agent = createAgentProcess({ box, headend: addresses, upstreams: [upstream] }, after);
  await agent.start();
  await headend.api.online(box.id);
  return { box, agent, network };
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe.concurrent('a box that cannot be reached', () => {
  test.for(upstreamKinds)(
    'an action sent over %s while the box is without power runs once when it is back',
    async (upstream, { onTestFinished }) => {
      const { box, agent } = await startBox(upstream, onTestFinished);
      await agent.tv.mains('cut');
      await until(async () => (await agent.tv.state()).power === 'off', 'the box to be dark');
      const id = await headend.api.act(box.id, 'EMULATEKEYS', { keys: ['MENU', 'EXIT'] });
      await agent.tv.mains('on');
      const action = await headend.api.reached(id);
      expect(action).toMatchObject({ state: 'done', result: { pressed: ['MENU', 'EXIT'] } });
      await agent.idle();
      expect(finalReports(await headend.api.action(id))).toHaveLength(1);
      expect(agent.events('key')).toHaveLength(2);
    },
  );

  test.for(upstreamKinds)(
    'what came over %s for a later time runs at that time without a network, in an agent that was killed meanwhile',
    async (upstream, { onTestFinished }) => {
      const { box, agent, network } = await startBox(upstream, onTestFinished);
      const when = inSeconds(4);
      const id = await headend.api.act(box.id, 'EMULATEKEYS', { keys: ['INFO'] }, { when });
      await headend.api.reached(id, 'accepted');
      await network.down();
      await agent.kill();
      await agent.start();
      const [pressed] = await until(
        () => agent.events('key').length > 0 && agent.events('key'),
        'the key to be pressed',
      );
      expect(Date.parse(pressed?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(when));
      await until(async () => (await agent.status()).queue.unreported === 1, 'the result to be stored');
      expect(await headend.api.action(id)).toMatchObject({ state: 'accepted' });
      await network.up();
      expect(await headend.api.reached(id)).toMatchObject({ state: 'done', result: { pressed: ['INFO'] } });
      await agent.idle();
      expect(finalReports(await headend.api.action(id))).toHaveLength(1);
      expect(agent.events('key')).toHaveLength(1);
    },
  );

  test('what expires while the agent is dead never runs, and says so', async ({ onTestFinished }) => {
    const { box, agent } = await startBox('mqtt', onTestFinished);
    const [when, expires] = [inSeconds(4), inSeconds(4.5)];
    const id = await headend.api.act(box.id, 'EMULATEKEYS', { keys: ['INFO'] }, { when, expires });
    await headend.api.reached(id, 'accepted');
    await agent.kill();
    await until(() => Date.now() > Date.parse(expires), 'its time to pass');
    await agent.start();
    const action = await headend.api.reached(id);
    expect(action).toMatchObject({ state: 'expired', error: { code: 'EXPIRED' } });
    expect(finalReports(action)).toHaveLength(1);
    expect(agent.events('key')).toEqual([]);
  });
});
