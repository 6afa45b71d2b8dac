import assert from 'node:assert/strict';
import { capabilityNames } from '../contract.ts';
import type { ConformanceCase } from './case.ts';

export const identity: readonly ConformanceCase[] = [
  {
    capability: 'identity',
    title: 'The box says who it is: an id, a MAC address, a model and a firmware version.',
    async run({ platform }) {
      const { id, mac, model, firmware } = await platform.identity.read();
      assert.match(id, /^[A-Za-z0-9_.:-]{1,64}$/);
      assert.match(mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
      assert.notEqual(model, '');
      assert.notEqual(firmware, '');
    },
  },
  {
    capability: 'identity',
    title: 'Who it is stays the same when the agent is started again.',
    async run(box) {
      const before = await box.platform.identity.read();
      assert.deepEqual(await box.platform.identity.read(), before);
      const after = await (await box.reopen()).identity.read();
      assert.deepEqual({ ...after, bootReason: undefined }, { ...before, bootReason: undefined });
    },
  },
  {
    capability: 'identity',
    title: 'The boot id stays the same while the box runs, also when the agent is started again.',
    async run(box) {
      const before = await box.platform.identity.bootId();
      assert.notEqual(before, '');
      assert.equal(await box.platform.identity.bootId(), before);
      assert.equal(await (await box.reopen()).identity.bootId(), before);
    },
  },
  {
    capability: 'identity',
    title: 'Each capability is either there or explained in `missing`, with a reason and a cure.',
    async run({ platform }) {
      assert.notEqual(platform.driver, '');
      for (const name of capabilityNames) {
        const missing = platform.missing[name];
        assert.equal(platform[name] === undefined, missing !== undefined, `${name} is there, or missing is explained`);
        if (missing === undefined) continue;
        assert.ok(missing.reason.length > 5 && missing.cure.length > 5, `${name}: a reason and a cure in words`);
      }
    },
  },
  {
    capability: 'telemetry',
    title: 'The figures lie where such figures can lie.',
    async run({ platform }) {
      const sample = await platform.telemetry.sample();
      const within = (value: number | undefined, from: number, to: number, name: string) =>
        assert.ok(value === undefined || (value >= from && value <= to), `${name} ${value}: expected ${from} to ${to}`);
      within(sample.cpuPercent, 0, 100, 'cpuPercent');
      within(sample.freeMemoryPercent, 0, 100, 'freeMemoryPercent');
      within(sample.uptimeSeconds, 0, Number.MAX_SAFE_INTEGER, 'uptimeSeconds');
      within(sample.temperature, -40, 130, 'temperature');
      within(sample.freeDiskBytes, 0, Number.MAX_SAFE_INTEGER, 'freeDiskBytes');
      within(sample.wifiSignalDbm, -120, 0, 'wifiSignalDbm');
      within(sample.wifiLinkMbps, 0, 100_000, 'wifiLinkMbps');
      assert.ok(sample.uptimeSeconds !== undefined, 'every box knows how long it has been running');
    },
  },
];
