import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRate, waveFile } from '../../../platform/drivers/linux/chime.ts';
import { until } from '../../support/until.ts';
import type { Machine } from './machine.ts';

/** How loud a sample of 16 bits must be to count as sound. */
const loud = 200;

/** Resolves when sound has come out of the box's sound card since the call: QEMU writes what it hears to a file. */
export async function heardSound({ directory }: Machine): Promise<void> {
  const file = join(directory, 'sound.wav');
  let at = statSync(file, { throwIfNoEntry: false })?.size ?? 44;
  await until(
    () => {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size <= at) return false;
      const samples = Buffer.alloc((size - at) & ~1);
      const handle = openSync(file, 'r');
      readSync(handle, samples, 0, samples.length, at);
      closeSync(handle);
      at += samples.length;
      for (let each = 0; each < samples.length; each += 2) if (Math.abs(samples.readInt16LE(each)) > loud) return true;
      return false;
    },
    'sound from the sound card',
    120_000,
    250,
  );
}

/** A WAV file of a tone, `seconds` long. */
export function tone(seconds: number): Buffer {
  const samples = Buffer.alloc(sampleRate * seconds * 2);
  for (let at = 0; at < samples.length / 2; at += 1)
    samples.writeInt16LE(Math.round(12_000 * Math.sin((at * 2 * Math.PI * 440) / sampleRate)), at * 2);
  return waveFile(samples);
}
