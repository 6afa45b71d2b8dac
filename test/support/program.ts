import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** One of the project's programs, running as a process of its own. */
export type Program = {
  readonly pid: number;
  /** Everything it has written to standard output and error. */
  output(): string;
  /** Resolves when it has written `text` for the `count`th time; rejects with its output when it ends before. */
  says(text: string, count?: number): Promise<void>;
  /** Resolves with how it ended. */
  readonly ended: Promise<Ending>;
  isAlive(): boolean;
  signal(name: NodeJS.Signals): void;
};

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

const compileCache = join(tmpdir(), 'stb-test-compile-cache');
const preload = fileURLToPath(new URL('preload.ts', import.meta.url));

/** Starts `file`, a path from the root of the project, with the Node that runs the tests. */
export function startProgram(file: string, args: readonly string[], environment: Record<string, string> = {}): Program {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', preload, path, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let isAlive = true;
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      isAlive = false;
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async says(text, count = 1) {
      await until(
        () => !isAlive || output.split(text).length > count,
        `${file} to say ${JSON.stringify(text)}`,
        120_000,
      );
      if (output.split(text).length <= count) throw new Error(`${file} ended before it said ${text}:\n${output}`);
    },
    ended,
    isAlive: () => isAlive,
    signal: (name) => void child.kill(name),
  };
}
