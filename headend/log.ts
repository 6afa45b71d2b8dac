import pino, { type Logger } from 'pino';

/** Paths that never reach a log, in one list. */
const secrets = [
  'token',
  'password',
  'authorization',
  '*.token',
  '*.password',
  '*.authorization',
  '*.headers.authorization',
];

/** What is kept of lines that could not be written, until they can. */
const keptBytes = 1024 * 1024;

/**
 * The root logger: JSON lines on standard error; standard output is for people. Components take a child of it.
 * INVARIANTS: a reader that is gone and a disk that is full hold up nothing and end nothing.
 */
export function createLog(level: string): Logger {
  const output = pino.destination({ dest: 2, sync: true, maxLength: keptBytes, retryEAGAIN: () => false });
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
