import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { finalReports } from '../support/headend-api.ts';
import { createTcpProxy } from '../support/tcp-proxy.ts';
import { type After, undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: AgentsHeadend;

beforeAll(async () => {
  headend = await startAgentsHeadend({ boxes: 6, after: shared.after });
});
afterAll(shared.all);

/** An agent whose upstream goes through a network that can fail; downloads do not. */
async function startBox(after: After) {
  const box = headend.nextBox();
  const network = await createTcpProxy(Number(new URL(headend.mqttUrl).port));
  after(() => network.close());
  const config = {
    ...headend.agentConfig,
    'upstream.mqtt.url': `mqtt://127.0.0.1:${network.port}`,
    'firmware.confirm_seconds': 5,
  };
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt'], config }, after);
  await agent.start();
  const install = (firmware: string) => headend.api.act(box.id, 'FIRMWARE', { firmware });
  return { box, agent, network, install };
}

/** The slot that runs and the version in it. */
async function running(agent: AgentProcess) {
  const slot = (await agent.tv.state()).slots.find(({ booted }) => booted);
  return { name: slot?.name, version: slot?.version };
}

const old = { name: 'A', version: '1.0.0' };

describe.concurrent('FIRMWARE', () => {
  test('a bundle that a stranger has signed is refused, and nothing is written', async ({ onTestFinished }) => {
    const { agent, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '6.6.6', byStranger: true }));
    expect(await headend.api.reached(id)).toMatchObject({ state: 'failed', error: { code: 'BUNDLE_INVALID' } });
    expect(agent.events('install')).toEqual([]);
    expect(agent.events('reboot')).toEqual([]);
  });

  test('firmware that crashes as it starts is given up, and the old one says so', async ({ onTestFinished }) => {
    const { agent, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '2.0.0', behaviour: 'crash' }));
    const action = await headend.api.reached(id);
    expect(action).toMatchObject({
      state: 'failed',
      error: { code: 'FELL_BACK' },
      result: { from: '1.0.0', to: '2.0.0', slot: 'A' },
    });
    expect(finalReports(action)).toHaveLength(1);
    expect(await running(agent)).toEqual(old);
  });

  test('firmware that reaches no headend is given up, and the old one says so when it can', async ({
    onTestFinished,
  }) => {
    const { agent, network, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '2.1.0' }));
    await until(() => agent.events('install').length > 0, 'the flash to be written');
    await network.down();
    await until(() => agent.events('roll-back').length > 0, 'the new firmware to be given up', 60_000);
    await until(async () => (await running(agent)).name === 'A', 'the old firmware to run');
    await network.up();
    const action = await headend.api.reached(id);
    expect(action).toMatchObject({ state: 'failed', error: { code: 'FELL_BACK' } });
    expect(finalReports(action)).toHaveLength(1);
    expect(agent.events('reboot')).toHaveLength(2);
  });

  test('new firmware whose agent is killed before it is confirmed is confirmed by the next one', async ({
    onTestFinished,
  }) => {
    const { agent, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '2.2.0' }));
    await until(async () => (await running(agent)).name === 'B', 'the new firmware to run');
    await agent.kill();
    await agent.start();
    expect(await headend.api.reached(id)).toMatchObject({ state: 'done', result: { to: '2.2.0' } });
    expect((await agent.tv.state()).slots).toContainEqual({
      name: 'B',
      version: '2.2.0',
      state: 'good',
      booted: true,
    });
    expect(agent.events('install')).toHaveLength(1);
  });

  test('an upgrade whose power is cut in the middle of the flash leaves the old firmware, and says so', async ({
    onTestFinished,
  }) => {
    const { agent, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '2.3.0' }));
    await until(() => agent.events('install').length > 0, 'the flash to be written');
    await agent.tv.mains('blink');
    expect(await headend.api.reached(id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
    expect(await running(agent)).toEqual(old);
  });

  test('nothing else runs while the flash is written, and it does when the box is up again', async ({
    onTestFinished,
  }) => {
    const { box, agent, install } = await startBox(onTestFinished);
    const id = await install(headend.publish({ version: '2.4.0' }));
    await until(() => agent.events('install').length > 0, 'the flash to be written');
    const volume = await headend.api.act(box.id, 'VOLUME', { volume: 12 });
    expect(await headend.api.reached(volume)).toMatchObject({ state: 'done' });
    expect(await headend.api.reached(id)).toMatchObject({ state: 'done' });
    const order = agent.events().map(({ event }) => event);
    expect(order.indexOf('volume')).toBeGreaterThan(order.indexOf('reboot'));
  });
});
