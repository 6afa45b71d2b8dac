/**
 * The simulated box: memory and a state file behind the platform contract, with a TV page to look at it. It is a product, not
 * a mock: everything it says it does can be seen on its screen or in its log.
 */
import { endGroup } from '../../command.ts';
import type { Platform } from '../../contract.ts';
import { type Box, openBox } from './box.ts';
import { createCapabilities } from './capabilities.ts';
import { serveConsole } from './console.ts';
import { createFaults, type Faults } from './faults.ts';
import { createIdentity } from './identity.ts';
import { createPlayback } from './playback.ts';
import { createPowerSupply, type PowerSupply } from './power.ts';
import { cyclePower } from './power-cycle.ts';
import { createRemote } from './remote.ts';
import type { PowerCycle, SimulatorSettings } from './settings.ts';
import { createTelemetry } from './telemetry.ts';
import { openTvServer, type TvServer } from './tv-server.ts';
import { type Snapshot, snapshotOf } from './view.ts';

export type { BoxEvent, BoxEventName } from './event-log.ts';
export type { Fault } from './faults.ts';
export type { PowerCycle, SimulatorSettings } from './settings.ts';
export type { Snapshot } from './view.ts';

/** What the simulator has beyond the contract. */
export type Simulator = {
  /** Where the TV page is; undefined without one. */
  readonly tvUrl: string | undefined;
  readonly faults: Faults;
  snapshot(): Snapshot;
};

export type SimulatedPlatform = Platform & { readonly simulator: Simulator };

/** How long a bad image lives before it crashes. */
const crashMs = 300;

/**
 * Opens the box. Resolves when it has booted: after `bootMs` if it was just started, at once if only the agent was, and for a box that is
 * off when somebody switches it on at the TV page.
 */
export async function openSimulator(settings: SimulatorSettings): Promise<SimulatedPlatform> {
  const box = openBox(settings);
  const groups = new Set<number>();
  const cycle: PowerCycle = (kind) => {
    if (box.closed.aborted) return;
    for (const group of groups) endGroup(group, 'SIGKILL');
    (settings.powerCycle ?? cyclePower)(kind);
  };
  const playback = createPlayback(box);
  const power = createPowerSupply(box, playback, cycle);
  const faults = createFaults(box, process.env.STB_SIMULATOR_FAULT, {
    kill: settings.kill ?? (() => process.kill(process.pid, 'SIGKILL')),
    cutPower: power.blink,
  });
  const remote = createRemote(box, playback, power);
  const snapshot = () => snapshotOf(box, faults, capabilities.management?.tunnels() ?? [], reasons);
  const { capabilities, missing } = createCapabilities({
    ...{ box, faults, playback, power, remote, groups },
    serveConsole: (stream) => serveConsole(stream, snapshot),
  });
  const reasons = Object.fromEntries(Object.entries(missing).map(([name, { reason }]) => [name, reason]));

  let tv: TvServer | undefined;
  const close = async () => {
    box.close();
    for (const group of groups) endGroup(group, 'SIGKILL');
    await tv?.close();
  };
  try {
    if (settings.tvPort !== undefined) {
      tv = await openTvServer({ box, faults, remote, power, snapshot }, settings.tvPort, box.state.tvPort);
      const tvPort = Number(new URL(tv.url).port);
      if (tvPort !== box.state.tvPort) box.update({ tvPort });
    }
    await start(box, power);
    playback.resumeAfterWake();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    driver: 'simulator',
    identity: createIdentity(box),
    telemetry: createTelemetry(box, faults),
    ...capabilities,
    missing,
    observe: faults.strike,
    storageFull: faults.diskFull,
    ...(tv && { pages: [tv.url] }),
    close,
    simulator: { tvUrl: tv?.url, faults, snapshot },
  };
}

/** Waits for the power button where the box is off, and for the boot logo where it has just been started. */
async function start(box: Box, power: PowerSupply): Promise<void> {
  const { settings } = box;
  // A box without a TV page has no power button but the start of its process.
  if (box.state.power === 'off' && settings.tvPort === undefined) power.mains(true);
  const runs = box.state.power !== 'off' && !box.state.booting;
  if (runs) box.record('agent-start', 'The agent was started again; the box was not.');
  while (box.state.power === 'off' || box.state.booting) {
    if (box.state.power === 'off') await switchedOn(box);
    else await boot(box, power);
  }
}

async function boot(box: Box, power: PowerSupply): Promise<void> {
  const { bootMs, signal } = box.settings;
  const { bootId, bootReason, slots, running } = box.state;
  const { behaviour, version } = slots[running];
  await box.wait(behaviour === 'crash' ? crashMs : bootMs, signal);
  if (box.state.bootId !== bootId || box.state.power === 'off') return;
  if (behaviour === 'crash') return power.panic();
  box.update({ booting: false });
  box.record('boot', `Started by ${bootReason}, with firmware ${version} in slot ${running}.`, {
    reason: bootReason,
    bootId,
    slot: running,
    firmware: version,
  });
}

async function switchedOn(box: Box): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ends = box.settings.signal ?? box.closed;
  const abort = () => reject(ends.reason);
  ends.addEventListener('abort', abort);
  const stop = box.onChange(() => box.state.power !== 'off' && resolve());
  try {
    ends.throwIfAborted();
    await promise;
  } finally {
    stop();
    ends.removeEventListener('abort', abort);
  }
}
