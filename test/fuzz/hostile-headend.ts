import type { Config } from '../../agent/config.ts';

/** A headend that a test speaks through, message by message and byte by byte, on one upstream. */
export interface HostileHeadend {
  /** What the agent is configured with to reach it. */
  readonly config: Partial<Config>;
  /** Whether the upstream can carry these bytes as one message at all. */
  carries(message: Buffer): boolean;
  /** Sends messages as the upstream frames them; without a connection they wait for one. */
  deliver(messages: readonly Buffer[]): void;
  /** What a peer may do that is no message: by what it is, how to do it. Some of it costs the connection. */
  readonly breaches: Record<string, () => void>;
  close(): Promise<void>;
}

/** The box that is fed. */
export const box = { id: 'box-under-fire', mac: '00:1A:79:0F:0F:0F', token: 'let-me-in' };

/** `hear` gets what the box says, parsed. */
export type Hear = (message: unknown) => void;
