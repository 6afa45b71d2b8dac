import { type Management, PlatformError, type Tunnel, type TunnelTarget } from '../../contract.ts';
import { openSshTunnel, type SshClient } from './ssh.ts';

export type LinuxManagement = Management & { close(): Promise<void> };

/** Reverse tunnels by the box's own SSH client, to the port of its shell service. */
export function createManagement(client: SshClient, shellPort: number): LinuxManagement {
  const open = new Set<Tunnel>();
  const closing = new AbortController();

  const openTunnel = async (target: TunnelTarget, signal: AbortSignal): Promise<Tunnel> => {
    const { host, port, lifetimeMs } = target;
    const ends = AbortSignal.any([signal, closing.signal]);
    const running = await openSshTunnel(client, target, shellPort, ends).catch((error: Error) => {
      ends.throwIfAborted();
      throw new PlatformError(
        'TUNNEL_FAILED',
        `opening a tunnel from port ${target.remotePort} of ${host}:${port} to this box: ${error.message}`,
        { cause: error },
      );
    });
    const timer = setTimeout(() => void running.stop(), lifetimeMs);
    const tunnel: Tunnel = {
      host,
      remotePort: running.remotePort,
      closesAt: Date.now() + lifetimeMs,
      close: running.stop,
    };
    open.add(tunnel);
    void running.ended.then(() => {
      clearTimeout(timer);
      open.delete(tunnel);
    });
    return tunnel;
  };

  return {
    openTunnel,
    tunnels: () => [...open],
    async close() {
      closing.abort(new PlatformError('TUNNEL_FAILED', 'the driver was closed'));
      await Promise.all([...open].map((tunnel) => tunnel.close()));
    },
  };
}
