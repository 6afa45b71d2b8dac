import type { CapabilityName, Platform } from '../../platform/contract.ts';
import type { Wrap } from './conformance-box.ts';

type WrongDriver = { capability: CapabilityName | 'identity' | 'telemetry'; lie: string; wrap: Wrap };

/** A driver that lies about one thing, at least one for each capability. */
export const wrongDrivers: readonly WrongDriver[] = [
  {
    capability: 'identity',
    lie: 'a new boot id at every question',
    wrap: withPart('identity', () => ({ bootId: async () => crypto.randomUUID() })),
  },
  {
    capability: 'identity',
    lie: 'a MAC address in lower case',
    wrap: withPart('identity', (identity) => ({
      read: async () => ({ ...(await identity.read()), mac: '00:1a:79:00:00:01' }),
    })),
  },
  {
    capability: 'identity',
    lie: 'a capability that is absent without a word',
    wrap: (platform) => {
      const { audio: _, ...rest } = platform;
      return rest;
    },
  },
  {
    capability: 'telemetry',
    lie: 'a share as a fraction, and a negative uptime',
    wrap: withPart('telemetry', () => ({ sample: async () => ({ uptimeSeconds: -1 }) })),
  },
  {
    capability: 'power',
    lie: 'takes the reboot and stays up',
    wrap: withPart('power', () => ({ reboot: async () => {} })),
  },
  {
    capability: 'power',
    lie: 'says standby and stays on',
    wrap: withPart('power', () => ({ standby: async () => {} })),
  },
  {
    capability: 'audio',
    lie: 'says the volume that was asked for, and sets none',
    wrap: withPart('audio', () => ({ setVolume: async (percent) => percent })),
  },
  {
    capability: 'audio',
    lie: 'a chime that cannot be stopped',
    wrap: withPart('audio', () => ({ chime: async () => {} })),
  },
  {
    capability: 'keys',
    lie: 'takes every key and presses none',
    wrap: withPart('keys', () => ({ press: async () => {} })),
  },
  {
    capability: 'display',
    lie: 'half a picture',
    wrap: withPart('display', (display) => ({
      async screenshot(signal) {
        const picture = await display.screenshot(signal);
        return { ...picture, png: picture.png.subarray(0, picture.png.length / 2) };
      },
    })),
  },
  {
    capability: 'display',
    lie: 'a picture of another size than it says',
    wrap: withPart('display', (display) => ({
      screenshot: async (signal) => ({ ...(await display.screenshot(signal)), width: 1920, height: 1080 }),
    })),
  },
  {
    capability: 'display',
    lie: 'the same picture whatever is on the screen',
    wrap: withPart('display', (display) => {
      let first: ReturnType<typeof display.screenshot> | undefined;
      return { screenshot: (signal) => (first ??= display.screenshot(signal)) };
    }),
  },
  {
    capability: 'player',
    lie: 'resolves when the command is taken, whatever becomes of it',
    wrap: withPart('player', (player) => ({
      play: async (source, signal) => void player.play(source, signal).catch(() => {}),
    })),
  },
  { capability: 'player', lie: 'says that nothing is on', wrap: withPart('player', () => ({ playing: () => null })) },
  {
    capability: 'tuner',
    lie: 'a lock on everything',
    wrap: withPart('tuner', () => ({ tune: async () => ({ signalPercent: 80 }) })),
  },
  {
    capability: 'tuner',
    lie: 'a configuration that is not stored',
    wrap: withPart('tuner', () => ({ configure: async () => {} })),
  },
  {
    capability: 'ui',
    lie: 'every message times out at once, unseen',
    wrap: withPart('ui', () => ({ message: async () => 'timeout' })),
  },
  {
    capability: 'ui',
    lie: 'a script that is taken, not run',
    wrap: withPart('ui', () => ({ evaluate: async () => null })),
  },
  {
    capability: 'ui',
    lie: 'an exception that is a value',
    wrap: withPart('ui', (ui) => ({
      evaluate: (js, signal) => ui.evaluate(js, signal).catch((error) => String(error)),
    })),
  },
  { capability: 'ui', lie: 'a debugger that is always there', wrap: withPart('ui', () => ({ debug: async () => {} })) },
  {
    capability: 'firmware',
    lie: 'believes every bundle',
    wrap: withPart('firmware', () => ({ inspect: async () => ({ version: '1.1.0' }) })),
  },
  {
    capability: 'firmware',
    lie: 'keeps what nobody confirmed',
    wrap: withPart('firmware', (firmware) => ({
      slots: async () => {
        await firmware.confirm();
        return firmware.slots();
      },
    })),
  },
  {
    capability: 'network',
    lie: 'an unknown speed as -1',
    wrap: withPart('network', (network) => ({ link: async () => ({ ...(await network.link()), speedMbps: -1 }) })),
  },
  {
    capability: 'management',
    lie: 'trusts any host',
    wrap: withPart('management', (management) => {
      let trusted = '';
      return {
        openTunnel(target, signal) {
          trusted ||= target.hostKey;
          return management.openTunnel({ ...target, hostKey: trusted }, signal);
        },
      };
    }),
  },
  { capability: 'management', lie: 'hides its tunnels', wrap: withPart('management', () => ({ tunnels: () => [] })) },
  {
    capability: 'script',
    lie: 'a limit of time that is not kept',
    wrap: withPart('script', (script) => ({ run: (job, signal) => script.run({ ...job, timeoutMs: 30_000 }, signal) })),
  },
  {
    capability: 'script',
    lie: 'no limit of memory',
    wrap: withPart('script', (script) => ({ run: (job, signal) => script.run({ ...job, memoryBytes: 4e9 }, signal) })),
  },
  {
    capability: 'script',
    lie: 'everything it wrote',
    wrap: withPart('script', (script) => ({ run: (job, signal) => script.run({ ...job, tailBytes: 1e6 }, signal) })),
  },
];

/** The platform with some methods of one part replaced. */
function withPart<P extends CapabilityName | 'identity' | 'telemetry'>(
  name: P,
  change: (part: NonNullable<Platform[P]>) => Partial<NonNullable<Platform[P]>>,
): Wrap {
  return (platform) => {
    const part = platform[name];
    if (part === undefined) throw new Error(`the box has no ${name} to lie about`);
    return { ...platform, [name]: { ...part, ...change(part) } };
  };
}
