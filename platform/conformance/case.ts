import type { CapabilityName, DvbService, Platform, Source, TunnelTarget } from '../contract.ts';

/** One promise of the contract. `run` rejects with an AssertionError that says what the driver did instead. */
export type ConformanceCase = {
  capability: CapabilityName | 'identity' | 'telemetry';
  /** A sentence about the box. */
  title: string;
  /** What it needs beside the capability. */
  needs?: readonly (CapabilityName | FixtureName | 'restarted')[];
  run(box: BoxUnderTest): Promise<void>;
};

/** A box and what the harness can do with it. */
export type BoxUnderTest = {
  /** The box as opened now; `reopen` and `restarted` replace it. */
  platform: Platform;
  /** Ends the agent's side of the driver, opens the same box again, and puts it in `platform`. The box itself keeps running. */
  reopen(): Promise<Platform>;
  /**
   * To be called when the box has taken a reboot: resolves when it has gone down, is up again and open in `platform`; rejects when it does
   * not go down. Pushes the power button where the box has switched itself off. Absent where the harness dies with the box.
   */
  restarted?(): Promise<Platform>;
  /**
   * Does what takes a box minutes, or puts the box back to where it was after that when it was done before. Absent where the harness cannot
   * put a box back: each case then does it itself.
   */
  repeat?(work: () => Promise<unknown>): Promise<void>;
  /** What the harness offers around the box; a case that needs what is not there is skipped. */
  fixtures: Fixtures;
};

export type Fixtures = {
  /** A directory for the case's files. */
  workDir: string;
  /** Something the box can play, and something it cannot. */
  sources?: { good: Source; other: Source; bad: Source };
  /** Services that can be received where the box stands. */
  services?: [DvbService, DvbService];
  /** Bundle files: one for this box, one with a flipped bit, one signed by a stranger, one for another model. */
  bundles?: { good: { file: string; version: string }; damaged: string; stranger: string; foreign: string };
  /** A debug server that serves `/target.js`, and an address where nobody listens. */
  debugServers?: { good: string; dead: string };
  ssh?: {
    target: TunnelTarget;
    /** Another host's key. */
    wrongHostKey: string;
    /** Connects to a port of the management host, by default the target's; resolves with the first bytes, rejects when refused. */
    call(port?: number): Promise<string>;
  };
};
export type FixtureName = keyof Fixtures;
