/** Tuning with dvbv5-zap(1): one process holds the tuner, and writes what it receives into a pipe. */
import { type RunningCommand, startCommand } from '../../command.ts';
import { PlatformError, type TunerLock } from '../../contract.ts';

export type Zap = {
  readonly lock: TunerLock;
  /** Resolves when it has ended. */
  readonly ended: RunningCommand['ended'];
  stop(): Promise<void>;
};

export type ZapTarget = {
  program: string;
  adapter: number;
  channelFile: string;
  /** The section of the file, and what a person calls it. */
  channel: string;
  name: string;
  frequencyHz: number;
  /** The named pipe it writes to; it waits there for a reader. */
  pipe: string;
  /** Everything on the frequency, or the service's tables and the streams that the file names. */
  what: 'everything' | 'service';
};

/** DVB-T2 with a weak signal takes some seconds. */
const lockMs = 12_000;

/** Resolves when it is locked; rejects NO_SIGNAL when it does not lock, DEVICE_FAILED when the tuner cannot be used. */
export async function startZap(target: ZapTarget, signal: AbortSignal): Promise<Zap> {
  const { program, adapter, channelFile, channel, name, frequencyHz, pipe, what } = target;
  const locked = Promise.withResolvers<TunerLock>();
  const said: string[] = [];
  const args = [
    '-a',
    String(adapter),
    '-c',
    channelFile,
    ...(what === 'service' ? ['-p'] : ['-P']),
    '-o',
    pipe,
    channel,
  ];
  const running = await startCommand(program, args, {
    line(text) {
      const lock = parseLock(text);
      if (lock) locked.resolve({ ...lock, frequencyKhz: Math.round(frequencyHz / 1000) });
      else if (text.trim() !== '') said.push(text.trim());
    },
  });
  const at = `tuning to ${name} at ${frequencyHz / 1_000_000} MHz with adapter ${adapter}`;
  const late = () =>
    locked.reject(
      new PlatformError('NO_SIGNAL', `${at}: no lock within ${lockMs / 1000} s; check the cable and the frequency`),
    );
  const abort = () => locked.reject(signal.reason);
  const timer = setTimeout(late, lockMs);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  void running.ended.then(() => locked.reject(explain(at, said)));
  try {
    return { lock: await locked.promise, ended: running.ended, stop: running.stop };
  } catch (error) {
    await running.stop();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** dvbv5-zap ended by itself: its last words tell whether the tuner or the signal is at fault. */
function explain(at: string, said: readonly string[]): PlatformError {
  const words = said.slice(-3).join('; ') || 'it said nothing';
  if (/doesn't lock/.test(words))
    return new PlatformError('NO_SIGNAL', `${at}: no lock; check the cable and the frequency`);
  const cure = /busy/i.test(words) ? 'another program uses the tuner' : 'is the tuner there, and of the right kind?';
  return new PlatformError('DEVICE_FAILED', `${at}: dvbv5-zap ended: ${words}; ${cure}`);
}

/**
 * A status line that has a lock: `Lock   (0x1f) Signal= -42.00dBm C/N= 25.30dB UCB= 0`, or with percentages, as the tuner's driver counts.
 * Undefined for any other line.
 */
export function parseLock(line: string): TunerLock | undefined {
  if (!/^\s*Lock\s+\(0x/.test(line)) return undefined;
  const figure = (name: string, unit: string) => {
    const value = new RegExp(`${name}= *(-?\\d+(?:\\.\\d+)?)${unit}`).exec(line)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [signalPercent, signalDbm, snrDb] = [figure('Signal', '%'), figure('Signal', 'dBm'), figure('C/N', 'dB')];
  return {
    ...(signalPercent !== undefined && { signalPercent }),
    ...(signalDbm !== undefined && { signalDbm }),
    ...(snrDb !== undefined && { snrDb }),
  };
}
