/** The attention sound and the spoken word. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommand } from '../../command.ts';
import type { Audio } from '../../contract.ts';
import { createChime } from './chime.ts';
import type { SoundCommand } from './mixer.ts';
import type { System } from './system.ts';

export type Voice = Pick<Audio, 'chime' | 'speak'>;

const chimeMs = 10_000;
/** A long message read slowly; the caller's signal ends it before. */
const speechMs = 30 * 60_000;

/** What the box can sound: neither without a player, no words without espeak-ng. */
export function createVoice(
  system: System,
  player: SoundCommand | undefined,
  speech: { speech: boolean; speechVoice: string },
): Voice {
  if (player === undefined) return {};
  const play = (file: string, timeoutMs: number, signal: AbortSignal) =>
    readCommand(player.program, [...player.args, file], { timeoutMs, signal, ...(player.env && { env: player.env }) });
  const espeak = speech.speech ? system.program('espeak-ng') : undefined;
  return {
    chime: (signal) =>
      withFile('chime.wav', async (file) => {
        writeFileSync(file, createChime());
        await play(file, chimeMs, signal);
      }),
    ...(espeak !== undefined && {
      speak: (text: string, signal: AbortSignal) =>
        withFile('speech.wav', async (file) => {
          // The text goes in by standard input, where nothing of it can be an option.
          const args = ['-v', speech.speechVoice, '-w', file, '--stdin'];
          await readCommand(espeak, args, { timeoutMs: speechMs, signal, input: text });
          await play(file, speechMs, signal);
        }),
    }),
  };
}

async function withFile(name: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stb-sound-'));
  try {
    await use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
