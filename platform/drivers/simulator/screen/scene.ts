/**
 * What is on the simulated box's screen at one instant, as plain data. The state makes a scene, `drawScreen` makes the
 * picture; the same scene always gives the same picture.
 */
export type Scene = {
  power: ScreenPower;
  /** Wall time of the picture, in milliseconds; with `background.startedAt` it says how far the programme is. */
  at: number;
  background: Background;
  /** The bar at the bottom after a change of channel; not shown under a menu, a message or progress. */
  banner?: Banner;
  volume?: { percent: number; muted: boolean };
  /** A message over all but the number being typed, the volume and the toast; `html` may be hostile. */
  message?: { html: string; title?: string };
  /** A wall over everything but messages, that no key takes away; `html` may be hostile. */
  blocked?: { html: string };
  /** A web page over all but messages. */
  page?: { url: string };
  menu?: { title: string; items: string[]; selected: number };
  /** The channel number being entered, as typed so far. */
  digits?: string;
  toast?: string;
  /** A firmware upgrade or the like, 0 to 100. */
  progress?: { label: string; percent: number };
  /** The box's local time as the banner shows it: `20:15`. */
  clock: string;
  model: string;
  firmware: string;
};

/** `off` and `standby` are black, `booting` shows the logo. */
export type ScreenPower = 'off' | 'standby' | 'booting' | 'on';

/** What the player has on; everything else lies over it. */
export type Background = {
  kind: 'channel' | 'radio' | 'video' | 'none';
  /** `failed` shows `reason`; `starting` a spinner. */
  state: 'starting' | 'playing' | 'paused' | 'failed';
  /** The channel's id, where it has one; the picture of a channel is made from id, name and number. */
  id?: string;
  name?: string;
  number?: number;
  reception?: 'BASE' | 'DVB' | 'LOCAL';
  url?: string;
  reason?: string;
  /** Wall time in milliseconds at which it began to play. */
  startedAt?: number;
  /** Wall time in milliseconds of a pause; the picture stands still there. */
  pausedAt?: number;
};

export type Banner = {
  name: string;
  number?: number;
  reception?: 'BASE' | 'DVB' | 'LOCAL';
  /** The programme's title. */
  programme?: string;
  /** How far the programme is, 0 to 100. */
  percent?: number;
};

/** Every picture's size in pixels. */
export const screenSize = { width: 1280, height: 720 } as const;
