/**
 * The platform contract: what a driver gives the agent. Everything that differs from box to box is here.
 *
 * INVARIANTS every driver keeps (`platform/conformance.ts` proves them):
 * - A capability that the box lacks is absent, with its reason and cure in `missing`. Nothing is pretended.
 * - A promise resolves only when the effect is real: read back, playing, locked, on the screen.
 * - A failure is a `PlatformError` that says what was tried, with what, and what to do.
 * - Every call that takes a `signal` ends soon after it is aborted, and leaves the box usable.
 */

import type { KeyName } from '../agent/protocol/keys.ts';

export { type KeyName, keyNames } from '../agent/protocol/keys.ts';

/** The names of the capabilities, in the order `doctor` lists them. */
export const capabilityNames = [
  'power',
  'audio',
  'keys',
  'display',
  'player',
  'tuner',
  'ui',
  'firmware',
  'network',
  'management',
  'script',
] as const;
export type CapabilityName = (typeof capabilityNames)[number];

/** Error codes a driver may use; the agent's error table explains each. */
export type PlatformErrorCode =
  | 'UNSUPPORTED'
  | 'DEVICE_FAILED'
  | 'PLAYBACK_FAILED'
  | 'NO_SIGNAL'
  | 'SCRIPT_ERROR'
  | 'BUNDLE_INVALID'
  | 'BUNDLE_INCOMPATIBLE'
  | 'INSTALL_FAILED'
  | 'TUNNEL_FAILED'
  | 'STORAGE'
  | 'TIMEOUT';

/** A driver's failure. `message` says what was tried, with what, and what to do now. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;
  constructor(code: PlatformErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What an error of any kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One box, opened. Capabilities that are absent are explained in `missing`. */
export interface Platform {
  /** The driver's name: `simulator`, `linux`, … */
  readonly driver: string;
  readonly identity: Identity;
  readonly telemetry: TelemetrySource;
  readonly power?: Power;
  readonly audio?: Audio;
  readonly keys?: Keys;
  readonly display?: Display;
  readonly player?: Player;
  readonly tuner?: Tuner;
  readonly ui?: Ui;
  readonly firmware?: Firmware;
  readonly network?: Network;
  readonly management?: Management;
  readonly script?: Script;
  /** Why a capability is absent, and what would cure it. One entry for each absent capability. */
  readonly missing: Partial<Record<CapabilityName, Missing>>;
  /** By what a capability that is there is provided, and what it lacks all the same: `ALSA: Master of card 0; cannot speak`. */
  readonly provided?: Partial<Record<CapabilityName, string>>;
  /**
   * Told of each step in the life of an action, as `journal.begin.before` with the action's type. A box may show it on
   * its front panel; the simulator cuts its power there when asked to. Must return at once and never throw.
   */
  observe?(step: string, type: string): void;
  /** Whether the box is to behave as if its disk were full; only the simulator has such a fault. */
  storageFull?(): boolean;
  /** Addresses a person may open to see or steer the box itself: the simulator's TV page. */
  readonly pages?: readonly string[];
  /** Lets go of every device and process. */
  close(): Promise<void>;
}

export type Missing = { reason: string; cure: string };

export interface Identity {
  /** Reads who the box is; `id` and `mac` are stable for the life of the hardware. */
  read(): Promise<BoxIdentity>;
  /** The kernel's boot id: changes at every start of the box, never else. */
  bootId(): Promise<string>;
  /** Whether the wall clock is known to be synchronised; undefined where the box cannot tell. */
  clockSynchronised?(): boolean;
}

export type BoxIdentity = {
  id: string;
  /** `00:1A:79:12:34:56`, upper case. */
  mac: string;
  model: string;
  serial?: string;
  /** The version of the running firmware. */
  firmware: string;
  /** Why the box last started: `power`, `reboot`, `watchdog`, `crash`. */
  bootReason?: string;
};

export interface TelemetrySource {
  /** How the box is now, within 50 ms and without starting processes. Figures the box lacks are left out. */
  sample(): Promise<TelemetrySample>;
}

