/** The limits of the Ministra faces. Milliseconds and characters unless named. */
export const ministraLimits = {
  /** How long an answer may be under way before its event is handed out again. */
  answerMs: 15_000,
  /** Boxes that may make themselves known within a minute: a MAC is all that it takes. */
  registrationsPerMinute: 600,
  /** A text of an account. */
  textLength: 1_000,
  /** The longest `ttl`, in seconds. */
  lifetimeSeconds: 366 * 24 * 3600,
  /** Modules that a box may be denied, and the name of one. */
  modules: { count: 200, nameLength: 64 },
  /** Channels that a box may be sold one by one, and the id of one. */
  channels: { count: 1_000, idLength: 32 },
  /** Channels that a viewer may mark. */
  favorites: 1_000,
  /** How far ahead a box may ask for the guide, in hours, and the programmes of one channel. */
  guide: { hours: 7 * 24, programmes: 500 },
} as const;
