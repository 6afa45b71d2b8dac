/** What the linux driver says and sounds, as far as a machine without a sound card can tell. Needs Debian's espeak-ng and alsa-utils. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommand } from '../../platform/command.ts';
import { createSystem } from '../../platform/drivers/linux/system.ts';
import { createVoice } from '../../platform/drivers/linux/voice.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { need } from '../support/tools.ts';

const calm = new AbortController().signal;
const speech = { speech: true, speechVoice: 'en' };

/** Seconds of sound in a WAV file of 16 bit mono. */
function secondsOf(file: string): number {
  const wav = readFileSync(file);
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
  return (wav.length - 44) / 2 / wav.readUInt32LE(24);
}

test('espeak-ng reads a text out, longer for a longer one, and takes nothing of it for an option', async () => {
  need('espeak-ng', 'espeak-ng');
  const folder = temporaryDirectory();
  // In the player's place: what keeps the sound.
  const voice = createVoice(createSystem(), { program: '/bin/cp', args: ['-t', folder] }, speech);
  await voice.speak?.('Lunch.', calm);
  const short = secondsOf(join(folder, 'speech.wav'));
  await voice.speak?.('--help Lunch is ready, please come to the table and wash your hands.', calm);
  expect(short).toBeGreaterThan(0.2);
  expect(secondsOf(join(folder, 'speech.wav'))).toBeGreaterThan(2 * short);
});

test('aplay plays the chime to its end, through ALSA into a file', async () => {
  const folder = temporaryDirectory();
  const asoundrc = join(folder, 'asoundrc');
  writeFileSync(
    asoundrc,
    `pcm.keep { type file slave.pcm null file "${folder}/kept.wav" format wav }\npcm.null { type null }\n`,
  );
  const player = {
    program: need('aplay', 'alsa-utils'),
    args: ['-q', '-D', 'keep'],
    env: { ALSA_CONFIG_PATH: `${asoundrc}:/usr/share/alsa/alsa.conf` },
  };
  await createVoice(createSystem(), player, speech).chime?.(calm);
  // The last period is filled up with silence.
  const seconds = secondsOf(join(folder, 'kept.wav'));
  expect(seconds).toBeGreaterThan(0.69);
  expect(seconds).toBeLessThan(1);
});

test('amixer without a card is answered with what it says', async () => {
  const amixer = need('amixer', 'alsa-utils');
  await expect(readCommand(amixer, ['-c', '31', 'scontents'], { timeoutMs: 10_000 })).rejects.toThrow(
    /amixer -c 31 scontents: exit code 1.*(Invalid card number|No such file)/,
  );
});
