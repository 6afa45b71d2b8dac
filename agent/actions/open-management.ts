import type { Tunnel, TunnelTarget } from '../../platform/contract.ts';
import { type ActionContext, defineAction, need } from '../action.ts';
import { AgentError, errorCode } from '../errors.ts';
import { limits } from '../protocol/limits.ts';

export const openManagement = defineAction({
  type: 'MANAGEMENT',
  summary: "Opens a reverse SSH tunnel: a port of the headend's management host leads to this box for a while.",
  result: {
    host: 'the management host',
    port: 'its port that leads to this box; another one than asked for where that was taken',
    closesAt: 'when the tunnel closes by itself, RFC 3339',
  },
  capabilities: ['management'],
  group: 'management',
  idempotent: false,
  mayUseReserve: true,
  deadlineMs: () => 60_000,
  async run(params, context) {
    if (context.settings.management === undefined) {
      throw new AgentError(
        'NOT_CONFIGURED',
        'no management host: set management.host, management.key_file and management.host_key in the configuration',
      );
    }
    const { sshPort: port, ...host } = context.settings.management;
    const lifetimeMs = (params.lifetime ?? limits.tunnelSeconds.default) * 1000;
    const tunnel = await open({ ...host, port, remotePort: params.port, lifetimeMs }, context);
    return { host: tunnel.host, port: tunnel.remotePort, closesAt: new Date(tunnel.closesAt).toISOString() };
  },
});

/**
 * Opens the tunnel at the port asked for, in place of one that this box has there already. Where it cannot be had, the host chooses
 * one: a group of boxes is asked for the same port, and only one of them can get it.
 */
async function open(target: TunnelTarget, { platform, signal }: ActionContext): Promise<Tunnel> {
  const management = need(platform, 'management');
  const isSame = (tunnel: Tunnel) => tunnel.host === target.host && tunnel.remotePort === target.remotePort;
  for (const tunnel of management.tunnels().filter(isSame)) await tunnel.close();
  try {
    return await management.openTunnel(target, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (errorCode(error) !== 'TUNNEL_FAILED') throw error;
    return management.openTunnel({ ...target, remotePort: 0 }, signal).catch(() => {
      throw error;
    });
  }
}
