import type { Browser } from 'playwright-core';
import type { Config } from '../../agent/config.ts';
import { type AgentProcess, createAgentProcess, type UpstreamKind, upstreamKinds } from './agent-process.ts';
import { openBrowser, prepareConsole } from './console-page.ts';
import { type HeadendProcess, startHeadendProcess } from './headend-process.ts';
import type { After } from './undo.ts';

/** A headend, boxes and a browser, each a process of its own. */
export type ConsoleSite = {
  readonly headend: HeadendProcess;
  readonly browser: Browser;
  readonly boxes: readonly { id: string; name: string; agent: AgentProcess }[];
  token(role: 'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller' | 'admin'): string;
};

/** `running` boxes of the demonstration have an agent; the first three are in the hotel. */
export async function startConsoleSite(options: {
  running: number;
  known?: number;
  /** More of what each agent is configured with. */
  config?: Partial<Config>;
  after: After;
}): Promise<ConsoleSite> {
  const { running, after, known = Math.max(3, running) } = options;
  await prepareConsole();
  const headend = await startHeadendProcess({ boxes: known, after });
  const boxes = headend.demo.boxes.slice(0, running).map((box, index) => {
    const upstreams: UpstreamKind[] = [upstreamKinds[index % upstreamKinds.length] ?? 'mqtt'];
    const config = { 'speedtest.seconds': 0.5, ...options.config };
    return { id: box.id, name: box.name, agent: createAgentProcess({ box, headend, upstreams, config }, after) };
  });
  await Promise.all(boxes.map(({ agent }) => agent.start()));
  await Promise.all(boxes.map(({ id }) => headend.api.online(id)));
  const browser = await openBrowser(after);
  return { headend, browser, boxes, token: (role) => headend.demo.users[role].token };
}
