import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Runs one stage of the build to its end; rejects with the end of its output when it fails. */
export type RunStage = (stage: string, program: string, args: readonly string[]) => Promise<void>;

/** Stages write to `logFile`; `print` is told when each begins and how long it took. */
export function createStages(logFile: string, print: (line: string) => void): RunStage {
  return async (stage, program, args) => {
    print(`${stage} …`);
    const startedAt = performance.now();
    const log = openSync(logFile, 'a');
    const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' };
    const child = spawn(program, args, { stdio: ['ignore', log, log], env: environment });
    closeSync(log);
    const [code] = await once(child, 'close');
    if (code !== 0) {
      const end = readFileSync(logFile, 'utf8').trim().split('\n').slice(-30).join('\n');
      throw new Error(`${stage}: ${program} ended with exit code ${code}:\n${end}`);
    }
    print(`${stage}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  };
}
