import { expect, onTestFinished, test } from 'vitest';
import type { ActionType } from '../../agent/protocol/params.ts';
import { type AgentProcess, createAgentProcess, upstreamKinds } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { type ActionAnswer, finalReports, type HeadendApi } from '../support/headend-api.ts';
import { createRandom, testSeed } from '../support/seed.ts';
import { until } from '../support/until.ts';

const seed = testSeed();
const rounds = process.env.STB_TEST_FULL === '1' ? 40 : 4;
const perRound = 16;

const steps = ['accept', 'begin', 'finish', 'acknowledge'].flatMap((name) => [`${name}.before`, `${name}.after`]);

/** Actions whose effects can be told apart by a mark; the last may be repeated. */
type Kind = (mark: string) => [type: ActionType, params: object];
const kinds: Kind[] = [
  (mark) => ['JS', { js: `'${mark}'` }],
  (mark) => ['MESSAGE', { message: mark, duration: 1 }],
  (mark) => ['VIDEO', { video: `http://video.example/${mark}` }],
];

/** How often each marked effect happened. */
function effectsOf(agent: AgentProcess): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { event, detail } of agent.events()) {
    const mark = /m\d+-\d+/.exec(JSON.stringify(detail ?? {}))?.[0];
    if (mark && ['ui-script', 'message', 'play'].includes(event)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return counts;
}

/** Sends a round's actions at once. */
async function send(api: HeadendApi, box: string, round: number, random: (below: number) => number): Promise<void> {
  const actions = Array.from({ length: perRound }, (_, index) => {
    const kind = kinds[random(kinds.length)] as Kind;
    return kind(`m${round}-${index}`);
  });
  await Promise.all(actions.map(([type, params]) => api.act(box, type, params)));
}

function check(action: ActionAnswer, times: number): void {
  const { type, state, error } = action;
  const about = JSON.stringify({ type, params: action.params, state, error, times });
  expect(finalReports(action), about).toHaveLength(1);
  if (state === 'done') expect(times, about).toBeGreaterThan(0);
  else expect(['INTERRUPTED', 'CRASHED'], about).toContain(error?.code);
  if (type !== 'VIDEO') expect(times, about).toBeLessThan(2);
}

test(`whatever dies, every action is answered once and happens at most once (STB_TEST_SEED=${seed})`, async () => {
  const random = createRandom(seed);
  const { api, ...headend } = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const box = headend.nextBox();
  const agent = createAgentProcess({ box, headend, upstreams: upstreamKinds }, onTestFinished);
  await agent.start();
  for (let round = 0; round < rounds; round += 1) {
    const step = `journal.${steps[random(steps.length)]}`;
    const kind = random(3) === 0 ? 'power-cut' : 'kill';
    const { bootCount } = await agent.tv.state();
    await agent.tv.fault({ kind, step });
    await send(api, box.id, round, random);
    if (kind === 'power-cut')
      await until(async () => (await agent.tv.state()).bootCount > bootCount, 'the power to be cut');
    else {
      await agent.ended();
      await agent.start();
    }
  }
  const asked = (await api.actionsOf(box.id)).map(({ id }) => id);
  expect(asked).toHaveLength(rounds * perRound);
  for (const id of asked) await api.reached(id);
  await agent.idle();
  const effects = effectsOf(agent);
  for (const id of asked) {
    const action = await api.action(id);
    const mark = /m\d+-\d+/.exec(JSON.stringify(action.params))?.[0] ?? '';
    check(action, effects.get(mark) ?? 0);
  }
});
