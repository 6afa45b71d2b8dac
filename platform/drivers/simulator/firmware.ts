import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Firmware, messageOf, PlatformError } from '../../contract.ts';
import { otherSlot } from './boot.ts';
import type { Box } from './box.ts';
import { type Bundle, readBundle } from './bundle.ts';
import type { Faults } from './faults.ts';
import type { SlotName, StoredSlot } from './state.ts';
import { slotsOf } from './view.ts';

/** The flash is written in this many pieces, each of which takes a moment: some 0.4 s in all. */
const pieces = 20;
const pieceMs = 20;

/** The two firmware slots. `key` is the one that bundles must be signed with. */
export function createFirmware(box: Box, faults: Faults, key: KeyObject): Firmware {
  /** Changes a slot, and which one the next start takes, in one write. */
  const setSlot = (name: SlotName, slot: Partial<StoredSlot>, next: SlotName) => {
    const { slots } = box.state;
    box.update({ slots: { ...slots, [name]: { ...slots[name], ...slot } }, next });
  };

  const inspect = async (file: string, signal: AbortSignal): Promise<Bundle> => {
    const bundle = await readBundle(file, key, signal);
    if (bundle.compatible !== box.state.model) {
      throw new PlatformError(
        'BUNDLE_INCOMPATIBLE',
        `the firmware bundle ${bundle.version} is for ${bundle.compatible}, this box is a ${box.state.model}; nothing was written`,
      );
    }
    return bundle;
  };

  return {
    async slots() {
      await faults.pass('firmware');
      return slotsOf(box);
    },
    async inspect(file, signal) {
      await faults.pass('firmware', signal);
      const { version } = await inspect(file, signal);
      return { version };
    },
    async install(file, progress, signal) {
      await faults.pass('firmware', signal);
      const bundle = await inspect(file, signal);
      const { running, slots } = box.state;
      if (slots[running].state === 'trial') {
        throw new PlatformError(
          'INSTALL_FAILED',
          `slot ${running} is still on trial and the other one is what it falls back to; confirm it first`,
        );
      }
      const slot = otherSlot(running);
      setSlot(slot, { state: 'empty', version: null, tried: false }, running);
      box.record('install', `Writes firmware ${bundle.version} to slot ${slot}.`, { slot, version: bundle.version });
      const image = join(dirname(box.settings.stateFile), `slot-${slot}.img`);
      try {
        await writeImage(box, faults, { file, image, bundle, signal, progress });
      } finally {
        box.show('progress', undefined);
      }
      const { version, behaviour } = bundle;
      setSlot(slot, { state: 'trial', version, behaviour, tried: false }, slot);
      return { slot, version };
    },
    async confirm() {
      await faults.pass('firmware');
      const { running, next } = box.state;
      setSlot(running, { state: 'good' }, next);
      box.record('confirm', `Slot ${running} is good.`, { slot: running });
    },
    async rollBack() {
      await faults.pass('firmware');
      const { running, slots } = box.state;
      const other = otherSlot(running);
      if (slots[other].state !== 'good') {
        throw new PlatformError(
          'DEVICE_FAILED',
          `giving up slot ${running}: slot ${other} is ${slots[other].state}, so there is nothing to go back to; install a bundle first`,
        );
      }
      setSlot(running, { state: 'bad' }, other);
      box.record('roll-back', `Gives up slot ${running}; the next start takes ${other}.`, {
        slot: running,
        next: other,
      });
    },
  };
}

type Job = {
  file: string;
  image: string;
  bundle: Bundle;
  signal: AbortSignal;
  progress: (percent: number) => void;
};

/** Copies the payload into the slot's image, piece by piece, to the disk. */
async function writeImage(box: Box, faults: Faults, { file, image, bundle, signal, progress }: Job): Promise<void> {
  const buffer = Buffer.alloc(Math.max(1, Math.ceil(bundle.size / pieces)));
  const from = await open(file);
  const to = await open(image, 'w', 0o600);
  try {
    for (let piece = 0; piece < pieces; piece += 1) {
      if (faults.diskFull()) throw new Error('no space left on the device');
      const at = piece * buffer.length;
      const length = Math.max(0, Math.min(buffer.length, bundle.size - at));
      await from.read(buffer, 0, length, bundle.offset + at);
      await to.write(buffer, 0, length, at);
      await box.wait(pieceMs, signal);
      const percent = Math.round(((piece + 1) / pieces) * 100);
      box.show('progress', { label: `Firmware ${bundle.version}`, percent });
      progress(percent);
    }
    await to.sync();
  } catch (error) {
    signal.throwIfAborted();
    box.closed.throwIfAborted();
    const reason = messageOf(error);
    throw new PlatformError(
      'INSTALL_FAILED',
      `writing firmware ${bundle.version} to ${image}: ${reason}; the running slot is untouched, try again`,
      { cause: error },
    );
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}
