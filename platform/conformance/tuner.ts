import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, fails, the } from './expect.ts';

export const tuner: readonly ConformanceCase[] = [
  {
    capability: 'tuner',
    title: 'A configured service is locked and on, by the tuner.',
    needs: ['services', 'player'],
    async run({ platform, fixtures }) {
      const [tuner, services] = [the(platform.tuner), the(fixtures.services)];
      await tuner.configure(services);
      for (const { channel } of services) {
        const { signalPercent = 50 } = await tuner.tune(channel, calm());
        assert.ok(signalPercent >= 0 && signalPercent <= 100, `signal ${signalPercent} %`);
        const on = the(platform.player).playing();
        assert.deepEqual([on?.id, on?.reception], [channel, 'DVB']);
      }
      await the(platform.player).stop();
    },
  },
  {
    capability: 'tuner',
    title: 'A service that is not configured is NO_SIGNAL.',
    needs: ['services'],
    async run({ platform, fixtures }) {
      const [tuner, [first, second]] = [the(platform.tuner), the(fixtures.services)];
      await tuner.configure([first]);
      await fails(tuner.tune(second.channel, calm()), 'NO_SIGNAL');
      await tuner.configure([]);
      await fails(tuner.tune(first.channel, calm()), 'NO_SIGNAL');
    },
  },
  {
    capability: 'tuner',
    title: 'The configuration outlives the agent.',
    needs: ['services'],
    async run(box) {
      const services = the(box.fixtures.services);
      await the(box.platform.tuner).configure(services);
      await the((await box.reopen()).tuner).tune(services[1].channel, calm());
    },
  },
  {
    capability: 'tuner',
    title: 'Tuning that is aborted ends, and the tuner works afterwards.',
    needs: ['services'],
    async run({ platform, fixtures }) {
      const [tuner, services] = [the(platform.tuner), the(fixtures.services)];
      await tuner.configure(services);
      await endsOnAbort((signal) => tuner.tune(services[0].channel, signal), 0);
      await tuner.tune(services[0].channel, calm());
    },
  },
];
