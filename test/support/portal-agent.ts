import type { Config } from '../../agent/config.ts';
import { type AgentProcess, createAgentProcess } from './agent-process.ts';
import { type Portal, startPortal } from './portal.ts';
import type { After } from './undo.ts';

export const portalMac = '00:1A:79:00:B0:C5';

/** A portal, and the agent of a box that belongs to it; nothing runs before `agent.start`. */
export async function createPortalAgent(
  after: After,
  config: Partial<Config> = {},
): Promise<{ portal: Portal; agent: AgentProcess }> {
  const portal = await startPortal(portalMac, after);
  const agent = createAgentProcess(
    {
      box: { id: 'b0c5', mac: portalMac, token: '' },
      upstreams: [],
      config: {
        'upstream.ministra.url': portal.url,
        'upstream.ministra.serial': 'SN7',
        'upstream.ministra.poll_factor': 0.1,
        ...config,
      },
    },
    after,
  );
  return { portal, agent };
}
