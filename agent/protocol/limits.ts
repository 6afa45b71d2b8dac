/**
 * Every limit of size, count and time on the wire, in one place. Sizes are bytes, times are milliseconds
 * unless the name says otherwise. Shared by the agent and the headend.
 */
export const limits = {
  /** One protocol message, encoded. */
  messageBytes: 256 * 1024,
  /** An action or report id. */
  idLength: 64,
  /** The deepest nesting of objects and arrays that is parsed. */
  jsonDepth: 16,
  /** A MESSAGE text, as HTML. */
  messageTextLength: 8_192,
  /** How long a MESSAGE stays, in seconds. */
  messageSeconds: { min: 1, max: 86_400, default: 30 },
  /** The pause before the sound of a MESSAGE is repeated. */
  notifyGapMs: 2_000,
  urlLength: 2_048,
  jsLength: 64 * 1024,
  keysCount: 200,
  keyGapMs: { min: 0, max: 5_000, default: 100 },
  /** The span over which a fleet spreads an action, in seconds. */
  spreadSeconds: 86_400,
  /** How far ahead `when` may lie. */
  scheduleAheadMs: 366 * 24 * 3600 * 1000,
  scriptBytes: 1024 * 1024,
  scriptRunMs: 120_000,
  scriptMemoryBytes: 256 * 1024 * 1024,
  /** How much of each output stream of a SCRIPT is reported. */
  scriptTailBytes: 8 * 1024,
  artifactBytes: 32 * 1024 * 1024,
  firmwareBytes: 2 * 1024 * 1024 * 1024,
  /** From the first byte of a firmware bundle to the restart into it. */
  firmwareMs: 2 * 3600 * 1000,
  /** A line-up as fetched from the headend. */
  lineupBytes: 4 * 1024 * 1024,
  /** The highest number a channel may have on the remote control. */
  channelNumber: 99_999,
  /** How many channels a report lists by name; the counts are always whole. */
  lineupListed: 50,
  /** What each way to receive a channel gets before the next one is tried. */
  playbackStartMs: 20_000,
  /** How long a box may take to go down after it took a reboot. */
  goingDownMs: 60_000,
  /** How long the video of a MESSAGE_VIDEO is followed to its end. */
  announcementMs: 6 * 3600 * 1000,
  /** What JS returns, encoded. */
  jsResultBytes: 64 * 1024,
  /** How long a MANAGEMENT tunnel stays open, in seconds. */
  tunnelSeconds: { min: 10, max: 86_400, default: 3_600 },
  /** Actions waiting or running on a box; more are refused with BUSY. */
  pendingActions: 10_000,
  /** Space set aside on the box for what may cure a full disk, and how much of it is given up at once: several commits' worth. */
  journalReserve: { bytes: 256 * 1024, portionBytes: 32 * 1024 },
  /** How long REBOOT and the like wait for what runs. */
  exclusiveWaitMs: 30_000,
  /** How long they wait for what has no group and is not done yet: for a message to get on the screen. */
  ungroupedWaitMs: 2_000,
  /** What an aborted action gets to clean up before it is given up. */
  abortGraceMs: 2_000,
  /** What SIGTERM leaves to what runs. */
  shutdownMs: 10_000,
  /** How often a box says how it is. */
  telemetryMs: 60_000,
  reportResendMs: { first: 5_000, max: 300_000 },
  reconnectMs: { first: 500, max: 60_000 },
  /** Start attempts of one idempotent action before it is called a crasher. */
  attempts: 3,
} as const;
