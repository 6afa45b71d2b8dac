/** What the architecture promises and neither the examples nor the crash table show, on real processes. */
import { expect, test } from 'vitest';
import { createAgentProcess } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';

const nowhere = async () => {
  const port = await freePort();
  return { url: `http://127.0.0.1:${port}`, mqttUrl: `mqtt://127.0.0.1:${await freePort()}` };
};

test.concurrent('an action that hangs is given up at its deadline, and the others do not wait for it', async ({
  onTestFinished,
}) => {
  const { api, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt'] }, onTestFinished);
  await agent.start();
  await agent.tv.fault({ kind: 'hang', capability: 'audio' });
  const hanging = await api.act(box.id, 'VOLUME', { volume: 11 });
  await api.reached(hanging, 'started');
  for (const [type, params] of [
    ['JS', { js: '1' }],
    ['EMULATEKEYS', { keys: ['INFO'] }],
    ['SCREENSHOT', {}],
  ] as const) {
    expect(await api.reached(await api.act(box.id, type, params))).toMatchObject({ state: 'done' });
  }
  expect(await api.action(hanging)).toMatchObject({ state: 'started' });
  expect(await api.reached(hanging)).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' } });
});

test.concurrent('what the box cannot do is refused with the name of what it lacks, the reason and the cure', async ({
  onTestFinished,
}) => {
  const { api, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = headend.nextBox();
  const config = { 'platform.simulator.lacks': ['tuner', 'ui'] };
  const agent = createAgentProcess({ box, headend, upstreams: ['websocket'], config }, onTestFinished);
  await agent.start();
  for (const [type, params, lacks] of [
    ['DVB', {}, 'tuner'],
    ['MESSAGE', { message: 'Hello' }, 'ui'],
    ['FIRMWARE', {}, 'firmware'],
  ] as const) {
    const action = await api.reached(await api.act(box.id, type, params));
    expect(action).toMatchObject({ state: 'refused', error: { code: 'UNSUPPORTED' } });
    expect(action.error?.message).toMatch(new RegExp(`^${lacks}: .+; .+`));
  }
});

test.concurrent('with no network at all the agent starts, and runs what it is asked for on the box', async ({
  onTestFinished,
}) => {
  const headend = await nowhere();
  const box = { id: 'lonely', mac: '00:1A:79:00:00:99', token: 'none' };
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt', 'heartbeat'] }, onTestFinished);
  await agent.start();
  const run = (...args: string[]) => {
    const program = startProgram('agent/cli.ts', [...args, '--config', `${agent.stateDir}/agent.toml`]);
    onTestFinished(() => program.signal('SIGKILL'));
    return program;
  };
  const volume = run('do', 'VOLUME', 'volume=64');
  expect(await volume.ended).toEqual({ code: 0, signal: null });
  expect(await agent.tv.state()).toMatchObject({ volume: 64 });
  const reboot = run('do', 'REBOOT');
  expect(await reboot.ended).toEqual({ code: 0, signal: null });
  expect(reboot.output()).toContain('bootIdAfter');
  expect(await agent.tv.state()).toMatchObject({ bootCount: 2, bootReason: 'reboot' });
  expect((await agent.status()).queue).toMatchObject({ waiting: 0, running: 0, unreported: 0 });
});
