import { describe, expect, test } from 'vitest';
import { type AgentProcess, createAgentProcess, type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { finalReports } from '../support/headend-api.ts';
import { type HeadendProcess, startHeadendProcess } from '../support/headend-process.ts';
import type { After } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** The n-th demonstration box of a headend, and its agent. */
async function startBox(headend: HeadendProcess, upstream: UpstreamKind, after: After, number = 0) {
  const box = headend.demo.boxes[number];
  if (!box) throw new Error(`the headend has no box ${number}`);
  const agent = createAgentProcess({ box, headend, upstreams: [upstream] }, after);
  await agent.start();
  return { box, agent };
}

const unreported = async (agent: AgentProcess) => (await agent.status()).queue.unreported;

describe.concurrent('the headend is killed', { timeout: 120_000 }, () => {
  test.for(upstreamKinds)(
    'a result that is ready while the headend is dead arrives over %s, though the agent dies too',
    async (upstream, { onTestFinished }) => {
      const headend = await startHeadendProcess({ after: onTestFinished });
      const { box, agent } = await startBox(headend, upstream, onTestFinished);
      const id = await headend.api.act(box.id, 'MESSAGE', { message: 'Are you there?', duration: 600 });
      await headend.api.reached(id);
      await until(async () => (await unreported(agent)) === 0, 'nothing but the end to be told');
      await headend.kill();
      await agent.tv.press('OK');
      await until(async () => (await unreported(agent)) === 1, 'a result that nobody takes');
      await agent.kill();
      await headend.start();
      await agent.start();
      const action = await headend.api.ended(id);
      expect(action).toMatchObject({ state: 'done', result: { ended: 'dismissed' } });
      expect(finalReports(action)).toHaveLength(1);
      await agent.idle();
    },
  );

  test('a headend that dies in the middle of 100 actions loses none and repeats none', async ({ onTestFinished }) => {
    const headend = await startHeadendProcess({ after: onTestFinished });
    const boxes = await Promise.all(
      upstreamKinds.map((upstream, number) => startBox(headend, upstream, onTestFinished, number)),
    );
    for (const { agent } of boxes) await agent.tv.fault({ kind: 'slow', ms: 40, capability: 'keys' });
    const asked = await Promise.all(
      Array.from({ length: 99 }, async (_, index) => {
        const box = boxes[index % boxes.length]?.box.id ?? '';
        return headend.api.act(box, 'EMULATEKEYS', { keys: ['INFO'], gap: index });
      }),
    );
    const pressed = () => boxes.reduce((sum, { agent }) => sum + agent.events('key').length, 0);
    await until(() => pressed() >= 20, '20 keys to be pressed');
    await headend.kill();
    expect(pressed()).toBeLessThan(99);
    await headend.start();
    for (const id of asked) {
      const action = await headend.api.reached(id);
      expect(action).toMatchObject({ state: 'done', result: { pressed: ['INFO'] } });
      expect(finalReports(action)).toHaveLength(1);
    }
    expect(pressed()).toBe(99);
  });
});
