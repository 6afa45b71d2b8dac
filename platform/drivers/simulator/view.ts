/** What the box's state looks like: the scene for the screen, and the snapshot for the TV page and tests. */
import type { CapabilityName, DvbService, Slot, Source, Tunnel } from '../../contract.ts';
import type { Box } from './box.ts';
import type { BoxEvent } from './event-log.ts';
import type { Fault, Faults } from './faults.ts';
import type { Background, Scene, ScreenPower } from './screen/scene.ts';

/** Everything about the box at one instant, as `GET /state` answers it. */
export type Snapshot = {
  identity: { id: string; mac: string; model: string; name: string; firmware: string };
  bootId: string;
  bootCount: number;
  bootReason: string;
  /** Wall time in milliseconds. */
  bootedAt: number;
  power: ScreenPower;
  /** Whether the mains switch is on. */
  mains: boolean;
  led: Led;
  volume: number;
  muted: boolean;
  playing: Source | null;
  scene: Scene;
  slots: Slot[];
  services: DvbService[];
  tunnels: { host: string; remotePort: number; closesAt: number }[];
  faults: Fault[];
  /** What this box lacks, with the reason. */
  missing: Partial<Record<CapabilityName, string>>;
  /** The newest 200, oldest first. */
  events: BoxEvent[];
};

export type Led = 'off' | 'red' | 'orange' | 'green';

const shownEvents = 200;
const leds: Record<ScreenPower, Led> = { off: 'off', standby: 'red', booting: 'orange', on: 'green' };

export function snapshotOf(box: Box, faults: Faults, tunnels: Tunnel[], missing: Snapshot['missing']): Snapshot {
  const { state } = box;
  const scene = sceneOf(box);
  return {
    identity: { id: state.id, mac: state.mac, model: state.model, name: state.name, firmware: scene.firmware },
    bootId: state.bootId,
    bootCount: state.bootCount,
    bootReason: state.bootReason,
    bootedAt: state.bootedAt,
    power: scene.power,
    mains: state.mains,
    led: leds[scene.power],
    volume: state.volume,
    muted: state.muted,
    playing: state.playing,
    scene,
    slots: slotsOf(box),
    services: state.services,
    tunnels: tunnels.map(({ host, remotePort, closesAt }) => ({ host, remotePort, closesAt })),
    faults: faults.list(),
    missing,
    events: box.recentEvents(shownEvents),
  };
}

export function sceneOf(box: Box): Scene {
  const { state, screen } = box;
  const { banner, volumeBar, messages, menu, digits, toast, progress, page, blocked } = screen;
  const now = new Date();
  const message = messages?.at(-1);
  return {
    power: powerOf(box),
    at: now.getTime(),
    background: backgroundOf(box),
    ...(banner && { banner }),
    ...(volumeBar && { volume: { percent: state.volume, muted: state.muted } }),
    ...(message && { message: { html: message.html } }),
    ...(menu && { menu }),
    ...(digits && { digits }),
    ...(toast && { toast }),
    ...(progress && { progress }),
    ...(page && { page }),
    ...(blocked && { blocked }),
    clock: `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`,
    model: state.model,
    firmware: state.slots[state.running].version ?? 'none',
  };
}

export function slotsOf(box: Box): Slot[] {
  const { slots, running } = box.state;
  return (['A', 'B'] as const).map((name) => {
    const { version, state } = slots[name];
    return { name, version, state, booted: name === running };
  });
}

function powerOf(box: Box): ScreenPower {
  if (box.state.power !== 'on') return box.state.power;
  return box.state.booting ? 'booting' : 'on';
}

function backgroundOf(box: Box): Background {
  const { playback } = box.screen;
  if (playback === undefined) return { kind: 'none', state: 'playing' };
  const { source, phase, reason, startedAt } = playback;
  return {
    ...source,
    state: phase,
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { startedAt }),
  };
}
