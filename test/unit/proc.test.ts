import { expect, test } from 'vitest';
import { busyPercent, parseCpu, parseDefaultRoute, parseFreeMemory } from '../../platform/proc.ts';

test('of the processor times, all but idle and waiting for the disk are work', () => {
  expect(parseCpu('cpu  100 5 50 800 40 3 2 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n')).toEqual({ busy: 160, total: 1000 });
  expect(parseCpu('cpu  10132153 290696 3084719 46828483 16683 0 25195 0 175628 0\n')).toEqual({
    busy: 13_532_763,
    total: 60_377_929,
  });
  for (const text of ['cpu  a b c d e f\n', 'intr 1 2 3', '']) expect(parseCpu(text)).toBeUndefined();
});

test('the processor is busy with the share of work between two readings, where time has passed', () => {
  expect(busyPercent({ busy: 100, total: 1000 }, { busy: 150, total: 1200 })).toBe(25);
  expect(busyPercent({ busy: 100, total: 1000 }, { busy: 100, total: 1000 })).toBeUndefined();
});

test('free memory is what is available, in percent of all', () => {
  expect(parseFreeMemory('MemTotal:  1000 kB\nMemFree:  10 kB\nMemAvailable:  250 kB\n')).toBe(25);
  expect(parseFreeMemory('MemTotal:  1000 kB\n')).toBeUndefined();
});

test('the default route is the one of the lowest metric that is up', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
  const local = 'eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n';
  const route = (name: string, flags: string, metric: number) =>
    `${name}\t00000000\t0202000A\t${flags}\t0\t0\t${metric}\t00000000\t0\t0\t0\n`;
  expect(parseDefaultRoute(head + local + route('wlan0', '0003', 600) + route('eth0', '0003', 100))).toBe('eth0');
  expect(parseDefaultRoute(head + route('wlan0', '0003', 600) + route('eth0', '0002', 100))).toBe('wlan0');
  expect(parseDefaultRoute(head + local)).toBeUndefined();
  expect(parseDefaultRoute('')).toBeUndefined();
});
