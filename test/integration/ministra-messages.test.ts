/** Messages that a portal repeats, keeps waiting or takes back, on a simulated box of a real agent process. */
import { describe, expect, test } from 'vitest';
import { askAgent } from '../../agent/control.ts';
import type { Finding } from '../../agent/introspection.ts';
import type { AgentProcess } from '../support/agent-process.ts';
import type { Portal } from '../support/portal.ts';
import { createPortalAgent } from '../support/portal-agent.ts';
import { until } from '../support/until.ts';

const onScreen = (agent: AgentProcess) => until(async () => (await agent.tv.state()).scene.message, 'the message');
const confirmed = (portal: Portal, id: number) => until(() => portal.box.queue.find(id)?.confirmed, `${id} confirmed`);
const ministra = async (agent: AgentProcess) => (await agent.status()).upstreams[0]!;

async function polls(portal: Portal, count: number): Promise<void> {
  const before = portal.asked('get_events').length;
  await until(() => portal.asked('get_events').length >= before + count, `${count} polls`);
}

describe.concurrent('under a portal', () => {
  test('a message is confirmed as soon as it is on the screen, where that is configured, and stays there', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished, { 'upstream.ministra.confirm': 'shown' });
    await agent.start();
    const [first, second] = [
      portal.send({ event: 'send_msg', msg: 'One' }),
      portal.send({ event: 'send_msg', msg: 'Two' }),
    ];
    await confirmed(portal, first);
    await confirmed(portal, second);
    expect(agent.events('message')).toHaveLength(2);
    expect(agent.events('message-ended')).toHaveLength(0);
    await agent.tv.press('OK');
    await agent.tv.press('OK');
    await agent.idle();
  });

  test('a message that a restart took away before it was read is shown again, until it is read', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    const id = portal.send({ event: 'send_msg', msg: 'Read me' });
    await onScreen(agent);
    portal.send({ event: 'reboot' });
    await until(() => agent.events('reboot').length === 1);
    await until(() => agent.events('message').length === 2, 'the message to be shown again');
    expect(portal.box.queue.find(id)?.confirmed).toBe(false);
    await agent.tv.press('OK');
    await confirmed(portal, id);
    await polls(portal, 3);
    expect(agent.events('message')).toHaveLength(2);
  });

  test('a box that is switched off shows a message once however often it comes, and confirms it when it is switched on', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    await until(async () => (await ministra(agent)).state === 'connected');
    portal.box.disabled = true;
    const id = portal.send({ event: 'send_msg', msg: 'Please pay.' });
    await onScreen(agent);
    await agent.tv.press('OK');
    await until(async () => /switched this box off/.test((await ministra(agent)).lastError ?? ''), 'the reason');
    expect((await ministra(agent)).state).not.toBe('connected');
    const findings = JSON.parse(await askAgent(agent.stateDir, '/doctor')) as Finding[];
    expect(findings.find(({ name }) => name === 'upstream ministra')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('the operator has switched this box off at the portal (status 1)'),
    });
    await polls(portal, 2);
    expect(portal.box.queue.find(id)).toMatchObject({ confirmed: false });
    portal.box.disabled = false;
    await confirmed(portal, id);
    expect(agent.events('message')).toHaveLength(1);
    await agent.idle();
  });

  test('a box that is switched on again is free, also where the portal never sends cut_on', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    const blocked = async () => (await agent.tv.state()).scene.blocked !== undefined;
    await until(async () => (await ministra(agent)).state === 'connected');
    portal.box.disabled = true;
    portal.send({ event: 'cut_off' });
    await until(blocked, 'the screen to be blocked');
    await until(async () => /switched this box off/.test((await ministra(agent)).lastError ?? ''), 'the reason');
    await agent.kill();
    portal.box.disabled = false;
    await agent.start();
    await until(async () => !(await blocked()), 'the screen to be free');
    await agent.idle();
    expect(await agent.status()).not.toHaveProperty('cutOffSince');
    expect(portal.asked('handshake')).toHaveLength(1);
  });

  test('a box that is cut off, and not switched off, stays so over restarts', async ({ onTestFinished }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    portal.send({ event: 'cut_off' });
    await until(async () => (await agent.tv.state()).scene.blocked, 'the screen to be blocked');
    await agent.kill();
    await agent.start();
    await polls(portal, 3);
    expect((await agent.tv.state()).scene.blocked).toBeDefined();
    expect(portal.asked('get_profile')).toHaveLength(1);
  });

  test('a command that the portal hands out twice, as it does to parallel pollers, runs once', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    const id = portal.send({ event: 'show_menu' });
    const event = portal.box.queue.find(id)!;
    for (let times = 1; times <= 3; times += 1) {
      await until(() => event.delivered === times);
      event.ended = false;
    }
    event.ended = true;
    await polls(portal, 2);
    expect(agent.events('key').filter(({ detail }) => detail?.key === 'MENU')).toHaveLength(1);
  });

  test('a box that another device has thrown out comes back, and runs what it had taken', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    const id = portal.send({ event: 'send_msg', msg: 'Hello' });
    await onScreen(agent);
    portal.takeOver();
    await until(async () => /Authorization failed/.test((await ministra(agent)).lastError ?? ''), 'the loss');
    await agent.tv.press('OK');
    await confirmed(portal, id);
    expect(portal.asked('handshake')).toHaveLength(2);
    expect(agent.log()).not.toContain(String(portal.box.token));
  });

  test('SIGTERM in the middle of polls ends the agent in good order, and the token is kept', async ({
    onTestFinished,
  }) => {
    const { portal, agent } = await createPortalAgent(onTestFinished);
    await agent.start();
    await polls(portal, 2);
    expect(await agent.terminate()).toEqual({ code: 0, signal: null });
    await agent.start();
    await polls(portal, 2);
    expect(portal.asked('handshake')).toHaveLength(1);
    expect(portal.asked('get_profile')).toHaveLength(1);
  });
});
