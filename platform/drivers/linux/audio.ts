import { type Audio, PlatformError } from '../../contract.ts';
import type { Mixer, MixerState } from './mixer.ts';
import type { Recollection } from './record.ts';
import type { Voice } from './voice.ts';

/**
 * The volume in percent, over a mixer that has steps of its own.
 *
 * INVARIANT: what was asked for is told again for as long as the mixer stands where that has put it. A control with 31 steps
 * cannot stand at 37 %, and a viewer's key moves it on from where it stands.
 */
export function createAudio(mixer: Mixer, recollection: Recollection, voice: Voice): Audio {
  const volumeOf = (state: MixerState): number => {
    const { volume, mutedFrom } = recollection.current;
    if (isSilenced(state)) return mutedFrom ?? state.percent;
    return volume?.raw === state.raw ? volume.percent : state.percent;
  };
  /** Whether it is muted by having been turned down, where there is no switch. */
  const isSilenced = ({ muted, percent }: MixerState) =>
    muted === undefined && percent === 0 && recollection.current.mutedFrom !== undefined;

  const put = async (percent: number): Promise<MixerState> => {
    await mixer.setVolume(percent);
    const state = await mixer.read();
    if (Math.abs(state.percent - percent) > coarsest) {
      throw new PlatformError(
        'DEVICE_FAILED',
        `setting ${mixer.name} to ${percent} %: it stands at ${state.percent} %; what else controls it?`,
      );
    }
    recollection.update({ volume: { percent, raw: state.raw } });
    return state;
  };

  return {
    volume: async () => volumeOf(await mixer.read()),
    async setVolume(percent) {
      const wanted = Math.min(100, Math.max(0, Math.round(percent)));
      const state = await put(wanted);
      recollection.update({ mutedFrom: undefined });
      return volumeOf(state);
    },
    async muted() {
      const state = await mixer.read();
      return state.muted ?? isSilenced(state);
    },
    async setMuted(muted) {
      const before = await mixer.read();
      if (before.muted !== undefined) {
        await mixer.setMuted(muted);
        const { muted: now } = await mixer.read();
        if (now === muted) return;
        throw new PlatformError('DEVICE_FAILED', `${muted ? 'muting' : 'unmuting'} ${mixer.name}: it did not change`);
      }
      if (muted === isSilenced(before)) return;
      if (muted) {
        const percent = volumeOf(before);
        await put(0);
        recollection.update({ mutedFrom: percent });
      } else {
        await put(volumeOf(before));
        recollection.update({ mutedFrom: undefined });
      }
    },
    ...voice,
  };
}

/** Half a step of the coarsest control that is known, one of 16 steps, in percent. */
const coarsest = 4;
