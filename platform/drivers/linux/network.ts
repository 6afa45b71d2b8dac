import { networkInterfaces } from 'node:os';
import { type Link, type Network, PlatformError } from '../../contract.ts';
import { parseDefaultRoute } from '../../proc.ts';
import type { System } from './system.ts';
import { parseWireless } from './wireless.ts';

/** The addresses of each interface, as Node tells them. */
export type Addresses = () => NodeJS.Dict<{ address: string; family: string; internal: boolean }[]>;

/** Reads the link anew each time: cables are pulled. `addresses` is this machine's, except in tests. */
export function createNetwork(system: System, addresses: Addresses = networkInterfaces): Network {
  return {
    async link() {
      const name =
        parseDefaultRoute(system.read('/proc/net/route') ?? '') ??
        parseDefaultRoute6(system.read('/proc/net/ipv6_route') ?? '') ??
        upInterfaces(system)[0];
      if (name === undefined) {
        throw new PlatformError(
          'DEVICE_FAILED',
          'looking for the link of the default route: no network interface is up; plug in the cable, or join the wireless network',
        );
      }
      return linkOf(system, name, addresses()[name] ?? []);
    },
  };
}

/** The interfaces that lead out of the box: its cards, plugged in or not, and what the kernel has made up and is not down, as a bridge. */
export function outwardInterfaces(system: System): string[] {
  return system.list('/sys/class/net').filter((name) => {
    const at = `/sys/class/net/${name}`;
    const isOfUse = system.exists(`${at}/device`) || system.readLine(`${at}/operstate`) !== 'down';
    return isOfUse && system.readLine(`${at}/type`) !== loopback;
  });
}

/** ARPHRD_LOOPBACK (linux/if_arp.h) */
const loopback = '772';

function upInterfaces(system: System): string[] {
  return outwardInterfaces(system).filter((name) => system.readLine(`/sys/class/net/${name}/operstate`) === 'up');
}

/** The interface of the default route in /proc/net/ipv6_route: destination, its length, source, its length, gateway, metric, use, …, flags, interface. */
export function parseDefaultRoute6(table: string): string | undefined {
  const routes = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([destination, length, , , , , , , flags, name]) => {
      const isUp = (Number.parseInt(flags ?? '0', 16) & 1) !== 0;
      return /^0{32}$/.test(destination ?? '') && length === '00' && isUp && name !== 'lo';
    });
  return routes.toSorted((a, b) => Number.parseInt(a[5] ?? '0', 16) - Number.parseInt(b[5] ?? '0', 16))[0]?.[9];
}

function linkOf(system: System, name: string, addresses: { address: string; family: string }[]): Link {
  const at = `/sys/class/net/${name}`;
  const isWifi = system.exists(`${at}/wireless`) || system.exists(`${at}/phy80211`);
  const isEthernet = system.readLine(`${at}/type`) === '1' && system.exists(`${at}/device`);
  const address = (addresses.find(({ family }) => family === 'IPv4') ?? addresses[0])?.address;
  // The kernel says -1 where the speed is not known, as on a virtual link, and refuses to say where there is no carrier.
  const speedMbps = Number.parseInt(system.readLine(`${at}/speed`) ?? '', 10);
  const level = parseWireless(system.read('/proc/net/wireless') ?? '').find((each) => each.interface === name);
  return {
    interface: name,
    kind: isWifi ? 'wifi' : isEthernet ? 'ethernet' : 'other',
    ...(address !== undefined && { address }),
    ...(speedMbps > 0 && { speedMbps }),
    ...(level && { wifiSignalDbm: level.signalDbm }),
  };
}

/** Whether something on this box listens on a TCP port: state 0A in /proc/net/tcp and tcp6 (proc(5)). */
export function listensOn(system: System, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A `, 'm');
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((file) => line.test(system.read(file) ?? ''));
}
