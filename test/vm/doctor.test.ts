/** What the box says of itself, beside what is written in docs/. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capabilityNames } from '../../platform/contract.ts';
import { undoList } from '../support/undo.ts';
import { type Bench, openBench } from './support/bench.ts';

let bench: Bench;
let said: string;
const undo = undoList();
beforeAll(async () => {
  bench = await openBench(undo.after);
  await bench.startAgent({ config: { 'platform.linux.cec_device': '/dev/cec1' } });
  const { exitCode, stdout } = await bench.machine.guest.run('stb-agent doctor');
  // There is no user interface in the box.
  expect(exitCode).toBe(1);
  said = stdout;
});
afterAll(undo.all);

test('doctor names each capability, with what provides it, or with the reason and the cure', () => {
  const findings = new Map(
    [...said.matchAll(/^(ok|no) +(\w+) +(.+)(\n +cure: .+)?$/gm)].map((found) => [found[2], found]),
  );
  for (const name of capabilityNames) {
    const [, verdict, , detail = '', cure = ''] = findings.get(name) ?? [];
    expect(detail.length, name).toBeGreaterThan(3);
    expect([name, verdict, cure !== '']).toEqual([name, name === 'ui' ? 'no' : 'ok', name === 'ui']);
  }
});

test('doctor names the devices of the box', () => {
  for (const device of [
    'the TV at /dev/cec1',
    'card 0',
    '/dev/input/event',
    '/dev/fb0',
    '/dev/dvb/adapter0',
    'rootfs.0',
    'eth0',
  ])
    expect(said).toContain(device);
});

test('docs/doctor-vm.txt holds what it says, but for the figures', () => {
  const transcript = readFileSync(new URL('../../docs/doctor-vm.txt', import.meta.url), 'utf8');
  const [, written = ''] = /^\$ stb-agent doctor\n(.*?)^# exit code 1$/ms.exec(transcript) ?? [];
  const withoutFigures = (text: string) => text.replaceAll(/\d+/g, '0').trim();
  expect(withoutFigures(written)).toBe(withoutFigures(said));
});
