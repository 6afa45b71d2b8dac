import { expect, onTestFinished, test } from 'vitest';
import { createTelemetry, thermometer } from '../../../platform/drivers/linux/telemetry.ts';
import { parseWireless } from '../../../platform/drivers/linux/wireless.ts';
import { fakeBox } from '../../support/fake-box.ts';

// A Debian box, and a laptop's wireless card.
const meminfo =
  'MemTotal:        1014396 kB\nMemFree:          612740 kB\nMemAvailable:     740508 kB\nBuffers:           20000 kB\n';
const wireless = `Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   54.  -56.  -256        0      0      0      0      7        0
`;

test('the level of a wireless card is told in dBm, and not where its driver has a scale of its own', () => {
  expect(parseWireless(wireless)).toEqual([{ interface: 'wlan0', signalDbm: -56 }]);
  expect(parseWireless(wireless.replace('-56.', '70.'))).toEqual([]);
  expect(parseWireless('')).toEqual([]);
});

test('the temperature is that of the zone named like the processor, else of the first zone, else of a sensor', () => {
  const zones = {
    '/sys/class/thermal/thermal_zone0/type': 'gpu-thermal\n',
    '/sys/class/thermal/thermal_zone1/type': 'cpu-thermal\n',
    '/sys/class/thermal/cooling_device0/type': 'Processor\n',
  };
  expect(thermometer(fakeBox(zones).system)).toBe('/sys/class/thermal/thermal_zone1/temp');
  const gpu = { '/sys/class/thermal/thermal_zone0/type': 'gpu-thermal\n' };
  expect(thermometer(fakeBox(gpu).system)).toBe('/sys/class/thermal/thermal_zone0/temp');
  const sensor = { '/sys/class/hwmon/hwmon0/name': 'k10temp\n', '/sys/class/hwmon/hwmon0/temp1_input': '4100\n' };
  expect(thermometer(fakeBox(sensor).system)).toBe('/sys/class/hwmon/hwmon0/temp1_input');
  expect(thermometer(fakeBox().system)).toBeUndefined();
});

test('a sample is read anew from files that stay open', async () => {
  const box = fakeBox({
    '/proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\n',
    '/proc/meminfo': meminfo,
    '/proc/uptime': '452.77 900.01\n',
    '/proc/net/wireless': wireless,
    '/sys/class/thermal/thermal_zone0/temp': '51250\n',
  });
  const telemetry = createTelemetry(box.system, box.root);
  onTestFinished(telemetry.close);
  expect(await telemetry.sample()).toEqual({
    freeMemoryPercent: 73,
    uptimeSeconds: 452,
    temperature: 51.3,
    freeDiskBytes: expect.any(Number),
    wifiSignalDbm: -56,
  });
  box.put('/proc/stat', 'cpu  150 0 150 850 150 0 0 0 0 0\n');
  box.put('/sys/class/thermal/thermal_zone0/temp', '60000\n');
  expect(await telemetry.sample()).toMatchObject({ cpuPercent: 33.3, temperature: 60 });
});

test('figures that the box lacks are left out', async () => {
  const box = fakeBox();
  const telemetry = createTelemetry(box.system, '/no/such/folder');
  expect(await telemetry.sample()).toEqual({});
  telemetry.close();
  telemetry.close();
});
