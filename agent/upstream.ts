/**
 * The upstream contract: one way to reach a headend. `test/integration/upstreams.test.ts` is the suite each passes.
 *
 * INVARIANTS
 * - A message is acknowledged on the wire only after `link.receive` resolved (promise 1). When it rejects, the message
 *   stays with the headend and comes again.
 * - `send` resolves when the message has left for the headend, not when the headend has stored it: a stored final report
 *   comes back as an `ack` through `link.receive`. An upstream whose transport confirms storage (HTTP 2xx) makes the ack itself.
 * - A lost connection is found by keep-alive, and tried again for ever with jittered back-off.
 */
import type { Lineup, RadioChannel } from './protocol/lineup.ts';
import type { BoxMessage, Telemetry } from './protocol/messages.ts';

export type UpstreamName = 'mqtt' | 'websocket' | 'heartbeat' | 'ministra';

export interface Upstream {
  readonly name: UpstreamName;
  /** Starts connecting and keeps at it until `stop`. Returns at once; nothing throws. */
  start(link: UpstreamLink): void;
  /** Sends one message; rejects when there is no connection or it was lost meanwhile. */
  send(message: BoxMessage): Promise<void>;
  /** Carries an artifact where no HTTP upload is reachable; absent where the upstream cannot. */
  sendArtifact?(action: string, artifact: { contentType: string; bytes: Uint8Array; sha256: string }): Promise<void>;
  /**
   * Whether an action came from a headend of this upstream's own, so that its reports are for nobody else. An upstream without this shares one headend
   * with the others of its kind, and is sent no reports of actions that are owned.
   */
  owns?(action: string): boolean;
  /** Asks for nothing more and resolves when what was asked for is taken: for a headend that forgets what it has handed out. */
  finishTaking?(): Promise<void>;
  /** The channels of a headend that has its own. */
  readonly channels?: ChannelSource;
  status(): UpstreamStatus;
  /** Says goodbye (presence offline) and closes; resolves when closed. */
  stop(): Promise<void>;
}

/** The channels of a portal, asked for over its upstream. Throws HEADEND_FAILED where it does not answer. */
export interface ChannelSource {
  fetchLineup(signal: AbortSignal): Promise<Lineup>;
  /** undefined where the portal has no such radio channel. */
  radioByNumber(number: number, signal: AbortSignal): Promise<RadioChannel | undefined>;
  /** The address to play now, for an address of the line-up that is only good for asking. */
  addressOf(url: string, signal: AbortSignal): Promise<string>;
}

/** What an upstream may do with the rest of the agent. */
export interface UpstreamLink {
  /** Takes one message. Resolves when it may be acknowledged, rejects when it must come again. Never throws for bad input. */
  receive(bytes: Uint8Array): Promise<void>;
  /** The headend can be reached now: hello and unreported results follow. Call it at every (re)connect. */
  connected(): void;
  /** The headend cannot be reached any more. */
  disconnected(reason: string): void;
  /** How the box is, for an upstream that polls with it. */
  telemetry(): Promise<Telemetry>;
}

export type UpstreamStatus = {
  state: 'connecting' | 'connected' | 'waiting' | 'stopped';
  url: string;
  /** Wall time in milliseconds of the last change of state. */
  since: number;
  /** Why the last connection ended or failed, in words. */
  lastError?: string;
  /** What was agreed: `MQTT 5`, `long poll`, … */
  detail?: string;
};
