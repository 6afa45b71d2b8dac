import { createRequire } from 'node:module';
import { type Display, messageOf, PlatformError } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import { screenSize } from './screen/scene.ts';
import { sceneOf } from './view.ts';

/** Whether the optional drawing library is installed; it is loaded only when the first picture is asked for. */
export function canDraw(): boolean {
  try {
    createRequire(import.meta.url).resolve('@napi-rs/canvas');
    return true;
  } catch {
    return false;
  }
}

export function createDisplay(box: Box, faults: Faults): Display {
  return {
    async screenshot(signal) {
      await faults.pass('display', signal);
      let png: Uint8Array;
      try {
        // Loaded with the first picture: most boxes are never asked for one.
        const { drawScreen } = await import('./screen/draw.ts');
        png = await drawScreen(sceneOf(box));
      } catch (error) {
        const reason = messageOf(error);
        throw new PlatformError('DEVICE_FAILED', `drawing the screen: ${reason}`, { cause: error });
      }
      signal.throwIfAborted();
      box.record('screenshot', 'A picture of the screen was taken.', { bytes: png.length });
      return { png, ...screenSize };
    },
  };
}
