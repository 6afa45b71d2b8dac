/** What ALSA and PipeWire have in common. */
export type MixerState = {
  percent: number;
  /** The mixer's own figure, finer or coarser than a percentage. */
  raw: string;
  /** undefined where there is no switch. */
  muted: boolean | undefined;
};

export type Mixer = {
  /** `Master of ALSA card 0 (PCH)` */
  readonly name: string;
  read(): Promise<MixerState>;
  setVolume(percent: number): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  /** The command that plays the WAV file named as its last argument, undefined when none is installed. */
  readonly player: SoundCommand | undefined;
};

export type SoundCommand = { program: string; args: string[]; env?: Record<string, string> };
