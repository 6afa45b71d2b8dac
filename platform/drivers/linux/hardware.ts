/** What the hardware says of itself: serial number, model, MAC address. */
import { createHash } from 'node:crypto';
import type { System } from './system.ts';

/** What manufacturers leave in fields they do not fill in. */
const placeholder =
  /^(|0+|1234567(89?0?)?|none|n\/a|unknown|default( string)?|not (specified|applicable|available)|to be filled.*|system (serial number|product name|manufacturer)|o\.?e\.?m\.?|x+|\.+|-+)$/i;

/** The serial number of device tree or DMI; readable by root only on the latter. */
export function readSerial(system: System): string | undefined {
  return firstReal(system, [
    '/proc/device-tree/serial-number',
    '/sys/class/dmi/id/product_serial',
    '/sys/class/dmi/id/board_serial',
  ]);
}

export function readModel(system: System): string | undefined {
  return firstReal(system, [
    '/proc/device-tree/model',
    '/sys/class/dmi/id/product_name',
    '/sys/class/dmi/id/board_name',
  ]);
}

function firstReal(system: System, files: string[]): string | undefined {
  return files.map(system.readLine).find(isReal);
}

/** Whether a field was filled in. */
export function isReal(value: string | undefined): value is string {
  return value !== undefined && !placeholder.test(value.trim());
}

/**
 * The MAC address of the first network card: wired before wireless, one with an address of its own before one that was given its
 * address (addr_assign_type, linux/netdevice.h: 0 is permanent), by name. Virtual interfaces have no `device`.
 */
export function readMac(system: System): string | undefined {
  const cards = system.list('/sys/class/net').flatMap((name) => {
    const at = `/sys/class/net/${name}`;
    const mac = system.readLine(`${at}/address`)?.toUpperCase() ?? '';
    const isEthernet = system.readLine(`${at}/type`) === '1';
    if (!isEthernet || !/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(mac) || mac === '00:00:00:00:00:00') return [];
    const isVirtual = !system.exists(`${at}/device`);
    const isWireless = system.exists(`${at}/wireless`) || system.exists(`${at}/phy80211`);
    const isGiven = system.readLine(`${at}/addr_assign_type`) !== '0';
    return [{ mac, rank: 4 * Number(isVirtual) + 2 * Number(isWireless) + Number(isGiven) }];
  });
  return cards.toSorted((a, b) => a.rank - b.rank)[0]?.mac;
}

/** A device id of 24 hexadecimal digits that is the same for the same fact, and does not tell it. */
export function idFrom(fact: string): string {
  return createHash('sha256').update(`stb-agent ${fact}`).digest('hex').slice(0, 24);
}

/** A MAC address for a box without a network card: locally administered (IEEE 802), the same for the same id. */
export function macFrom(id: string): string {
  const bytes = createHash('sha256').update(id).digest().subarray(0, 5);
  return ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())].join(':');
}
