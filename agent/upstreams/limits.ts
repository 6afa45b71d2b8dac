import { limits } from '../protocol/limits.ts';

/** What an upstream takes, holds and waits for. Sizes are bytes, times milliseconds. */
export const upstreamLimits = {
  /**
   * The largest frame or packet read off the wire. More than a message may have, so that one which is somewhat too large is
   * refused in words by its reader and does not cost the connection.
   */
  frameBytes: 4 * limits.messageBytes,
  /** The largest answer to a heartbeat: a list of messages. */
  answerBytes: 4 * 1024 * 1024,
  /** Messages taken from the wire and not yet acknowledged, where the other side can be told or held back. */
  unacknowledged: 100,
  /** What those messages may weigh, each with so much on top for its bookkeeping, before reading stops. */
  unacknowledgedBytes: 16 * 1024 * 1024,
  bookkeepingBytes: 1024,
  /** Messages sent and not yet confirmed by the other side; the rest waits its turn. */
  inFlight: 20,
  /** Messages that wait for their turn to be sent. */
  outgoing: 10_000,
  /** Bytes handed to a WebSocket that the network has not taken yet. */
  outgoingBytes: 8 * 1024 * 1024,
  /** From the first packet to a working connection. */
  connectMs: 15_000,
  /** How long the other side may take to confirm a message. */
  confirmMs: 30_000,
  /** How long a goodbye may take. */
  goodbyeMs: 1_000,
  /** A connection that held this long was a good one: the next loss starts the back-off over. */
  steadyMs: 5_000,
  /** Before a message that could not be taken is tried again. */
  retakeMs: { first: 1_000, max: 60_000 },
  /** Reports posted at once, beside the poll. */
  requests: 4,
  /** How long a connection may idle in the pool: less than the 5 s after which a usual server closes it. */
  idleSocketMs: 4_000,
  /** Between two polls while actions wait here that could not be taken. */
  heldPollMs: 5_000,
  /** The least time between two long polls that brought nothing, should a server answer them at once. */
  emptyPollMs: 1_000,
} as const;
