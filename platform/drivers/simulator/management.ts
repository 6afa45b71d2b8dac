import type { Duplex } from 'node:stream';
import { type Management, PlatformError, type Tunnel, type TunnelTarget } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import { connectSsh } from './ssh.ts';

/** Reverse SSH tunnels to `serve`, which gets each connection that comes through one. */
export function createManagement(box: Box, faults: Faults, serve: (stream: Duplex) => void): Management {
  const open = new Set<Tunnel>();

  const openTunnel = async (target: TunnelTarget, signal: AbortSignal): Promise<Tunnel> => {
    const { host, port, lifetimeMs } = target;
    const ends = AbortSignal.any([signal, box.closed]);
    const session = await connectSsh(target, ends, serve).catch((error: Error) => {
      ends.throwIfAborted();
      throw new PlatformError(
        'TUNNEL_FAILED',
        `opening a tunnel from port ${target.remotePort} of ${host}:${port} to this box: ${error.message}`,
        { cause: error },
      );
    });
    const { remotePort } = session;
    const timer = setTimeout(session.end, lifetimeMs);
    box.closed.addEventListener('abort', session.end);
    const tunnel: Tunnel = {
      host,
      remotePort,
      closesAt: Date.now() + lifetimeMs,
      async close() {
        session.end();
        await session.closed;
      },
    };
    open.add(tunnel);
    void session.closed.then(() => {
      clearTimeout(timer);
      box.closed.removeEventListener('abort', session.end);
      open.delete(tunnel);
      box.record('tunnel-closed', `The tunnel from port ${remotePort} of ${host} is closed.`, { host, remotePort });
    });
    box.record('tunnel', `Port ${remotePort} of ${host} leads to this box.`, { host, remotePort, lifetimeMs });
    return tunnel;
  };

  return {
    async openTunnel(target, signal) {
      await faults.pass('management', signal);
      return openTunnel(target, signal);
    },
    tunnels: () => [...open],
  };
}
