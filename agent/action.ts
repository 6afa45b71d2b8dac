/**
 * The action contract: one definition per type, in `agent/actions/`. It gives the reference in `docs/actions.md`, the deadline,
 * and what recovery does after a crash; what validates the parameters is in `agent/protocol/params.ts`.
 */
import type { Logger } from 'pino';
import type { CapabilityName, DvbService, Platform } from '../platform/contract.ts';
import { AgentError } from './errors.ts';
import type { Lineup, RadioChannel } from './protocol/lineup.ts';
import type { Progress } from './protocol/messages.ts';
import type { BoxActionType, Params } from './protocol/params.ts';

/** JSON that a result or an intent is made of. */
export type Json = Record<string, unknown>;

/**
 * What must not run at the same time. Two actions of one group run one after the other, in the order they came;
 * an action of the group `box` runs alone.
 */
export type ExclusiveGroup =
  | 'box'
  | 'player'
  | 'audio'
  | 'keys'
  | 'ui'
  | 'lineup'
  | 'display'
  | 'network'
  | 'management'
  | 'script'
  | 'firmware';

export interface ActionDefinition<T extends BoxActionType = BoxActionType> {
  readonly type: T;
  /** For the reference; the first sentence stands in its overview. */
  readonly summary: string;
  /** What `result` holds when it is done, a line per field: `{ volume: 'the volume read back, 0 to 100' }`. */
  readonly result: Record<string, string>;
  /** What the box must have; without it the action is refused with UNSUPPORTED and the name. */
  readonly capabilities: readonly CapabilityName[];
  /** null: any number at once, beside everything; its signal is aborted when nothing else keeps a due action of the group `box` waiting, once it is `done` or a moment later. */
  readonly group: ExclusiveGroup | null;
  /** Whether it may run again after a crash. If not, the intent is committed before `run`, and `settle` decides. */
  readonly idempotent: boolean;
  /** Whether it is taken with a full disk too, at the cost of the journal's reserve: for what may be the cure. */
  readonly mayUseReserve?: boolean;
  /** Why no box does it, in words: it is known, and refused with UNSUPPORTED. */
  readonly unsupported?: string;
  /** Milliseconds from start to TIMEOUT. */
  deadlineMs(params: Params<T>, settings: ActionSettings): number;
  /** What to remember of the box before the effect (boot id, slot): committed with the intent, handed to `settle`. */
  prepare?(params: Params<T>, context: ActionContext): Promise<Json>;
  /** Does it. Resolves with the result, throws an AgentError or a PlatformError. */
  run(params: Params<T>, context: ActionContext): Promise<Json>;
  /**
   * After a crash or reboot in the middle of a non-idempotent action: asks the box what happened. Resolves with the result
   * when the effect is proven, throws when it failed. Absent: the action fails with INTERRUPTED.
   */
  settle?(params: Params<T>, context: ActionContext, intent: Json): Promise<Json>;
}

/** What a running action may use. */
export interface ActionContext {
  readonly id: string;
  readonly platform: Platform;
  readonly headend: HeadendClient;
  readonly settings: ActionSettings;
  readonly lineup: LineupStore;
  readonly cutOff: CutOffStore;
  /** A directory for downloads of this action; removed when it has ended for good. */
  readonly workDir: string;
  /** Aborted at the deadline, at shutdown and when the box is about to go down. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Says how far it is; may be lost. */
  progress(progress: Progress): void;
  /**
   * Reports that it is done while it goes on, as a message does that is on the screen. What `run` resolves with then takes the
   * place of this result; from here on it cannot fail any more, only be `interrupted`.
   */
  done(result: Json): Promise<void>;
  /** Commits what `settle` will need to know, replacing what `prepare` gave. */
  remember(intent: Json): Promise<void>;
  /**
   * Resolves when no other action that has a group runs; after a limit those that do are aborted. Nothing else starts until this one ends. Throws
   * BUSY where another runs alone.
   */
  alone(): Promise<void>;
  /** Resolves when an upstream has been reached since this process started. */
  reached(): Promise<void>;
  /** Waits; rejects when `signal` is aborted. */
  sleep(ms: number): Promise<void>;
}

