import { constants } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeAtomically } from '../../atomic-file.ts';
import { readCommand } from '../../command.ts';
import { type DvbService, PlatformError, type Tuner } from '../../contract.ts';
import { channelSection, frequencyHz, type ServicePids } from './dvb-channels.ts';
import type { LinuxPlayer } from './player.ts';
import { createServiceFinder } from './transport-stream.ts';
import { startZap, type Zap, type ZapTarget } from './zap.ts';

export type TunerParts = {
  /** dvbv5-zap and mkfifo */
  zap: string;
  mkfifo: string;
  adapter: number;
  player: LinuxPlayer;
  /** Where the services and the channel file are kept. */
  folder: string;
};

type Stored = { services: DvbService[]; pids: Record<string, ServicePids> };

/** Tables are repeated ten times a second or so (ETSI TR 101 211); a slow machine gets much more. */
const tablesMs = 8_000;
const lookMs = 20;

/**
 * A DVB tuner: dvbv5-zap tunes and writes the service into a pipe, mpv plays the pipe. The first time, everything on the frequency is
 * read to learn which streams the service has; that is kept with its configuration.
 */
export function createTuner({ zap, mkfifo, adapter, player, folder }: TunerParts): Tuner {
  const file = join(folder, 'tuner.json');
  const channelFile = join(folder, 'channels.conf');
  const load = async (): Promise<Stored> =>
    readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as Stored,
      () => ({ services: [], pids: {} }),
    );
  const store = ({ services, pids }: Stored) => {
    writeAtomically(file, JSON.stringify({ services, pids }), true);
    const sections = services.map((service) => channelSection(service, pids[service.channel]));
    writeAtomically(channelFile, sections.join('\n'), false);
  };

  /** What is received goes through a pipe that is there for `use` only. */
  const withPipe = async <T>(use: (pipe: string, done: () => Promise<void>) => Promise<T>): Promise<T> => {
    const place = await mkdtemp(join(tmpdir(), 'stb-tuner-'));
    const done = () => rm(place, { recursive: true, force: true });
    try {
      await readCommand(mkfifo, [join(place, 'stream.ts')], { timeoutMs: 5_000 });
      return await use(join(place, 'stream.ts'), done);
    } catch (error) {
      await done();
      throw error;
    }
  };

  const targetOf = (service: DvbService, pipe: string, what: ZapTarget['what']): ZapTarget => ({
    ...{ program: zap, adapter, channelFile, channel: service.channel, name: service.name, pipe, what },
    frequencyHz: frequencyHz(service.dvb) ?? 0,
  });

  const learn = (service: DvbService, signal: AbortSignal): Promise<ServicePids> =>
    withPipe(async (pipe, done) => {
      const running = await startZap(targetOf(service, pipe, 'everything'), signal);
      try {
        return await findStreams(pipe, service, signal);
      } finally {
        await running.stop();
        await done();
      }
    });

  const show = (service: DvbService, signal: AbortSignal): Promise<Zap['lock']> =>
    withPipe(async (pipe, done) => {
      const running = await startZap(targetOf(service, pipe, 'service'), signal);
      const over = () => void running.stop().then(done);
      const { channel: id, name, number } = service;
      await player.playUntil({ kind: 'channel', id, name, number, reception: 'DVB', url: pipe }, signal, over);
      return running.lock;
    });

  return {
    async configure(services) {
      const { pids, services: before } = await load();
      // What was learnt holds for as long as the service is where it was.
      const same = (service: DvbService) =>
        before.some(
          (old) => old.channel === service.channel && JSON.stringify(old.dvb) === JSON.stringify(service.dvb),
        );
      const kept = services.filter(same).map(({ channel }) => [channel, pids[channel] ?? {}] as const);
      store({ services, pids: Object.fromEntries(kept) });
    },
    async tune(channel, signal) {
      const stored = await load();
      const service = stored.services.find((each) => each.channel === channel);
      if (service === undefined) throw notConfigured(channel, stored.services.length);
      // One tuner: what it receives now has to go first.
      await player.stop();
      const known = stored.pids[channel];
      if (known?.video !== undefined || known?.audio !== undefined) {
        try {
          return await show(service, signal);
        } catch (error) {
          // The streams may have moved since; any other failure would only come again.
          if (!(error instanceof PlatformError) || error.code !== 'PLAYBACK_FAILED') throw error;
        }
      }
      const pids = await learn(service, signal);
      store({ ...stored, pids: { ...stored.pids, [channel]: pids } });
      return show(service, signal);
    },
  };
}

/** Reads the pipe until the service's tables have come. The reads do not block, so that an abortion ends them. */
async function findStreams(pipe: string, { name, dvb }: DvbService, signal: AbortSignal): Promise<ServicePids> {
  const program = Number.parseInt(String(dvb.prog), 10);
  const finder = createServiceFinder(Number.isNaN(program) ? undefined : program);
  const file = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const end = performance.now() + tablesMs;
  const buffer = Buffer.alloc(256 * 1024);
  try {
    while (performance.now() < end) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EAGAIN') return { bytesRead: 0 };
        throw error;
      });
      const found = finder.add(buffer.subarray(0, bytesRead));
      if (found) return found;
      if (bytesRead === 0) await wait(lookMs);
    }
  } finally {
    await file.close();
  }
  const programs = finder.programs();
  const there = programs.length > 0 ? `has services ${programs.join(', ')}` : 'has no tables';
  throw new PlatformError(
    'PLAYBACK_FAILED',
    `${name}: the tuner is locked, but the stream ${there} and not ${dvb.prog}; correct the channel's dvb settings`,
  );
}

function notConfigured(channel: string, known: number): PlatformError {
  return new PlatformError(
    'NO_SIGNAL',
    `tuning to ${channel}: not among the ${known} configured services; update the tuner configuration with DVB`,
  );
}
