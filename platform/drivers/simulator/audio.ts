import type { Audio } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';

const chimeMs = 400;
/** A calm reader's pace, ten times over, so that tests need not listen. */
const msPerWord = 60;
const volumeBarMs = 2_500;

/** The loudspeaker. `percent` is cut to 0..100. */
export function setVolume(box: Box, percent: number): void {
  const volume = Math.min(100, Math.max(0, Math.round(percent)));
  box.update({ volume }, 'lazy');
  if (box.state.power === 'on') box.flash('volumeBar', true, volumeBarMs);
  box.record('volume', `Volume ${volume}.`, { volume });
}

export function setMuted(box: Box, muted: boolean): void {
  box.update({ muted }, 'lazy');
  if (box.state.power === 'on') box.flash('volumeBar', true, volumeBarMs);
  box.record('mute', muted ? 'Sound off.' : 'Sound on.', { muted });
}

export function createAudio(box: Box, faults: Faults): Audio {
  return {
    async volume() {
      await faults.pass('audio');
      return box.state.volume;
    },
    async setVolume(percent) {
      await faults.pass('audio');
      setVolume(box, percent);
      return box.state.volume;
    },
    async muted() {
      await faults.pass('audio');
      return box.state.muted;
    },
    async setMuted(muted) {
      await faults.pass('audio');
      setMuted(box, muted);
    },
    async chime(signal) {
      await faults.pass('audio', signal);
      box.record('chime', 'Plays the attention sound.');
      await box.wait(chimeMs, signal);
    },
    async speak(text, signal) {
      await faults.pass('audio', signal);
      box.record('speak', `Says “${text}”.`, { text });
      await box.wait(text.split(/\s+/).length * msPerWord, signal);
    },
  };
}
