/**
 * Every error code the agent reports, in one table. `retryable` says whether asking again later may help;
 * `refusal` says that the box declined before any effect, so the action ends as `refused`, not `failed`.
 */
export const errorTable = {
  BAD_MESSAGE: {
    retryable: false,
    refusal: true,
    sentence: 'The message is not one the protocol knows; it was not run.',
  },
  BAD_PARAMS: { retryable: false, refusal: true, sentence: 'A parameter of the action is missing or invalid.' },
  UNKNOWN_TYPE: { retryable: false, refusal: true, sentence: 'The agent has no action of this type.' },
  BAD_SIGNATURE: { retryable: false, refusal: true, sentence: 'The action is not signed by whom it should be.' },
  TOO_FAR_AHEAD: { retryable: false, refusal: true, sentence: '`when` lies further ahead than the agent schedules.' },
  BUSY: {
    retryable: true,
    refusal: true,
    sentence: 'The box has too much to do, or does something that must not be disturbed.',
  },
  STORAGE: { retryable: true, refusal: true, sentence: 'The box cannot store: its disk is full or failing.' },
  UNSUPPORTED: { retryable: false, refusal: true, sentence: 'This box lacks the named capability.' },
  UNKNOWN_CHANNEL: { retryable: false, refusal: true, sentence: "The channel is not in this box's line-up." },
  NOT_CONFIGURED: {
    retryable: false,
    refusal: true,
    sentence: "The agent's configuration lacks what this action needs.",
  },
  CUT_OFF: {
    retryable: true,
    refusal: true,
    sentence: 'The operator has cut the box off: nothing plays on it until CUT_ON.',
  },
  CANCELLED: { retryable: false, refusal: false, sentence: 'The action was cancelled before it started.' },
  EXPIRED: { retryable: false, refusal: false, sentence: 'The action was not started before it expired.' },
  TIMEOUT: { retryable: true, refusal: false, sentence: 'The action did not end before its deadline.' },
  INTERRUPTED: {
    retryable: true,
    refusal: false,
    sentence: 'The agent or the box stopped in the middle; whether the effect happened is not known.',
  },
  CRASHED: { retryable: false, refusal: false, sentence: 'The agent died each time it tried this action and gave up.' },
  DEVICE_FAILED: { retryable: true, refusal: false, sentence: 'The hardware, or the program that drives it, failed.' },
  PLAYBACK_FAILED: { retryable: true, refusal: false, sentence: 'Playback did not start.' },
  NO_SIGNAL: { retryable: true, refusal: false, sentence: 'The tuner found no signal.' },
  SCRIPT_ERROR: { retryable: false, refusal: false, sentence: 'The JavaScript threw an exception.' },
  SCRIPT_FAILED: {
    retryable: false,
    refusal: false,
    sentence: 'The script ended with an exit code other than 0, or was ended at a limit.',
  },
  DOWNLOAD_FAILED: { retryable: true, refusal: false, sentence: 'The file could not be downloaded.' },
  TOO_LARGE: { retryable: false, refusal: false, sentence: 'The file or result is larger than the limit.' },
  UPLOAD_FAILED: { retryable: true, refusal: false, sentence: 'The artifact did not reach the headend.' },
  HEADEND_FAILED: {
    retryable: true,
    refusal: false,
    sentence: 'The headend could not be reached, or answered with an error.',
  },
  SPEEDTEST_FAILED: {
    retryable: true,
    refusal: false,
    sentence: 'The speed test server could not be reached or broke the test off.',
  },
  TUNNEL_FAILED: { retryable: true, refusal: false, sentence: 'The management tunnel could not be opened.' },
  BUNDLE_INVALID: {
    retryable: false,
    refusal: false,
    sentence: 'The firmware bundle is damaged or not signed by the right key; nothing was written.',
  },
  BUNDLE_INCOMPATIBLE: {
    retryable: false,
    refusal: false,
    sentence: 'The firmware bundle is for another box; nothing was written.',
  },
  INSTALL_FAILED: {
    retryable: true,
    refusal: false,
    sentence: 'The firmware could not be written; the running slot is untouched.',
  },
  FELL_BACK: {
    retryable: false,
    refusal: false,
    sentence: 'The new firmware did not prove healthy; the box runs the old one again.',
  },
  REBOOT_FAILED: { retryable: true, refusal: false, sentence: 'The box took the reboot but did not go down.' },
  INTERNAL: { retryable: false, refusal: false, sentence: 'The agent has a bug; its log has the details.' },
} as const satisfies Record<string, { retryable: boolean; refusal: boolean; sentence: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An error that is reported upstream: what was attempted, with what, and what to do. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: ErrorCode;
  /** What is known all the same: a script's output, the slots after a fallback. Goes into the report's `result`. */
  readonly result: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; result?: Record<string, unknown> } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.result = options.result;
  }
}

/** The code of any error: its own where the table has it, INTERNAL else. */
export function errorCode(error: unknown): ErrorCode {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'INTERNAL';
}

/** What an error of any kind says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as the report carries it. */
export function toReportError(error: unknown): { code: ErrorCode; message: string; retryable: boolean } {
  const code = errorCode(error);
  const message = messageOf(error);
  return { code, message: message.slice(0, 2000), retryable: errorTable[code].retryable };
}
