import { setTimeout as wait } from 'node:timers/promises';
import type { Ui } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';
import type { PowerSupply } from './power.ts';
import type { Remote } from './remote.ts';
import { loadDebugTarget } from './ui-debug.ts';
import { runInUi } from './ui-script.ts';

const reloadMs = 200;
const toastMs = 4_000;

/** The user interface. A message wakes a box in standby: an operator's word is worth nothing on a black screen. */
export function createUi(box: Box, faults: Faults, remote: Remote, power: PowerSupply): Ui {
  return {
    async message({ html, durationMs, shown }, signal) {
      await faults.pass('ui', signal);
      power.wake();
      const dismissal = new AbortController();
      const message = { html, dismiss: () => dismissal.abort() };
      box.show('messages', [...(box.screen.messages ?? []), message]);
      box.record('message', 'Shows a message.', { html, durationMs });
      shown?.();
      const ended = await stays(durationMs, [signal, box.closed, dismissal.signal]);
      const others = box.screen.messages?.filter((each) => each !== message) ?? [];
      box.show('messages', others.length === 0 ? undefined : others);
      const how = ended === null ? 'timeout' : ended === dismissal.signal ? 'dismissed' : 'aborted';
      box.record('message-ended', `The message is gone: ${how}.`, { how });
      if (how === 'aborted') throw ended?.reason;
      return how;
    },
    async reload(signal) {
      await faults.pass('ui', signal);
      power.wake();
      box.show('menu', undefined);
      box.show('banner', undefined);
      box.show('page', undefined);
      box.show('toast', 'Loading…');
      await box.wait(reloadMs, signal).finally(() => box.show('toast', undefined));
      box.record('ui-reload', 'The user interface was loaded again.');
    },
    async evaluate(js, signal) {
      await faults.pass('ui', signal);
      box.record('ui-script', 'Runs JavaScript in the user interface.', { js });
      return runInUi(js, AbortSignal.any([signal, box.closed]), {
        facts: factsOf(box),
        press: (key) => remote.press(key, 'agent'),
        toast: (text) => box.flash('toast', text, toastMs),
      });
    },
    async debug(server, signal) {
      await faults.pass('ui', signal);
      const bytes = await loadDebugTarget(server, AbortSignal.any([signal, box.closed]));
      box.record('ui-debug', `Loaded the debugger's target script from ${server}.`, { server, bytes });
      box.flash('toast', `Debugged from ${server}`, toastMs);
    },
    async block(html) {
      await faults.pass('ui');
      if (html !== null) box.show('blocked', { html });
      else if (box.screen.blocked) box.show('blocked', undefined);
      if (html === null) box.record('unblock', 'The screen is free.');
      else box.record('block', 'The screen is blocked.', { html });
    },
    async open(url, signal) {
      await faults.pass('ui', signal);
      power.wake();
      box.show('page', { url });
      box.record('ui-open', `Opened ${url}.`, { url });
    },
  };
}

/** What a script in the user interface can read. */
function factsOf(box: Box) {
  const { id, mac, model, volume, muted, playing, slots, running } = box.state;
  return { id, mac, model, volume, muted, channel: playing, firmware: slots[running].version, power: box.state.power };
}

/** Waits out the time, or until one of the signals; says which, null for the time. */
async function stays(ms: number, signals: AbortSignal[]): Promise<AbortSignal | null> {
  try {
    await wait(ms, undefined, { signal: AbortSignal.any(signals) });
    return null;
  } catch {
    return signals.find((signal) => signal.aborted) ?? null;
  }
}
