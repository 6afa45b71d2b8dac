/** The volume of PipeWire's default output, by wpctl(1) of WirePlumber. */
import { dirname } from 'node:path';
import { readCommand, runCommand } from '../../command.ts';
import { PlatformError } from '../../contract.ts';
import type { Mixer, MixerState } from './mixer.ts';
import type { System } from './system.ts';

const sink = '@DEFAULT_AUDIO_SINK@';
const timeoutMs = 5_000;

/** The mixer where a PipeWire runs, for whichever user, and has an output; undefined otherwise. */
export async function findPipewireMixer(system: System): Promise<Mixer | undefined> {
  const wpctl = system.program('wpctl');
  const socket = pipewireSocket(system);
  if (wpctl === undefined || socket === undefined) return undefined;
  const env = { XDG_RUNTIME_DIR: system.path(dirname(socket)), LANG: 'C.UTF-8' };
  const { stdout, exitCode } = await runCommand(wpctl, ['get-volume', sink], { env, timeoutMs });
  if (exitCode !== 0 || parseVolume(stdout) === undefined) return undefined;
  const pwPlay = system.program('pw-play');
  return {
    name: `the default output of PipeWire at ${socket}`,
    async read() {
      const text = await readCommand(wpctl, ['get-volume', sink], { env, timeoutMs });
      const state = parseVolume(text);
      if (state) return state;
      throw new PlatformError('DEVICE_FAILED', `wpctl get-volume says ${JSON.stringify(text.slice(0, 100))}`);
    },
    async setVolume(percent) {
      await readCommand(wpctl, ['set-volume', sink, `${percent}%`], { env, timeoutMs });
    },
    async setMuted(muted) {
      await readCommand(wpctl, ['set-mute', sink, muted ? '1' : '0'], { env, timeoutMs });
    },
    player: pwPlay === undefined ? undefined : { program: pwPlay, args: [], env },
  };
}

/** A system-wide PipeWire, or that of the user whose session came first. */
function pipewireSocket(system: System): string | undefined {
  const users = system.list('/run/user').map((user) => `/run/user/${user}/pipewire-0`);
  return ['/run/pipewire/pipewire-0', ...users].find(system.exists);
}

/** `Volume: 0.37 [MUTED]`; 1.00 is 100 %, and more is possible. */
export function parseVolume(text: string): MixerState | undefined {
  const raw = /^Volume: (\d+\.\d+)/m.exec(text)?.[1];
  if (raw === undefined) return undefined;
  return { percent: Math.min(100, Math.round(Number(raw) * 100)), raw, muted: text.includes('[MUTED]') };
}
