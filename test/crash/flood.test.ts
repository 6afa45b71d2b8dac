import { expect, onTestFinished, test } from 'vitest';
import type { ActionType } from '../../agent/protocol/params.ts';
import { createAgentProcess } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { until } from '../support/until.ts';

/** How many of each type: 2,000 in all, of types that run beside one another. */
const counts = { VOLUME: 1_200, MESSAGE: 500, EMULATEKEYS: 250, JS: 50 };
type FloodType = keyof typeof counts & ActionType;

const params: Record<FloodType, (index: number) => object> = {
  VOLUME: (index) => ({ volume: index % 101 }),
  MESSAGE: (index) => ({ message: `Message ${index}`, duration: 1 }),
  EMULATEKEYS: () => ({ keys: ['INFO'] }),
  JS: (index) => ({ js: `${index} + 1` }),
};

/** Some ten seconds of work, and much more beside other tests on a small machine. */
const timeoutMs = 240_000;

/** How many requests the test has under way at once. */
const callers = 20;

test('2,000 actions at once are all done, each once', { timeout: timeoutMs }, async () => {
  const { api, nextBox, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: ['mqtt'] }, onTestFinished);
  const todo = Object.entries(counts).flatMap(([type, count]) =>
    Array.from({ length: count }, (_, index) => ({ type: type as FloodType, index })),
  );
  // A time of its own, in the past, keeps the headend from skipping an action that looks like another one.
  const now = Date.now();
  const call = async () => {
    for (let next = todo.pop(); next; next = todo.pop()) {
      const when = new Date(now - 1 - todo.length).toISOString();
      await api.act(box.id, next.type, params[next.type](next.index), { when });
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  await agent.start();
  await until(() => agent.events('message').length > 0, 'the flood to reach the box');
  await agent.idle(timeoutMs);

  const actions = await api.actionsOf(box.id);
  expect(actions).toHaveLength(2_000);
  expect(actions.filter(({ state }) => state !== 'done')).toEqual([]);
  expect(agent.events('volume')).toHaveLength(counts.VOLUME);
  expect(agent.events('message')).toHaveLength(counts.MESSAGE);
  expect(agent.events('key')).toHaveLength(counts.EMULATEKEYS);
  expect(agent.events('ui-script')).toHaveLength(counts.JS);
});
