import { expect } from 'vitest';
import type { Config } from '../../agent/config.ts';
import { type AgentProcess, createAgentProcess, type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../support/agents-headend.ts';
import { type ActionAnswer, finalReports } from '../support/headend-api.ts';
import { type Site, startSite } from '../support/site.ts';
import type { After } from '../support/undo.ts';

/** A box of the fleet, and the action that it was last asked for. */
export type FleetBox = { id: string; upstream: UpstreamKind; agent: AgentProcess; asked: string };

/** A headend and three boxes in one group, each a process of its own and on an upstream of its own. */
export type Fleet = {
  headend: AgentsHeadend;
  site: Site;
  boxes: readonly FleetBox[];
  /** The documented group action: `query` is what follows the group in the document's examples. Every box is asked. */
  ask(query: string): Promise<void>;
  /** The same, and waits until every box is done. */
  done(query: string): Promise<void>;
  /** What has become of what a box was asked for; it must be `done`, and answered once. */
  resultOf(box: FleetBox): Promise<ActionAnswer & { result: Record<string, unknown> }>;
  /** The result of what a box was asked for, once it says how it ended; it is answered once all the same. */
  endOf(box: FleetBox): Promise<Record<string, unknown>>;
  /** Does the same with every box at once; an error says which box it is about. */
  each(check: (box: FleetBox) => Promise<void>): Promise<void>;
};

export async function startFleet(after: After, config: Partial<Config> = {}): Promise<Fleet> {
  const headend = await startAgentsHeadend({ boxes: upstreamKinds.length, after });
  const site = await startSite(after);
  const { api, agentConfig, demo } = headend;
  const boxes = upstreamKinds.map((upstream): FleetBox => {
    const box = headend.nextBox();
    const options = { box, headend, upstreams: [upstream], config: { ...agentConfig, ...config } };
    return { id: box.id, upstream, agent: createAgentProcess(options, after), asked: '' };
  });

  async function each(check: (box: FleetBox) => Promise<void>): Promise<void> {
    const checks = boxes.map((box) =>
      check(box).catch((error) => {
        error.message = `the box on ${box.upstream}: ${error.message}`;
        throw error;
      }),
    );
    await Promise.all(checks);
  }

  async function ask(query: string): Promise<void> {
    const response = await api.get(`/iptv/device/action?group=${demo.groups.business}&${query}`);
    expect(await response.json()).toEqual({ success: true, devices: boxes.length, skipped: 0 });
    await each(async (box) => {
      const [newest] = await api.actionsOf(box.id);
      box.asked = newest?.id ?? '';
    });
  }

  async function resultOf(box: FleetBox): Promise<ActionAnswer & { result: Record<string, unknown> }> {
    const action = await api.reached(box.asked);
    const { state, error, result } = action;
    expect({ state, error }).toEqual({ state: 'done', error: null });
    expect(finalReports(action)).toHaveLength(1);
    return { ...action, result: result ?? {} };
  }

  async function endOf(box: FleetBox): Promise<Record<string, unknown>> {
    await api.ended(box.asked);
    return (await resultOf(box)).result;
  }

  await each(async ({ agent }) => agent.start());
  await each(({ id }) => api.online(id));
  return {
    headend,
    site,
    boxes,
    ask,
    async done(query) {
      await ask(query);
      await each(async (box) => void (await resultOf(box)));
    },
    resultOf,
    endOf,
    each,
  };
}
