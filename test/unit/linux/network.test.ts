import { expect, test } from 'vitest';
import {
  createNetwork,
  listensOn,
  outwardInterfaces,
  parseDefaultRoute6,
} from '../../../platform/drivers/linux/network.ts';
import { fakeBox } from '../../support/fake-box.ts';

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const route = (name: string, flags: string, metric: number) =>
  `${name}\t00000000\t0202000A\t${flags}\t0\t0\t${metric}\t00000000\t0\t0\t0\n`;

test('with IPv6 alone it is found too', () => {
  const zero = '0'.repeat(32);
  const gateway = 'fe800000000000000000000000000001';
  const line = (name: string, flags: string) =>
    `${zero} 00 ${zero} 00 ${gateway} 00000400 00000001 00000000 ${flags}     ${name}\n`;
  const unreachable = `${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo\n`;
  expect(parseDefaultRoute6(unreachable + line('eth0', '00000003'))).toBe('eth0');
  expect(parseDefaultRoute6(unreachable)).toBeUndefined();
});

test('the link tells its kind, speed, level and address, and leaves out what is not known', async () => {
  const files = {
    '/proc/net/route': head + route('eth0', '0003', 0),
    '/sys/class/net/eth0/type': '1\n',
    '/sys/class/net/eth0/device/vendor': '0x8086\n',
    '/sys/class/net/eth0/speed': '1000\n',
  };
  const addresses = () => ({
    eth0: [
      { address: 'fe80::1', family: 'IPv6', internal: false },
      { address: '10.0.2.15', family: 'IPv4', internal: false },
    ],
  });
  const wired = fakeBox(files);
  expect(await createNetwork(wired.system, addresses).link()).toEqual({
    interface: 'eth0',
    kind: 'ethernet',
    address: '10.0.2.15',
    speedMbps: 1000,
  });
  const wifi = fakeBox({
    ...files,
    '/sys/class/net/eth0/speed': '-1\n',
    '/sys/class/net/eth0/wireless/status': '',
    '/proc/net/wireless': 'h\nh\n eth0: 0000   54.  -56.  -256        0      0      0      0      7        0\n',
  });
  expect(await createNetwork(wifi.system, () => ({})).link()).toEqual({
    interface: 'eth0',
    kind: 'wifi',
    wifiSignalDbm: -56,
  });
});

test('without a default route the first interface that is up is taken; without any it is said', async () => {
  const box = fakeBox({
    '/sys/class/net/lo/type': '772\n',
    '/sys/class/net/lo/operstate': 'unknown\n',
    '/sys/class/net/tun0/type': '65534\n',
    '/sys/class/net/tun0/operstate': 'up\n',
    '/sys/class/net/ifb0/type': '1\n',
    '/sys/class/net/ifb0/operstate': 'down\n',
    '/sys/class/net/wlan0/type': '1\n',
    '/sys/class/net/wlan0/operstate': 'down\n',
    '/sys/class/net/wlan0/device/vendor': '0x8086\n',
  });
  expect(await createNetwork(box.system, () => ({})).link()).toEqual({ interface: 'tun0', kind: 'other' });
  expect(outwardInterfaces(box.system)).toEqual(['tun0', 'wlan0']);
  box.put('/sys/class/net/tun0/operstate', 'down\n');
  await expect(createNetwork(box.system, () => ({})).link()).rejects.toThrow(/no network interface is up/);
});

test('a listening port is seen in the table of sockets, a connected one is not', () => {
  const line = (local: string, remote: string, state: string) =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 17031 1 0000000000000000 100 0 0 10 0\n`;
  const box = fakeBox({
    '/proc/net/tcp': `  sl  local_address\n${line('0100007F:1F90', '0100007F:9C40', '01')}`,
    '/proc/net/tcp6': `  sl  local_address\n${line(`${'0'.repeat(32)}:0016`, `${'0'.repeat(32)}:0000`, '0A')}`,
  });
  expect([listensOn(box.system, 22), listensOn(box.system, 8080)]).toEqual([true, false]);
});