/** The headend as an HTTP service, beside the upstreams. Throws NOT_CONFIGURED without an address, HEADEND_FAILED or UPLOAD_FAILED else. */
export interface HeadendClient {
  /** The HTTP(S) address without a trailing slash, where one is known. */
  readonly url: string | undefined;
  /** Fetches this box's line-up and tuner configuration. */
  fetchLineup(signal: AbortSignal): Promise<Lineup>;
  /** Asks a portal for a radio channel that is not in the line-up; undefined where it has none, and where there is no portal. */
  radioByNumber(number: number, signal: AbortSignal): Promise<RadioChannel | undefined>;
  /** The address to play now: a line-up's own, or what the portal makes of it for this one time. */
  addressOf(url: string, signal: AbortSignal): Promise<string>;
  /** Uploads an artifact of an action, resuming where an attempt broke off; for an action given on the box itself, keeps it in a file. */
  upload(action: string, artifact: Artifact, signal: AbortSignal): Promise<UploadedArtifact>;
}

export type Artifact = { contentType: string; bytes: Uint8Array };
export type UploadedArtifact = { bytes: number; sha256: string; file?: string };

/** The line-up and the tuner configuration the box has, kept in the state directory and replaced atomically. */
export interface LineupStore {
  current(): Lineup;
  replace(lineup: Lineup): Promise<void>;
  /** What the tuner was last configured with. */
  services(): DvbService[];
  replaceServices(services: DvbService[]): Promise<void>;
}

/** Whether the operator has cut the box off, kept in the state directory: it outlives every restart until CUT_ON. */
export interface CutOffStore {
  /** null while the box is not cut off. */
  current(): CutOff | null;
  replace(cutOff: CutOff | null): Promise<void>;
}

/** `html` stands on the blocked screen, `since` is RFC 3339. */
export type CutOff = { html: string; since: string };

/** The parts of the configuration that actions use. */
export interface ActionSettings {
  readonly switchOff: 'standby' | 'poweroff';
  readonly messageSeconds: number;
  readonly keyGapMs: number;
  /** Address of the ndt7 server, `ws://host:port`; by default the headend. */
  readonly speedtest: { readonly url: string | undefined; readonly seconds: number };
  readonly management:
    | {
        readonly host: string;
        readonly sshPort: number;
        readonly user: string;
        readonly privateKey: string;
        readonly hostKey: string;
      }
    | undefined;
  readonly firmware: { readonly url: string | undefined; readonly confirmSeconds: number };
  /** `host:port` of the UI debugger used when `debugserver` is blank. */
  readonly debugServer: string;
}

/** The named capability, or UNSUPPORTED with its name, the reason and the cure. */
export function need<C extends CapabilityName>(platform: Platform, name: C): NonNullable<Platform[C]> {
  const capability = platform[name];
  if (capability !== undefined) return capability as NonNullable<Platform[C]>;
  const missing = platform.missing[name];
  throw new AgentError(
    'UNSUPPORTED',
    `${name}: ${missing ? `${missing.reason}; ${missing.cure}` : 'this box has no such capability'}`,
  );
}

/** Throws UNSUPPORTED where the box lacks what an action needs, and CUT_OFF where the operator lets nothing play on it. */
export function checkNeeds(definition: ActionDefinition, context: ActionContext): void {
  for (const name of definition.capabilities) need(context.platform, name);
  if (definition.capabilities.includes('player')) checkNotCutOff(definition.type, context);
}

/** Throws CUT_OFF where the operator lets nothing play on the box: for an action that looks again when it comes to play something. */
export function checkNotCutOff(type: string, { cutOff }: ActionContext): void {
  const since = cutOff.current()?.since;
  if (since !== undefined) throw new AgentError('CUT_OFF', `cut off since ${since}; send CUT_ON before ${type}`);
}

/** A definition with its type spelt once. */
export function defineAction<T extends BoxActionType>(definition: ActionDefinition<T>): ActionDefinition<T> {
  return definition;
}
