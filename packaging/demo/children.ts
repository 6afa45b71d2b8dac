import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';

/** The processes of the demo, kept alive and ended together. */
export interface Children {
  /** Starts a program under a name, its output going to a file; one that ends by itself is started again. */
  start(name: string, args: readonly string[], logFile: string): void;
  /** Ends all with SIGTERM, and what is left after a while with SIGKILL. Resolves when none is left. */
  stop(): Promise<void>;
}

const restartMs = 1_000;
const stopMs = 11_000;

/** `died` is told when a process ended by itself, in a sentence. */
export function createChildren(died: (sentence: string) => void): Children {
  const running = new Map<string, ChildProcess>();
  let stopping = false;

  function start(name: string, args: readonly string[], logFile: string): void {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...args], { stdio: ['ignore', log, log] });
    running.set(name, child);
    child.once('exit', (code, signal) => {
      running.delete(name);
      if (stopping) return;
      died(`${name} ended (${signal ?? `exit code ${code}`}): ${lastLine(logFile)}; see ${logFile}; starting it again`);
      setTimeout(() => !stopping && start(name, args, logFile), restartMs);
    });
  }

  return {
    start,
    async stop() {
      stopping = true;
      const children = [...running.values()];
      const ended = children.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())));
      for (const child of children) child.kill('SIGTERM');
      const late = setTimeout(() => {
        for (const child of running.values()) child.kill('SIGKILL');
      }, stopMs);
      await Promise.all(ended);
      clearTimeout(late);
    },
  };
}

/** What a program said last. */
function lastLine(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 300) || 'it said nothing';
}
