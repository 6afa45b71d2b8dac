import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionType } from '../../agent/protocol/params.ts';
import type { BoxEventName } from '../../platform/drivers/simulator/index.ts';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { finalReports } from '../support/headend-api.ts';
import { type After, undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: AgentsHeadend;

beforeAll(async () => {
  headend = await startAgentsHeadend({ boxes: 9, after: shared.after });
});
afterAll(shared.all);

async function startBox(after: After) {
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt'], config: headend.agentConfig }, after);
  await agent.start();
  return { box, agent, bootId: await bootIdOf(agent) };
}

const bootIdOf = async (agent: AgentProcess) => (await agent.tv.state()).bootId;

type Cut = {
  type: ActionType;
  params?: object;
  step: string;
  state: 'done' | 'failed';
  /** What is counted, and how often it may have happened. */
  counted: [event: BoxEventName, times: number];
  why: string;
};

const cuts: Cut[] = [
  {
    type: 'VOLUME',
    params: { volume: 21 },
    step: 'begin.after',
    state: 'done',
    counted: ['volume', 1],
    why: 'it runs again',
  },
  {
    type: 'JS',
    params: { js: '1' },
    step: 'begin.after',
    state: 'failed',
    counted: ['ui-script', 0],
    why: 'nobody knows whether it ran',
  },
  {
    type: 'MESSAGE',
    params: { message: 'Hello', duration: 1 },
    step: 'finish.after',
    state: 'done',
    counted: ['message', 1],
    why: 'its result is stored',
  },
  {
    type: 'SWITCH_OFF',
    step: 'finish.before',
    state: 'failed',
    counted: ['standby', 1],
    why: 'the power brought the box back on',
  },
  { type: 'REBOOT', step: 'begin.after', state: 'done', counted: ['reboot', 0], why: 'the box has a new boot id' },
  {
    type: 'FIRMWARE',
    step: 'remember.after',
    state: 'failed',
    counted: ['install', 0],
    why: 'nothing was written',
  },
];

describe.concurrent('the power is cut', () => {
  for (const { type, params, step, state, counted, why } of cuts) {
    test(`${type}, power cut at ${step}: the headend hears ${state}, for ${why}`, async ({ onTestFinished }) => {
      const { box, agent, bootId } = await startBox(onTestFinished);
      await agent.tv.fault({ kind: 'power-cut', step: `journal.${step}`, type });
      const id = await headend.api.act(box.id, type, params);
      const action = await headend.api.reached(id);
      await agent.idle();
      expect(action).toMatchObject({ state, error: state === 'done' ? null : { code: 'INTERRUPTED' } });
      expect(finalReports(await headend.api.action(id))).toHaveLength(1);
      const [event, times] = counted;
      expect(agent.events(event)).toHaveLength(times);
      expect(agent.events('power-cut')).toHaveLength(1);
      expect(await bootIdOf(agent)).not.toBe(bootId);
      expect((await headend.api.box(box.id)).bootId).toBe(await bootIdOf(agent));
    });
  }
});

describe.concurrent('REBOOT', () => {
  test('two that come together restart the box twice, and each proves its own', async ({ onTestFinished }) => {
    const { box, agent, bootId } = await startBox(onTestFinished);
    // Another `when` makes it another action; both are due at once.
    const past = (seconds: number) => ({ when: new Date(Date.now() - seconds * 1000).toISOString() });
    const first = await headend.api.act(box.id, 'REBOOT', {}, past(2));
    const second = await headend.api.act(box.id, 'REBOOT', {}, past(1));
    const results = [await headend.api.reached(first), await headend.api.reached(second)].map(({ result }) => result);
    expect(results[0]).toMatchObject({ bootIdBefore: bootId });
    expect(results[1]).toMatchObject({ bootIdBefore: results[0]?.bootIdAfter });
    await agent.idle();
    expect(await bootIdOf(agent)).toBe(results[1]?.bootIdAfter);
    expect(agent.events('reboot')).toHaveLength(2);
  });

  test('one that comes while a message is up ends the message, which says so', async ({ onTestFinished }) => {
    const { box, agent } = await startBox(onTestFinished);
    const message = await headend.api.act(box.id, 'MESSAGE', { message: 'Stay', duration: 600 });
    await until(() => agent.events('message').length === 1, 'the message on the screen');
    const reboot = await headend.api.act(box.id, 'REBOOT');
    expect(await headend.api.reached(reboot)).toMatchObject({ state: 'done' });
    const ended = await headend.api.reached(message);
    expect(ended).toMatchObject({ state: 'done', result: { ended: 'interrupted' } });
    expect(finalReports(ended)).toHaveLength(1);
  });

  test('one whose agent dies before the box goes down is not taken for done', async ({ onTestFinished }) => {
    const { box, agent, bootId } = await startBox(onTestFinished);
    await agent.tv.fault({ kind: 'hang', capability: 'power' });
    const id = await headend.api.act(box.id, 'REBOOT');
    await headend.api.reached(id, 'started');
    await agent.kill();
    await agent.start();
    expect(await headend.api.reached(id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
    expect(await bootIdOf(agent)).toBe(bootId);
  });
});
