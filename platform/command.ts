/**
 * The one place that may start a process.
 *
 * INVARIANTS
 * - No shell reads what is run: a program and a list of arguments.
 * - The process sees only the environment it is given, never the agent's.
 * - It has its own process group, and the whole group has ended when the promise settles; a process that leaves its group
 *   with setsid is on its own.
 * - At most `tailBytes` of each stream are kept, however much is written.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { PlatformError, type ScriptOutcome } from './contract.ts';
import { createTail } from './tail.ts';

export type StartOptions = {
  /** The whole environment; `plainEnvironment` by default. */
  env?: Record<string, string>;
  cwd?: string;
  /** Written to standard input, which is empty without it. */
  input?: string | Uint8Array;
  /** How much of the end of each stream is kept; 64 KiB by default. */
  tailBytes?: number;
  /** The most address space each process of it may have. */
  memoryBytes?: number;
  /** How long it may run; for ever without. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Told of the process group once it runs. */
  started?: (group: number) => void;
  /** Told of each line as it is written, without its end. */
  line?: (text: string, stream: 'stdout' | 'stderr') => void;
};

export type CommandOptions = StartOptions & { timeoutMs: number };

/** A command that runs. */
export type RunningCommand = {
  readonly group: number;
  /** Resolves when the whole group has ended, however that came. Never rejects. */
  readonly ended: Promise<CommandOutcome>;
  /** Ends the whole group; resolves when it has ended. */
  stop(): Promise<void>;
};

/** How a command ended, as the contract wants it of a script. */
export type CommandOutcome = ScriptOutcome;

/** What a process sees where nothing else is said. */
export const plainEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/',
  LANG: 'C.UTF-8',
};

const defaultTailBytes = 64 * 1024;
/** What a group gets to end by itself after SIGTERM, before SIGKILL. */
const graceMs = 1_000;
/** How long the last output is waited for, once the whole group is gone. */
const drainMs = 500;
/** Of a line that never ends, this much is remembered. */
const longestLine = 64 * 1024;

/**
 * Runs a program to its end, however it ends; rejects DEVICE_FAILED when it cannot be started, and with the signal's reason when
 * that was aborted before.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandOutcome> {
  return (await startCommand(file, args, options)).ended;
}

/** Starts a program that goes on running: a player, a tunnel. Rejects like `runCommand`; what becomes of it is in `ended`. */
export async function startCommand(
  file: string,
  args: readonly string[],
  options: StartOptions,
): Promise<RunningCommand> {
  const { signal, timeoutMs, tailBytes = defaultTailBytes } = options;
  signal?.throwIfAborted();
  const startedAt = performance.now();
  const [stdout, stderr] = [createTail(tailBytes), createTail(tailBytes)];
  const child = spawnGroup(file, args, options);
  const closed = once(child, 'close');
  child.stdout?.on('data', stdout.add);
  child.stderr?.on('data', stderr.add);
  if (options.line) {
    tellLines(child.stdout, 'stdout', options.line);
    tellLines(child.stderr, 'stderr', options.line);
  }
  const group = await startedGroup(child, file, args);
  options.started?.(group);
  // A program that does not read its input closes the pipe; how it ended says all there is to say.
  child.stdin?.on('error', () => {}).end(options.input);

  let limit: 'timeout' | 'abort' | undefined;
  let killing: NodeJS.Timeout | undefined;
  const end = (why: 'timeout' | 'abort') => {
    limit ??= why;
    endGroup(group, 'SIGTERM');
    killing ??= setTimeout(() => endGroup(group, 'SIGKILL'), graceMs);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), timeoutMs);
  const abort = () => end('abort');
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();

  const ended = (async (): Promise<CommandOutcome> => {
    const [exitCode, endSignal] = await exited(child);
    clearTimeout(timer);
    clearTimeout(killing);
    signal?.removeEventListener('abort', abort);
    endGroup(group, 'SIGKILL');
    const drained = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, drainMs);
    await closed;
    clearTimeout(drained);
    return {
      exitCode,
      endedBy: limit ?? (endSignal === null ? 'exit' : 'signal'),
      ...(endSignal !== null && { signal: endSignal }),
      stdout: stdout.text(),
      stderr: stderr.text(),
      stdoutBytes: stdout.total(),
      stderrBytes: stderr.total(),
      ms: Math.round(performance.now() - startedAt),
    };
  })();
  return {
    group,
    ended,
    async stop() {
      abort();
      await ended;
    },
  };
}

/**
 * What a program wrote to its standard output; rejects DEVICE_FAILED when it does not end with exit code 0, or writes more than
 * `tailBytes`. The error says what was run and how it ended.
 */
export async function readCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const outcome = await runCommand(file, args, options);
  if (outcome.endedBy === 'abort') options.signal?.throwIfAborted();
  const { tailBytes = defaultTailBytes } = options;
  if (outcome.exitCode === 0 && outcome.stdoutBytes <= tailBytes) return outcome.stdout;
  const how =
    outcome.exitCode === 0
      ? `wrote ${outcome.stdoutBytes} bytes, more than the ${tailBytes} that are taken`
      : `${describeEnd(outcome)}: ${lastLine(outcome.stderr) || lastLine(outcome.stdout) || 'it said nothing'}`;
  throw new PlatformError('DEVICE_FAILED', `${spell(file, args)}: ${how}`);
}

/** How a command ended, in words. */
export function describeEnd({ endedBy, exitCode, signal, ms }: CommandOutcome): string {
  if (endedBy === 'exit') return `exit code ${exitCode} after ${ms} ms`;
  if (endedBy === 'signal') return `ended by ${signal} after ${ms} ms`;
  return `${endedBy === 'timeout' ? 'ran out of time' : 'aborted'} after ${ms} ms`;
}

function spawnGroup(file: string, args: readonly string[], options: StartOptions): ChildProcess {
  const { memoryBytes, cwd, input, env = plainEnvironment } = options;
  const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as ('ignore' | 'pipe')[];
  // setrlimit(2) has no door in Node: a shell sets the limit, in KiB, and becomes the program. It reads no argument.
  const [program, argv] =
    memoryBytes === undefined
      ? [file, [...args]]
      : ['/bin/sh', ['-c', `ulimit -v ${Math.floor(memoryBytes / 1024)} && exec "$0" "$@"`, file, ...args]];
  return spawn(program, argv, { env, stdio, detached: true, ...(cwd !== undefined && { cwd }) });
}

/** Cuts a stream into lines; the last one counts even if it does not end. */
function tellLines(stream: Readable | null, name: 'stdout' | 'stderr', tell: NonNullable<StartOptions['line']>): void {
  if (stream === null) return;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r\n|[\r\n]/);
    rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) tell(line, name);
  });
  stream.on('end', () => {
    if (rest !== '') tell(rest, name);
  });
}

/** The group's id once the process runs. */
async function startedGroup(child: ChildProcess, file: string, args: readonly string[]): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      const message = `${spell(file, args)}: could not be started: ${cause.message}; is it installed and executable?`;
      reject(new PlatformError('DEVICE_FAILED', message, { cause }));
    });
  });
  return child.pid as number;
}

function exited(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve([child.exitCode, child.signalCode]);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])));
}

function once(child: ChildProcess, event: string): Promise<void> {
  return new Promise((resolve) => child.once(event, () => resolve()));
}

/** Signals every process of the group; that there is none any more is what was wanted. */
export function endGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {}
}

/** The command as a person would type it, cut short. */
function spell(file: string, args: readonly string[]): string {
  const words = [file, ...args].map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word)));
  const line = words.join(' ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
