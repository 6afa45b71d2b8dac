/** Limits of the conversation with a Ministra portal. Sizes are bytes, times are milliseconds unless the name says otherwise. */
export const ministraLimits = {
  /** The largest answer: a list of every channel. */
  answerBytes: 16 * 1024 * 1024,
  /** `watchdog_timeout` as far as it is believed; the portal's own configuration speaks of 30 to 300. */
  watchdogSeconds: { min: 1, max: 3_600, default: 120 },
  /** Polls in a row while the portal says that more is waiting. */
  burst: 200,
  /** Before a withdrawn token is asked for anew: two devices with one MAC address throw each other out. */
  newTokenMs: { first: 2_000, max: 900_000 },
  /** A token that held this long was not fought over. */
  quietTokenMs: 1_800_000,
  /** What the last poll gets to come in when the agent stops. */
  lastPollMs: 1_000,
  /** How long a question about channels waits for the portal to be reached. */
  reachMs: 15_000,
  /** How often a message that fails is put on the screen before it is confirmed all the same. */
  messageTries: 5,
  /** Messages whose repetition is counted. */
  countedMessages: 100,
} as const;
