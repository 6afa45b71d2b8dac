import type { Player } from '../../contract.ts';
import type { Faults } from './faults.ts';
import type { Playback } from './playback.ts';

export function createPlayer(faults: Faults, playback: Playback): Player {
  return {
    async play(source, signal) {
      await faults.pass('player', signal);
      await playback.start(source, signal);
    },
    async stop() {
      await faults.pass('player');
      playback.stop();
    },
    playing: playback.current,
  };
}
