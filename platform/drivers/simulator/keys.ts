import type { Keys } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import type { Remote } from './remote.ts';

/** How long a finger rests on a key. */
const pressMs = 10;

export function createKeys(box: Box, faults: Faults, remote: Remote): Keys {
  return {
    async press(key, signal) {
      await faults.pass('keys', signal);
      remote.press(key, 'agent');
      await box.wait(pressMs, signal);
    },
  };
}
