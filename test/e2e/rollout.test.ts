import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentProcess, createAgentProcess, type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { type HeadendProcess, startHeadendProcess } from '../support/headend-process.ts';
import { type ImageServer, startImageServer } from '../support/image-server.ts';
import { openRolloutsApi, type RolloutAnswer, type RolloutsApi } from '../support/rollouts-api.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

/** Firmware rollouts with a headend and agents that are processes of their own: four boxes, twenty in the full run. */

const boxCount = process.env.STB_TEST_FULL === '1' ? 20 : 4;
const waves = boxCount === 20 ? [10, 50, 100] : [25, 50, 100];
/** Everything may be slow on a loaded machine: what is awaited is that it happens at all. */
const patient = 240_000;

const undo = undoList();
let headend: HeadendProcess;
let images: ImageServer;
let rollouts: RolloutsApi;
let agents: { box: string; agent: AgentProcess }[];

beforeAll(async () => {
  images = await startImageServer(undo.after);
  headend = await startHeadendProcess({ boxes: boxCount, after: undo.after });
  rollouts = openRolloutsApi(() => headend.url, headend.demo.users.admin.token);
  // The headend may be away for a while when new firmware looks for it.
  const config = { ...images.agentConfig, 'firmware.confirm_seconds': 120, 'upstream.heartbeat.interval_seconds': 2 };
  agents = headend.demo.boxes.map((box, index) => {
    const upstreams: UpstreamKind[] = [upstreamKinds[index % upstreamKinds.length] ?? 'mqtt'];
    return { box: box.id, agent: createAgentProcess({ box, headend, upstreams, config }, undo.after) };
  });
  for (let first = 0; first < agents.length; first += 4) {
    await Promise.all(agents.slice(first, first + 4).map(({ agent }) => agent.start()));
  }
  for (const { box } of agents) await headend.api.online(box);
}, patient);
afterAll(undo.all);

async function begin(firmware: string): Promise<RolloutAnswer> {
  const { status, body } = await rollouts.begin({ all: true, firmware, waves, gate: 95 });
  expect(status).toBe(200);
  return body;
}
const is = (state: string) => (rollout: RolloutAnswer) => rollout.state === state;
const installs = () => agents.map(({ agent }) => agent.events('install').length);

/** The version that each box runs. */
async function versions(): Promise<(string | undefined)[]> {
  const states = await Promise.all(agents.map(({ agent }) => agent.tv.state()));
  return states.map(({ slots }) => slots.find(({ booted }) => booted)?.version ?? undefined);
}

describe(`a rollout over ${boxCount} boxes`, () => {
  test(
    'a bad image: it stops at the gate by itself, says why, and every box runs the old image',
    async () => {
      const [old, before] = [await versions(), installs()];
      const { id } = await begin(images.publish({ version: '6.6.6', behaviour: 'crash' }));
      const stopped = await rollouts.until(id, 'the rollout to stop', is('stopped'), patient);
      expect(stopped).toMatchObject({ wave: 0, waves: [{ healthy: 0 }, { begunAt: null }, { begunAt: null }] });
      const first = stopped.waves[0]?.boxes ?? 0;
      expect(first).toBe(boxCount === 20 ? 2 : 1);
      expect(stopped.reason).toMatch(
        new RegExp(
          `^Wave 1: \\d of ${first} box(es)? failed: FELL_BACK \\(\\d\\), .*6\\.6\\.6.* The gate asks for 95% healthy\\.$`,
        ),
      );
      await rollouts.until(id, 'the whole wave to report', (rollout) => rollout.waves[0]?.failed === first, patient);
      await until(async () => (await versions()).join() === old.join(), 'every box to run the old image', patient);
      const begun = installs().map((count, index) => count - (before[index] ?? 0));
      expect(begun.filter((count) => count === 1)).toHaveLength(first);
      expect(begun.filter((count) => count === 0)).toHaveLength(boxCount - first);
    },
    2 * patient,
  );

  test(
    'the headend killed in the middle goes on: every box is upgraded exactly once, and rolled back exactly once',
    async () => {
      const before = installs();
      const { id } = await begin(images.publish({ version: '2.0.0' }));
      // It may be over before anybody looks, on a machine where looking takes long.
      const hasBegun = (wave: number) => (rollout: RolloutAnswer) => {
        const { running = 0, healthy = 0 } = rollout.waves[wave] ?? {};
        return running + healthy > 0;
      };
      for (const wave of [0, 1]) {
        await rollouts.until(id, `wave ${wave + 1} to be under way`, hasBegun(wave), patient);
        await headend.kill();
        await headend.start();
      }
      const done = await rollouts.until(id, 'the rollout to be done', is('done'), patient);
      expect(done.waves.reduce((sum, { healthy }) => sum + healthy, 0)).toBe(boxCount);
      expect(new Set(await versions())).toEqual(new Set(['2.0.0']));
      expect(installs()).toEqual(before.map((count) => count + 1));
      const asked = done.members.items.map(({ action }) => action);
      expect(new Set(asked).size).toBe(boxCount);

      const back = images.publish({ version: '1.0.0' });
      expect(await rollouts.order(id, 'rollback', { firmware: back })).toBe(200);
      await rollouts.until(id, 'some boxes to be on their way back', ({ back }) => {
        return (back?.running ?? 0) + (back?.done ?? 0) > 0;
      });
      await headend.kill();
      await headend.start();
      const rolledBack = await rollouts.until(id, 'the rollout to be rolled back', is('rolled-back'), patient);
      expect(rolledBack.back).toMatchObject({ done: boxCount, failed: 0, running: 0 });
      expect(new Set(await versions())).toEqual(new Set(['1.0.0']));
      expect(installs()).toEqual(before.map((count) => count + 2));
    },
    3 * patient,
  );
});
