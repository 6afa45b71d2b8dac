import type { Power } from '../../contract.ts';
import { bootUp, fallBackOf } from './boot.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import type { Playback } from './playback.ts';
import type { PowerCycle } from './settings.ts';
import type { BootReason } from './state.ts';

/** The box's power, as the capability, the remote control's button and the mains switch use it. */
export type PowerSupply = {
  /** Starts the box anew; the process goes down after this has returned. */
  restart(reason: BootReason): void;
  /** Soft off: only the power button or the mains switch brings it back. */
  off(): void;
  /** The mains: cut takes the power away at once, on starts a box that is off. */
  mains(on: boolean): void;
  /** The power is gone for a moment, at once. */
  blink(): void;
  /** The kernel of the running image dies, and the watchdog starts the box anew. */
  panic(): void;
  standby(): void;
  wake(): void;
  /** What the power button does. */
  button(): void;
};

/** What the caller of `reboot` gets to answer with before the process goes down. */
const graceMs = 20;

/** `cycle` takes the process down, so that the box starts in a new one; a box that is off boots in the one that waits. */
export function createPowerSupply(box: Box, playback: Playback, cycle: PowerCycle): PowerSupply {
  const boot = (reason: BootReason) => {
    const after = bootUp(box.state, reason);
    const fallBack = fallBackOf(box.state, after);
    box.update(after);
    if (fallBack !== undefined) box.record('fall-back', fallBack, { slot: after.running });
  };
  const off = (mains: boolean) => box.update({ power: 'off', mains });
  const later = (kind: 'reboot' | 'poweroff') => setTimeout(() => cycle(kind), graceMs);

  const supply: PowerSupply = {
    restart(reason) {
      box.record('reboot', 'Restarts.', { reason });
      boot(reason);
      later('reboot');
    },
    off() {
      box.record('power-off', 'Switches itself off.');
      off(true);
      later('poweroff');
    },
    mains(on) {
      if (on && box.state.power === 'off') return boot('power');
      if (on || !box.state.mains) return;
      const wasOff = box.state.power === 'off';
      box.record('power-cut', 'The mains switch was turned off.');
      off(false);
      if (!wasOff) cycle('cut');
    },
    blink() {
      box.record('power-cut', 'The power was cut, and came back.');
      boot('power');
      cycle('cut');
    },
    panic() {
      box.record('crash', 'The firmware crashed.', { slot: box.state.running });
      boot('crash');
      cycle('cut');
    },
    standby() {
      if (box.state.power !== 'on') return;
      box.update({ power: 'standby' });
      // A viewer who turns the screen off has seen enough of what was on it.
      for (const message of box.screen.messages ?? []) message.dismiss();
      box.blank();
      box.record('standby', 'Goes to standby.');
    },
    wake() {
      if (box.state.power !== 'standby') return;
      box.update({ power: 'on' });
      box.record('wake', 'Wakes up.');
      playback.resumeAfterWake();
    },
    button() {
      if (box.state.power === 'off') {
        if (box.state.mains) boot('power');
      } else if (box.state.power === 'standby') supply.wake();
      else supply.standby();
    },
  };
  return supply;
}

/** The capability. */
export function createPower(box: Box, faults: Faults, supply: PowerSupply): Power {
  return {
    async reboot() {
      await faults.pass('power');
      supply.restart('reboot');
    },
    async powerOff() {
      await faults.pass('power');
      supply.off();
    },
    async standby() {
      await faults.pass('power');
      supply.standby();
    },
    async wake() {
      await faults.pass('power');
      supply.wake();
    },
    async state() {
      await faults.pass('power');
      return box.state.power === 'on' ? 'on' : 'standby';
    },
  };
}
