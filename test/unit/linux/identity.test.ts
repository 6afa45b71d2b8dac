import { expect, test } from 'vitest';
import { idFrom, isReal, macFrom, readMac, readModel, readSerial } from '../../../platform/drivers/linux/hardware.ts';
import { createIdentity, parseOsRelease } from '../../../platform/drivers/linux/identity.ts';
import { fakeBox } from '../../support/fake-box.ts';

const facts = { bootReason: 'power', slotVersion: undefined };
const nic = (name: string, mac: string, more: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries({ address: mac, type: '1', addr_assign_type: '0', 'device/vendor': '0x1af4', ...more }).map(
      ([file, text]) => [`/sys/class/net/${name}/${file}`, `${text}\n`],
    ),
  );

test('serial number and model are those of the device tree, else of DMI', () => {
  const tree = fakeBox({
    '/proc/device-tree/serial-number': '10000000abcdef12\0',
    '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.1\0',
    '/sys/class/dmi/id/product_serial': 'other\n',
  });
  expect([readSerial(tree.system), readModel(tree.system)]).toEqual([
    '10000000abcdef12',
    'Raspberry Pi 4 Model B Rev 1.1',
  ]);
  const dmi = fakeBox({
    '/sys/class/dmi/id/product_serial': 'To be filled by O.E.M.\n',
    '/sys/class/dmi/id/board_serial': 'BT0123\n',
    '/sys/class/dmi/id/product_name': 'NUC7\n',
  });
  expect([readSerial(dmi.system), readModel(dmi.system)]).toEqual(['BT0123', 'NUC7']);
});

test.each([
  '',
  '0',
  '00000000',
  'None',
  'Not Specified',
  'Default string',
  'To Be Filled By O.E.M.',
  'System Serial Number',
  '123456789',
])('what a manufacturer left in the field, %j, is not a serial number', (text) => expect(isReal(text)).toBe(false));

test('the MAC address is that of the wired card, then the wireless one, then anything', () => {
  const wifi = nic('wlan0', '00:1a:79:00:00:02', { 'wireless/x': '' });
  const wired = nic('eth1', '00:1a:79:00:00:01');
  const bridge = { '/sys/class/net/br0/address': '02:00:00:00:00:09\n', '/sys/class/net/br0/type': '1\n' };
  const lo = { '/sys/class/net/lo/address': '00:00:00:00:00:00\n', '/sys/class/net/lo/type': '772\n' };
  expect(readMac(fakeBox({ ...lo, ...bridge, ...wifi, ...wired }).system)).toBe('00:1A:79:00:00:01');
  expect(readMac(fakeBox({ ...lo, ...bridge, ...wifi }).system)).toBe('00:1A:79:00:00:02');
  expect(readMac(fakeBox({ ...lo, ...bridge }).system)).toBe('02:00:00:00:00:09');
  expect(readMac(fakeBox(lo).system)).toBeUndefined();
});

test('an address that a card was given comes after one of its own', () => {
  const given = nic('eth0', '02:11:22:33:44:55', { addr_assign_type: '3' });
  const own = nic('eth1', '00:1a:79:00:00:01');
  expect(readMac(fakeBox({ ...given, ...own }).system)).toBe('00:1A:79:00:00:01');
});

test('the id comes of the serial number, else the MAC address, else the installation, and is always the same', async () => {
  const serial = { '/proc/device-tree/serial-number': 'S1\0' };
  const mac = nic('eth0', '00:1a:79:00:00:01');
  const machine = { '/etc/machine-id': 'f00d\n' };
  const idOf = async (files: Record<string, string>) => {
    const { system, settings } = fakeBox(files);
    return (await (await createIdentity(system, settings, facts)).read()).id;
  };
  expect(await idOf({ ...serial, ...mac, ...machine })).toBe(idFrom('S1'));
  expect(await idOf({ ...mac, ...machine })).toBe(idFrom('00:1A:79:00:00:01'));
  expect(await idOf(machine)).toBe(idFrom('f00d'));
  expect(idFrom('S1')).toMatch(/^[0-9a-f]{24}$/);
  await expect(idOf({})).rejects.toThrow(/set box\.id/);
});

test('the configuration comes before what the hardware says', async () => {
  const { system, settings } = fakeBox(nic('eth0', '00:1a:79:00:00:01'));
  const own = { ...settings, id: 'box-7', mac: '00:1a:79:ff:ff:ff', model: 'MAG250' };
  const { id, mac, model, bootReason } = await (await createIdentity(system, own, facts)).read();
  expect([id, mac, model, bootReason]).toEqual(['box-7', '00:1A:79:FF:FF:FF', 'MAG250', 'power']);
});

test('a box without a network card has a MAC address made of its id, locally administered', () => {
  expect(macFrom('box-7')).toMatch(/^02(:[0-9A-F]{2}){5}$/);
  expect(macFrom('box-7')).toBe(macFrom('box-7'));
});

test("the firmware's version is the image's, else the slot's, else the distribution's", async () => {
  const versionOf = async (osRelease: string, slotVersion?: string) => {
    const { system, settings } = fakeBox({ '/etc/os-release': osRelease, '/etc/machine-id': 'x' });
    const identity = await createIdentity(system, settings, { ...facts, slotVersion });
    return (await identity.read()).firmware;
  };
  expect(await versionOf('ID=stb\nVERSION_ID="3"\nIMAGE_VERSION=2.4.1\n', '9')).toBe('2.4.1');
  expect(await versionOf('ID=stb\nVERSION_ID="3"\n', '9')).toBe('9');
  expect(await versionOf('ID=stb\nVERSION_ID="3"\n')).toBe('stb 3');
});

test('os-release is read with its quotes', () => {
  expect(parseOsRelease('A="x \\"y\\" \\$z"\nB=\'q\'\nC=bare \n# D=no\nE=\n')).toEqual({
    A: 'x "y" $z',
    B: 'q',
    C: 'bare',
  });
});

test('the clock is known to be right when systemd-timesyncd says so', async () => {
  const box = fakeBox({ '/etc/machine-id': 'x' });
  const identity = await createIdentity(box.system, box.settings, facts);
  expect(identity.clockSynchronised?.()).toBe(false);
  box.put('/run/systemd/timesync/synchronized', '');
  expect(identity.clockSynchronised?.()).toBe(true);
});
