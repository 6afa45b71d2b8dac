/** `[platform.linux]` of the configuration, with every default filled in by whoever opens the box. What is undefined is looked for. */
export type LinuxSettings = {
  /** `/`, or the folder that stands for it in a test. */
  root: string;
  /** Where what outlives the agent is kept; shared by both firmware slots. */
  stateDir: string;
  /** Who the box is, where the configuration says so. */
  id?: string;
  mac?: string;
  model?: string;
  /** ALSA's card, by number or id, and its control. */
  audioCard?: string;
  audioControl?: string;
  /** Whether MESSAGE may read out, and in which of espeak-ng's voices. */
  speech: boolean;
  speechVoice: string;
  /** `/dev/cec0`; `none` leaves the TV alone. */
  cecDevice?: string;
  /** `/dev/fb0` */
  framebuffer?: string;
  /** Takes a screenshot: a program and its arguments, of which `{file}` is the PNG to write. */
  screenshotCommand: string[];
  /** Chromium's remote debugging, `http://127.0.0.1:9222`. */
  cdpUrl?: string;
  /** The remote inspector of WPE WebKit, `http://127.0.0.1:9223`. */
  inspectorUrl?: string;
  /** How EMULATEKEYS reaches the box, and as which set of keys; `auto` takes what fits the user interface. */
  keysBy: 'auto' | 'uinput' | 'cdp';
  keySet: 'auto' | KeySetName;
  /** Exceptions to the set, `RED=0x190`. */
  keys: string[];
  /** A running mpv's socket; without it the driver starts one, with these options. */
  mpvSocket?: string;
  mpvOptions: string[];
  /** The number of the DVB adapter. */
  tunerAdapter?: number;
  /** The port of this box's shell service that MANAGEMENT leads to. */
  shellPort: number;
};

export type KeySetName = 'linux' | 'mag' | 'cehtml' | 'dom';