/** Percentages 0 to 100, degrees Celsius, seconds, bytes, dBm, Mbit/s. */
export type TelemetrySample = {
  cpuPercent?: number;
  freeMemoryPercent?: number;
  uptimeSeconds?: number;
  temperature?: number;
  freeDiskBytes?: number;
  wifiSignalDbm?: number;
  wifiLinkMbps?: number;
};

export type PowerState = 'on' | 'standby';

export interface Power {
  /** Restarts the box. Resolves when the box took the request; the process then ends without warning. */
  reboot(): Promise<void>;
  /** Cuts the power, as far as the box can. Resolves like `reboot`. */
  powerOff(): Promise<void>;
  /** Blanks screen and sound, keeps the agent running. Resolves when it is so. */
  standby(): Promise<void>;
  wake(): Promise<void>;
  state(): Promise<PowerState>;
}

export interface Audio {
  /** The volume, 0 to 100, as the box has it. */
  volume(): Promise<number>;
  /** Sets the volume, 0 to 100, and resolves with what the box has now (read back). */
  setVolume(percent: number): Promise<number>;
  muted(): Promise<boolean>;
  setMuted(muted: boolean): Promise<void>;
  /** Plays the attention sound once; resolves when it has ended. Absent where the box has none. */
  chime?(signal: AbortSignal): Promise<void>;
  /** Speaks plain text; resolves when it has ended. Absent where the box cannot speak. */
  speak?(text: string, signal: AbortSignal): Promise<void>;
}

export interface Keys {
  /** Presses and releases one key, as if from the remote control. Resolves when the box has taken it. */
  press(key: KeyName, signal: AbortSignal): Promise<void>;
}

export interface Display {
  /** The screen as the viewer sees it, as a PNG. */
  screenshot(signal: AbortSignal): Promise<Screenshot>;
}

export type Screenshot = {
  png: Uint8Array;
  width: number;
  height: number;
  /** What whoever looks at it should know: that it is a single colour although something should be on. */
  note?: string;
};

/** What to play, and how it was asked for. */
export type Source = {
  kind: 'channel' | 'radio' | 'video';
  url: string;
  id?: string;
  name?: string;
  number?: number;
  /** How a channel is received, where it is one. */
  reception?: Reception;
};
export type Reception = 'BASE' | 'DVB' | 'LOCAL';

/** What is on. */
export type NowPlaying = Omit<Source, 'url'> & { url?: string };

