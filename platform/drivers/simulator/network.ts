import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Link, type Network, PlatformError } from '../../contract.ts';
import { parseDefaultRoute } from '../../proc.ts';
import type { Faults } from './faults.ts';

/** The link of the machine the box is simulated on; the box itself has only a cable. */
export function createNetwork(faults: Faults): Network {
  return {
    async link() {
      await faults.pass('network');
      const name = parseDefaultRoute(read('/proc/net/route')) ?? firstInterface();
      if (name === undefined) {
        throw new PlatformError(
          'DEVICE_FAILED',
          'looking for the link of the default route: no network interface is up; plug in a cable',
        );
      }
      return linkOf(name);
    },
  };
}

function linkOf(name: string): Link {
  const addresses = networkInterfaces()[name] ?? [];
  const address = (addresses.find(({ family }) => family === 'IPv4') ?? addresses[0])?.address;
  // The kernel says -1 where the speed is not known, as on a virtual link.
  const speedMbps = Number.parseInt(read(`/sys/class/net/${name}/speed`), 10);
  return {
    interface: name,
    kind: 'ethernet',
    ...(address !== undefined && { address }),
    ...(speedMbps > 0 && { speedMbps }),
  };
}

/** Without a default route: the first interface that leads anywhere, else the loopback. */
function firstInterface(): string | undefined {
  const interfaces = Object.entries(networkInterfaces());
  const outward = interfaces.find(([, addresses]) => addresses?.some(({ internal }) => !internal));
  return (outward ?? interfaces[0])?.[0];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
