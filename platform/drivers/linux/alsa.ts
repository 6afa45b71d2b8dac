/** The volume of an ALSA card, by amixer(1); `-M` maps it as the ear hears it, as alsamixer does. */
import { readCommand, runCommand } from '../../command.ts';
import { type Missing, PlatformError } from '../../contract.ts';
import type { Mixer, MixerState } from './mixer.ts';
import type { System } from './system.ts';

export type Control = { name: string; hasVolume: boolean; hasSwitch: boolean; state: MixerState };
export type Card = { index: number; id: string };

/** What the control for the whole sound is usually called, best first. */
const usualNames = ['Master', 'PCM', 'Digital', 'HDMI', 'Speaker', 'Headphone', 'DAC', 'Lineout'];
const timeoutMs = 5_000;

/** The configured card and control, else the first card with a volume and the control that is likeliest the whole of it. */
export async function findAlsaMixer(
  system: System,
  wanted: { card?: string | undefined; control?: string | undefined },
): Promise<Mixer | Missing> {
  const cards = parseCards(system.read('/proc/asound/cards') ?? '');
  if (cards.length === 0) {
    return { reason: 'there is no sound card', cure: "load the sound card's kernel driver (modprobe snd-…)" };
  }
  const amixer = system.program('amixer');
  if (amixer === undefined) return { reason: 'amixer is not installed', cure: 'install the Debian package alsa-utils' };
  const { card: wantedCard, control: wantedControl } = wanted;
  const candidates = cards.filter(
    ({ index, id }) => wantedCard === undefined || [String(index), id].includes(wantedCard),
  );
  const seen: string[] = [];
  for (const card of candidates) {
    const listed = await runCommand(amixer, ['-M', '-c', String(card.index), 'scontents'], { timeoutMs });
    const controls = parseControls(listed.stdout).filter(({ hasVolume }) => hasVolume);
    seen.push(`${card.index} (${card.id}) has ${controls.map(({ name }) => name).join(', ') || 'none'}`);
    const control = wantedControl ? controls.find(({ name }) => name === wantedControl) : choose(controls);
    if (control) return createAlsaMixer(system, amixer, card, control.name);
  }
  const known = cards.map(({ index, id }) => `${index} (${id})`).join(', ');
  if (candidates.length === 0) {
    return {
      reason: `there is no sound card ${wantedCard}, only ${known}`,
      cure: 'set platform.linux.audio_card to one of them',
    };
  }
  return {
    reason: `no ${wantedControl ?? 'volume control'} on a sound card: card ${seen.join('; card ')}`,
    cure: "set platform.linux.audio_card and audio_control; a card without one, as of HDMI, needs ALSA's softvol plugin in /etc/asound.conf",
  };
}

function choose(controls: Control[]): Control | undefined {
  return usualNames.map((name) => controls.find((control) => control.name === name)).find(Boolean) ?? controls[0];
}

function createAlsaMixer(system: System, amixer: string, card: Card, control: string): Mixer {
  const run = (command: string, ...args: string[]) =>
    readCommand(amixer, ['-M', '-c', String(card.index), command, control, ...args], { timeoutMs });
  const aplay = system.program('aplay');
  return {
    name: `${control} of ALSA card ${card.index} (${card.id})`,
    async read() {
      const [found] = parseControls(await run('sget'));
      if (found) return found.state;
      throw new PlatformError('DEVICE_FAILED', `amixer tells no volume of ${control} on card ${card.index}`);
    },
    async setVolume(percent) {
      await run('sset', `${percent}%`);
    },
    async setMuted(muted) {
      await run('sset', muted ? 'mute' : 'unmute');
    },
    player: aplay === undefined ? undefined : { program: aplay, args: ['-q', '-D', `default:${card.index}`] },
  };
}

/** /proc/asound/cards: ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH`, and a second line each. */
export function parseCards(text: string): Card[] {
  return [...text.matchAll(/^ *(\d+) \[(\S+) *\]:/gm)].map(([, index, id = '']) => ({ index: Number(index), id }));
}

/** `amixer scontents` and `sget`: a paragraph for each control, with a line for each channel. The first channel stands for all. */
export function parseControls(text: string): Control[] {
  return text.split(/^(?=Simple mixer control )/m).flatMap((paragraph) => {
    const name = /^Simple mixer control '(.+)',\d+/.exec(paragraph)?.[1];
    if (name === undefined) return [];
    const capabilities = /^ {2}Capabilities: (.*)$/m.exec(paragraph)?.[1]?.split(' ') ?? [];
    const hasVolume = capabilities.some((each) => each === 'pvolume' || each === 'volume');
    const hasSwitch = capabilities.some((each) => each === 'pswitch' || each === 'switch');
    const [, raw = '', percent] = /^ {2}[^:\n]+: (?:Playback )?(-?\d+) \[(\d+)%\]/m.exec(paragraph) ?? [];
    const muted = hasSwitch ? /^ {2}[^:\n]+: .*\[off\]/m.test(paragraph) : undefined;
    return [
      {
        name,
        hasVolume: hasVolume && percent !== undefined,
        hasSwitch,
        state: { percent: Number(percent), raw, muted },
      },
    ];
  });
}
