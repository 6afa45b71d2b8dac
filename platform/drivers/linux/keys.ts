import { setTimeout as wait } from 'node:timers/promises';
import { type KeyName, type Keys, PlatformError } from '../../contract.ts';
import type { ChromiumPage } from './chromium.ts';
import type { KeySet } from './key-sets.ts';
import { logindTakesPowerKey } from './logind.ts';
import type { System } from './system.ts';
import { remoteName, type VirtualRemote } from './uinput.ts';

/** Presses keys as a remote control of the kernel's. A key that would make logind switch the box off is refused. */
export function createUinputKeys(system: System, set: KeySet, remote: VirtualRemote): Keys {
  return {
    async press(key, signal) {
      signal.throwIfAborted();
      if (key === 'NOOP') return pause(signal);
      if (key === 'POWER' && logindTakesPowerKey(system, remote.event)) throw powerKeyTaken();
      await remote.press(set.evdev(key));
      signal.throwIfAborted();
    },
  };
}

/** Presses keys in the page of a Chromium user interface: also those that Chromium takes from no keyboard, as colours and channels. */
export function createCdpKeys(set: KeySet, page: ChromiumPage): Keys {
  return {
    async press(key, signal) {
      signal.throwIfAborted();
      if (key === 'NOOP') return pause(signal);
      await page.press(set.dom(key), signal);
      signal.throwIfAborted();
    },
  };
}

/** What NOOP does: nothing, for as long as a key takes. */
async function pause(signal: AbortSignal): Promise<void> {
  await wait(noopMs, undefined, { signal }).catch(() => {
    throw signal.reason;
  });
}

const noopMs = 30;

function powerKeyTaken(): PlatformError {
  const key: KeyName = 'POWER';
  return new PlatformError(
    'UNSUPPORTED',
    `key ${key}: systemd-logind would switch the box off at it; set HandlePowerKey=ignore in /etc/systemd/logind.conf.d, or install a udev rule that takes the tag power-switch from "${remoteName}"`,
  );
}