export interface Player {
  /** Plays `source` instead of what is on. Resolves when the first picture or sound is out; rejects PLAYBACK_FAILED. */
  play(source: Source, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** What is on, however it was started; null when nothing is. */
  playing(): NowPlaying | null;
}

/** One service of the tuner's configuration, as the headend's channel has it (`dvb` of Telecom X). */
export type DvbService = {
  /** The channel's id. */
  channel: string;
  name: string;
  number: number;
  /** e.g. `{ freq: 218002, id: 'C_1039_218000', mod: '256QAM', symrate: 6875, prog: 1039 }` */
  dvb: Record<string, string | number>;
};

export interface Tuner {
  /** Replaces the whole tuner configuration. Resolves when it is stored. */
  configure(services: DvbService[]): Promise<void>;
  /** Tunes to a configured service and shows it. Resolves when locked and playing; rejects NO_SIGNAL. */
  tune(channel: string, signal: AbortSignal): Promise<TunerLock>;
}

/** Signal figures of a lock: percent or dBm as the tuner counts, decibel. */
export type TunerLock = { signalPercent?: number; signalDbm?: number; snrDb?: number; frequencyKhz?: number };

export interface Ui {
  /** Shows a message over the screen until the viewer dismisses it or the time is out. */
  message(message: UiMessage, signal: AbortSignal): Promise<'dismissed' | 'timeout'>;
  /** Reloads the user interface; resolves when it is up again. */
  reload(signal: AbortSignal): Promise<void>;
  /** Runs JavaScript in the user interface; resolves with its JSON value (a number that JSON cannot hold as text: `10n`, `NaN`), rejects SCRIPT_ERROR with the exception. */
  evaluate(js: string, signal: AbortSignal): Promise<unknown>;
  /** Loads a remote debugger's target script into the UI; resolves when it is loaded. `server` is `host:port`. */
  debug(server: string, signal: AbortSignal): Promise<void>;
  /**
   * Covers everything but messages with a text (sanitised HTML) that no key takes away, until it is called with null; the viewer is left with the
   * power key. Outlives a reload and standby; after a restart the agent calls it again. Resolves when it is so. Absent where the box cannot.
   */
  block?(html: string | null): Promise<void>;
  /** Shows a web page until the viewer closes it. Resolves when it is on the screen. Absent where the box has no browser. */
  open?(url: string, signal: AbortSignal): Promise<void>;
}

export type UiMessage = {
  /** Sanitised already. */
  html: string;
  durationMs: number;
  /** Called once, when it is on the screen. */
  shown?: () => void;
};

export interface Firmware {
  slots(): Promise<Slot[]>;
  /** Checks a bundle without writing anything: BUNDLE_INVALID for a bad signature, BUNDLE_INCOMPATIBLE for another box. */
  inspect(file: string, signal: AbortSignal): Promise<{ version: string }>;
  /** Writes a bundle to the slot that is not running and makes the next start try it. */
  install(
    file: string,
    progress: (percent: number) => void,
    signal: AbortSignal,
  ): Promise<{ slot: string; version: string }>;
  /** Keeps the running slot. Until then the next start falls back. */
  confirm(): Promise<void>;
  /** Gives the running slot up, so that the next start uses the other one. */
  rollBack(): Promise<void>;
}

export type Slot = {
  name: string;
  version: string | null;
  /** `good`: proven. `trial`: not proven yet. `bad`: given up. `empty`: nothing installed. */
  state: 'good' | 'trial' | 'bad' | 'empty';
  booted: boolean;
};

export interface Network {
  /** The link that carries the default route. */
  link(): Promise<Link>;
}

export type Link = {
  interface: string;
  kind: 'ethernet' | 'wifi' | 'other';
  address?: string;
  speedMbps?: number;
  wifiSignalDbm?: number;
};

export interface Management {
  /**
   * Opens a reverse SSH tunnel: `remotePort` on the management host leads to this box's local shell service.
   * Resolves when the host has bound the port; rejects TUNNEL_FAILED. It closes by itself after `lifetimeMs`.
   */
  openTunnel(target: TunnelTarget, signal: AbortSignal): Promise<Tunnel>;
  /** The tunnels that are open now. */
  tunnels(): Tunnel[];
}

export type TunnelTarget = {
  host: string;
  port: number;
  user: string;
  /** A private key in OpenSSH or PEM form. */
  privateKey: string;
  /** The host's public key, as in `known_hosts`: `ssh-ed25519 AAAA…`. Any other key is refused. */
  hostKey: string;
  /** The port on the management host that leads to this box; 0 lets the host choose. */
  remotePort: number;
  lifetimeMs: number;
};

export type Tunnel = {
  host: string;
  /** The port that the host has bound. */
  remotePort: number;
  /** Wall time in milliseconds at which it closes. */
  closesAt: number;
  close(): Promise<void>;
};

export interface Script {
  /** Runs an executable file in its own process group with a clean environment; ends the whole group at the limits. */
  run(job: ScriptJob, signal: AbortSignal): Promise<ScriptOutcome>;
}

export type ScriptJob = {
  file: string;
  timeoutMs: number;
  memoryBytes: number;
  /** How much of the end of each stream is kept. */
  tailBytes: number;
};

export type ScriptOutcome = {
  /** null when a signal ended it. */
  exitCode: number | null;
  endedBy: 'exit' | 'timeout' | 'abort' | 'signal';
  /** The signal that ended it, `SIGKILL`. */
  signal?: string;
  stdout: string;
  stderr: string;
  /** How many bytes each stream had in all. */
  stdoutBytes: number;
  stderrBytes: number;
  ms: number;
};

/** Opens a box. `settings` is the driver's own section of the configuration. */
export type OpenPlatform<Settings> = (settings: Settings) => Promise<Platform>;
