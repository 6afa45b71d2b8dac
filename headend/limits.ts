/** The headend's own limits; those of the wire are in `agent/protocol/limits.ts`. Milliseconds and bytes unless named. */
export const headendLimits = {
  /** When an action that a box took and did not accept is sent again. */
  resendMs: 15_000,
  /** How often expiry and sending again are looked at. */
  sweepMs: 1_000,
  /** Actions sent to one box before the next are read from the store. */
  sendBatch: 64,
  /** Actions read at once for a heartbeat's answer, and the size at which no more are added; a box takes 4 MiB. */
  pullBatch: 32,
  pullBytes: 1024 * 1024,
  /** The longest long poll, in seconds. */
  waitSeconds: 55,
  /** How long a poll keeps a box online, in intervals. */
  pollGrace: 2.5,
  /** The interval of a box that has polled once only, and the bounds of what is believed, in seconds. */
  pollSeconds: { first: 60, min: 2, max: 3_600 },
  /** How often a WebSocket is pinged; one that did not answer by the next ping is cut off. */
  pingMs: 20_000,
  /** Reports kept of one action besides the first final one; a box that says more is still acknowledged. */
  reportsPerAction: 1_000,
  /** A WebSocket frame at all: the speed test sends bigger ones than the protocol. */
  frameBytes: 16 * 1024 * 1024,
  /** Any MQTT packet other than PUBLISH, and the part of a PUBLISH that is not its payload. */
  mqttPacketBytes: 64 * 1024,
  /** The body of an API request. */
  bodyBytes: 1024 * 1024,
  /** One POST of reports. */
  reportsPostBytes: 8 * 1024 * 1024,
  reportsPerPost: 1_000,
  /** Messages of one WebSocket that are not yet stored, at which it is not read any further. */
  unstoredMessages: 256,
  /** Boxes that one action request may name. */
  boxesPerRequest: 10_000,
  /** What a slow reader of the event stream may leave unread before it is cut off. */
  eventBacklogBytes: 1024 * 1024,
  eventHeartbeatMs: 15_000,
  /** How long a stream of events goes on before it is looked at anew what its reader may see. */
  eventRightsMs: 1_000,
  /** How long a half-uploaded artifact is kept. */
  uploadMs: 24 * 3600 * 1000,
  /** How long a browser keeps an operator signed in: a shift. */
  sessionSeconds: 12 * 3600,
  retentionMs: 3600 * 1000,
  /** Free space of the data directory at which the disk counts as full. */
  leastFreeBytes: 1024 * 1024,
  /** One page of any list: `limit` 1 to 500, default 100, as Telecom X has it. */
  page: { default: 100, max: 500 },
  /** Telecom X device create: `custom` has at most 4096 bytes. */
  customFieldBytes: 4_096,
  /** Telecom X package: as little as a single channel or as much as 1000. */
  channelsPerPackage: 1_000,
  /** How long a box is told why it has a channel no more. */
  endedToldMs: 30 * 24 * 3600 * 1000,
  /** Telecom X DRM create: devices that one account permits, of a private and of a business customer, and accounts of a private one. */
  drmDevices: { private: 4, business: 5 },
  drmAccountsOfPrivate: 1,
  /** Telecom X device delete: how long a device is bound to its DRM licence. */
  drmBindingMs: 30 * 24 * 3600 * 1000,
  /** Telecom X reserve code: how long a code lives. */
  codeMs: 5 * 60 * 1000,
  /** Codes that live at one time, in all and of one address. */
  codes: { total: 1_000, perAddress: 20 },
  /** Wrong codes, passwords or serial numbers of one caller within the window; after that it has to wait. */
  guesses: { wrong: 10, windowMs: 5 * 60 * 1000, callers: 10_000 },
  /** A document of a customer for its devices, and a logo. */
  documentBytes: 64 * 1024,
  pictureBytes: 512 * 1024,
  /** How often it is looked whether an XMLTV file has changed; its size; and how long ago a programme may have ended to be kept. */
  guideLookMs: 60_000,
  xmltvBytes: 256 * 1024 * 1024,
  programmeKeepMs: 7 * 24 * 3600 * 1000,
  /** Programmes that one answer may hold for a channel, and ids that one request may ask for. */
  programmesPerChannel: 500,
  programmesPerRequest: 500,
  /** The length of what stands for a programme that nobody knows. */
  dummyProgrammeHours: 24,
  /** Telecom X channel play from time: `end` defaults to start + 6 hours. */
  playFromTimeMs: 6 * 3600 * 1000,
  /** What a device logs: events of one request, bytes of one event, and how many are kept of a device. */
  logEvents: { perRequest: 100, bytes: 8 * 1024, kept: 500 },
  /** Points of a plot that one answer has, the most and by default, and the span that is meant by default. */
  telemetryPoints: { most: 2_000, default: 300 },
  telemetrySpanMs: 24 * 3600 * 1000,
  /** What of a call is kept in the audit: of a text, of an object's fields, of a list. */
  audit: { text: 200, fields: 20, listed: 5 },
  /**
   * Firmware rollouts: waves of one; how long a wave waits, in seconds, and how long unless it is said (as long as a box may take for an
   * upgrade); how long it has to stay healthy; boxes asked in one transaction; how long boxes have to come back once the headend was started, whatever else is over; how
   * long what boxes report is gathered, and how often those who watch are told; when one that failed (a full disk) goes on.
   */
  rollout: {
    waves: 20,
    patienceSeconds: { min: 1, max: 30 * 24 * 3600, default: 2 * 3600 },
    soakSeconds: { min: 0, max: 30 * 24 * 3600, default: 0 },
    boxesPerStep: 500,
    graceMs: 15 * 60_000,
    gatherMs: 40,
    tellMs: 500,
    retryMs: 1_000,
  },
  /** What a timer can wait for. */
  longestTimerMs: 2 ** 31 - 1,
  nameLength: 200,
  notesLength: 10_000,
} as const;
