import { readCommand, runCommand } from '../../command.ts';
import { type Firmware, messageOf, PlatformError } from '../../contract.ts';
import { parseFailure, parseInfo, parseProgress, parseStatus, type RaucStatus, toSlots } from './rauc.ts';
import type { Recollection } from './record.ts';
import type { System } from './system.ts';

export type FirmwareParts = {
  system: System;
  recollection: Recollection;
  rauc: string;
  /** The version that runs, as the identity tells it. */
  running: string;
};

const statusMs = 30_000;
/** The signature of a large bundle on a slow disk. */
const inspectMs = 15 * 60_000;
const installMs = 2 * 3600_000;

/** What RAUC says of the slots; rejects DEVICE_FAILED when it cannot be asked. */
export async function readStatus(rauc: string): Promise<RaucStatus> {
  return parseStatus(
    await readCommand(rauc, ['status', '--detailed', '--output-format=json'], { timeoutMs: statusMs }),
  );
}

/**
 * Keeps the running slot, unless it is on trial. Boot loaders that count attempts want that at every start; RAUC's own
 * rauc-mark-good.service does it too early for a trial and has to be masked.
 */
export async function keepRunningSlot(rauc: string, status: RaucStatus, recollection: Recollection): Promise<void> {
  const booted = status.slots.find((slot) => slot.booted);
  if (booted === undefined || booted.name === recollection.current.trialSlot || booted.good) return;
  await readCommand(rauc, ['status', 'mark-good', 'booted'], { timeoutMs: statusMs });
}

/** A/B firmware by RAUC's command line. */
export function createFirmware({ system, recollection, rauc, running }: FirmwareParts): Firmware {
  const mark = (how: 'mark-good' | 'mark-bad' | 'mark-active', slot: string) =>
    readCommand(rauc, ['status', how, slot], { timeoutMs: statusMs });
  const slotsOf = (status: RaucStatus) => {
    const { trialSlot, givenUpSlot } = recollection.current;
    return toSlots(status, { trialSlot, givenUpSlot, running });
  };

  const inspect = async (file: string, signal: AbortSignal) => {
    const outcome = await runCommand(rauc, ['info', '--output-format=json', file], { timeoutMs: inspectMs, signal });
    if (outcome.endedBy === 'abort') signal.throwIfAborted();
    if (outcome.exitCode !== 0) {
      throw new PlatformError(
        'BUNDLE_INVALID',
        `the firmware bundle is refused: ${parseFailure(outcome.stderr)}; nothing was written`,
      );
    }
    const bundle = parseInfo(outcome.stdout);
    const { compatible } = await readStatus(rauc);
    if (bundle.compatible === compatible) return bundle;
    throw new PlatformError(
      'BUNDLE_INCOMPATIBLE',
      `the firmware bundle ${bundle.version} is for ${bundle.compatible}, this box is a ${compatible}; nothing was written`,
    );
  };

  /** RAUC's service goes on by itself when its client is gone: it is ended too, and the next start is to take the running slot. */
  const giveUp = async () => {
    const systemctl = system.program('systemctl');
    if (systemctl && system.exists('/run/systemd/system'))
      await runCommand(systemctl, ['kill', '--signal=SIGKILL', 'rauc.service'], { timeoutMs: statusMs });
    const status = await readStatus(rauc);
    const booted = status.slots.find((slot) => slot.booted);
    if (booted && status.primary !== booted.name) await mark('mark-active', 'booted');
    recollection.update({ trialSlot: undefined }, 'durable');
  };

  return {
    slots: async () => slotsOf(await readStatus(rauc)),
    async inspect(file, signal) {
      const { version } = await inspect(file, signal);
      return { version };
    },
    async install(file, progress, signal) {
      const { version } = await inspect(file, signal);
      const { slot } = target(await readStatus(rauc), slotsOf);
      // Known before RAUC activates the slot: a start into it without this would keep it unproven.
      if (!recollection.update({ trialSlot: slot, givenUpSlot: undefined }, 'durable')) throw notStored();
      let last = 0;
      const outcome = await runCommand(rauc, ['install', file], {
        timeoutMs: installMs,
        signal,
        line(text) {
          const percent = parseProgress(text);
          if (percent === undefined || percent < last || percent === 100) return;
          last = percent;
          progress(percent);
        },
      });
      if (outcome.exitCode !== 0 || outcome.endedBy !== 'exit') {
        const trouble = await giveUp().then(() => undefined, messageOf);
        if (trouble === undefined) signal.throwIfAborted();
        throw failed(version, `${outcome.stdout}\n${outcome.stderr}`, trouble);
      }
      progress(100);
      return { slot, version };
    },
    async confirm() {
      await mark('mark-good', 'booted');
      recollection.update({ trialSlot: undefined }, 'durable');
    },
    async rollBack() {
      const status = await readStatus(rauc);
      const booted = status.slots.find((slot) => slot.booted);
      const other = slotsOf(status).find((slot) => !slot.booted && slot.state === 'good');
      if (booted === undefined || other === undefined) {
        throw new PlatformError(
          'DEVICE_FAILED',
          `giving up slot ${booted?.name}: no other slot is good, so there is nothing to go back to; install a bundle first`,
        );
      }
      recollection.update({ givenUpSlot: booted.name, trialSlot: undefined }, 'durable');
      await mark('mark-active', other.name);
      await mark('mark-bad', 'booted');
    },
  };
}

/** The slot that an installation writes: the one beside the running one. */
function target(
  status: RaucStatus,
  slotsOf: (status: RaucStatus) => { name: string; state: string }[],
): { slot: string } {
  const booted = status.slots.find((slot) => slot.booted);
  const other = status.slots.find((slot) => !slot.booted && slot.slotClass === booted?.slotClass);
  if (booted === undefined || other === undefined) {
    throw new PlatformError('INSTALL_FAILED', 'RAUC knows no slot beside a running one; look at /etc/rauc/system.conf');
  }
  if (slotsOf(status).some(({ name, state }) => name === booted.name && state === 'trial')) {
    throw new PlatformError(
      'INSTALL_FAILED',
      `slot ${booted.name} is still on trial and the other one is what it falls back to; confirm it first`,
    );
  }
  return { slot: other.name };
}

/** `trouble`: why the running slot could not be made the next one to start. */
function failed(version: string, output: string, trouble: string | undefined): PlatformError {
  const reason = parseFailure(output);
  const code = /signature/i.test(reason)
    ? 'BUNDLE_INVALID'
    : /compatible/i.test(reason)
      ? 'BUNDLE_INCOMPATIBLE'
      : 'INSTALL_FAILED';
  const left =
    trouble === undefined
      ? 'the running slot is untouched'
      : `the running slot is untouched, but whether the next start takes it is not known: ${trouble}`;
  return new PlatformError(code, `installing firmware ${version}: RAUC says: ${reason}; ${left}`);
}

function notStored(): PlatformError {
  return new PlatformError(
    'STORAGE',
    'remembering the trial of a new firmware: the state directory cannot be written; free some space',
  );
}
