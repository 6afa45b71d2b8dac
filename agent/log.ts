import pino, { type Logger } from 'pino';

/** Paths that never reach a log, in one list. */
const secrets = [
  'token',
  'password',
  'privateKey',
  'authorization',
  'key',
  '*.token',
  '*.password',
  '*.privateKey',
  '*.authorization',
  '*.headers.authorization',
];

/** What is kept of lines that could not be written, until they can. */
const keptBytes = 1024 * 1024;

/**
 * The root logger: JSON lines on standard output, as a supervisor collects them. Components take a child of it.
 * INVARIANTS: a reader that is gone and a disk that is full hold up nothing and end nothing.
 */
export function createLog(level: string): Logger {
  // Written at once: the flush at exit of what waits never ends once the reader is gone.
  const output = pino.destination({ dest: 1, sync: true, maxLength: keptBytes, retryEAGAIN: () => false });
  // There is nowhere left to say so.
  output.on('error', () => {});
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secrets, censor: '[secret]' },
    },
    output,
  );
}
