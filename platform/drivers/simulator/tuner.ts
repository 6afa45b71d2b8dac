import { createHash } from 'node:crypto';
import { type DvbService, PlatformError, type Source, type Tuner, type TunerLock } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import type { Playback } from './playback.ts';

export function createTuner(box: Box, faults: Faults, playback: Playback): Tuner {
  return {
    async configure(services) {
      await faults.pass('tuner');
      if (faults.diskFull()) {
        throw new PlatformError(
          'STORAGE',
          `storing ${services.length} tuner services: the disk is full; free some space`,
        );
      }
      box.update({ services: structuredClone(services) });
      box.record('tuner-configured', `${services.length} tuner services stored.`, { services: services.length });
    },
    async tune(channel, signal) {
      await faults.pass('tuner', signal);
      const service = box.state.services.find((each) => each.channel === channel);
      if (service === undefined) {
        const known = box.state.services.length;
        throw new PlatformError(
          'NO_SIGNAL',
          `tuning to ${channel}: not among the ${known} configured services; update the tuner configuration with DVB`,
        );
      }
      const lock = lockOf(service);
      if (lock === null) {
        const { freq } = service.dvb;
        throw new PlatformError(
          'NO_SIGNAL',
          `tuning to ${service.name}: no signal at frequency ${freq}; check the cable`,
        );
      }
      await playback.start(sourceOf(service), signal);
      box.record('tune', `Locked on ${service.name}.`, { channel, ...lock });
      return lock;
    },
  };
}

/** A service as the decoder plays it. */
export function sourceOf(service: DvbService): Source {
  const { channel, name, number, dvb } = service;
  return {
    kind: 'channel',
    id: channel,
    name,
    number,
    reception: 'DVB',
    url: `dvb://${dvb.freq}/${dvb.prog ?? number}`,
  };
}

/** The same figures for the same service every time, as a fixed aerial has them; null where nothing can be received. */
function lockOf(service: DvbService): TunerLock | null {
  const frequencyKhz = Number(service.dvb.freq);
  if (!(frequencyKhz > 0)) return null;
  const [strength = 0, quality = 0] = createHash('sha256').update(service.channel).digest();
  return { signalPercent: 62 + (strength % 34), snrDb: 28 + (quality % 100) / 10, frequencyKhz };
}
