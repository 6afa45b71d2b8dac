import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommand } from '../../command.ts';
import { type Display, PlatformError, type Screenshot } from '../../contract.ts';
import { pngSize, singleColour } from '../../picture.ts';
import { encodePng } from '../../png.ts';
import { readGeometry, readPixels } from './framebuffer.ts';
import type { System } from './system.ts';

/** A way to take a picture, as a PNG. */
export type Camera = { name: string; take(signal: AbortSignal): Promise<Uint8Array> };

/** What decides whether a picture of one colour is odd. */
export type OnScreen = { isStandby(): Promise<boolean>; isPlaying(): boolean };

const commandMs = 20_000;

export function createDisplay(camera: Camera, onScreen: OnScreen): Display {
  return {
    async screenshot(signal): Promise<Screenshot> {
      signal.throwIfAborted();
      const png = await camera.take(signal);
      signal.throwIfAborted();
      const size = pngSize(png);
      if (size === undefined) {
        throw new PlatformError(
          'DEVICE_FAILED',
          `${camera.name}: what came is not a PNG but ${png.length} other bytes`,
        );
      }
      const colour = singleColour(png);
      return { png, ...size, ...(colour !== undefined && { note: await oddity(colour, onScreen) }) };
    },
  };
}

async function oddity(colour: string, { isStandby, isPlaying }: OnScreen): Promise<string> {
  if (await isStandby()) return `the whole picture is ${colour}; the box is in standby`;
  const plane = isPlaying() ? '; what is playing may be in a plane of the hardware that this way does not see' : '';
  return `the whole picture is ${colour}, although something should be on${plane}`;
}

/** Reads the framebuffer and encodes it. */
export function createFramebufferCamera(system: System, device: string): Camera {
  return {
    name: device,
    async take() {
      const geometry = readGeometry(system, device);
      const pixels = await readPixels(system, device, geometry).catch((cause: Error) => {
        throw new PlatformError('DEVICE_FAILED', `reading ${device}: ${cause.message}; may the agent read it?`, {
          cause,
        });
      });
      return encodePng(pixels, geometry.width, geometry.height);
    },
  };
}

/** Runs the configured command, with `{file}` replaced by where its PNG is expected. */
export function createCommandCamera([program = '', ...args]: readonly string[]): Camera {
  return {
    name: program,
    async take(signal) {
      const folder = await mkdtemp(join(tmpdir(), 'stb-screen-'));
      const file = join(folder, 'screen.png');
      try {
        const filled = args.map((arg) => arg.replaceAll('{file}', file));
        await readCommand(program, filled, { timeoutMs: commandMs, signal });
        return await readFile(file).catch((cause) => {
          throw new PlatformError('DEVICE_FAILED', `${program} wrote nothing to {file}: ${cause.message}`, { cause });
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
