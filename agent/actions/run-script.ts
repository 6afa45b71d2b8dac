import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { defineAction, need } from '../action.ts';
import { download } from '../download.ts';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';

export const runScript = defineAction({
  type: 'SCRIPT',
  summary:
    'Downloads a script and runs it with a clean environment, in its own process group, within limits of time, memory and output.',
  result: {
    exitCode: 'its exit code; null when a signal ended it',
    endedBy: '`exit`, `timeout`, `abort` or `signal`',
    signal: 'the signal, where one ended it',
    stdout: 'the end of what it wrote to standard output',
    stderr: 'and to standard error',
    stdoutBytes: 'how much it wrote to standard output in all',
    stderrBytes: 'and to standard error',
    ms: 'how long it ran, in milliseconds',
    sha256: 'the SHA-256 of the script, in hexadecimal',
  },
  capabilities: ['script'],
  group: 'script',
  idempotent: false,
  deadlineMs: () => limits.scriptRunMs + 90_000,
  async run(params, context) {
    const script = need(context.platform, 'script');
    const file = join(context.workDir, 'script');
    context.progress({ phase: 'downloading' });
    const { sha256 } = await download(params.script, file, { maxBytes: limits.scriptBytes, signal: context.signal });
    // A signature would be checked here: the whole file is on disk and nothing of it has run.
    await chmod(file, 0o700);
    context.progress({ phase: 'running' });
    const outcome = await script.run(
      {
        file,
        timeoutMs: limits.scriptRunMs,
        memoryBytes: limits.scriptMemoryBytes,
        tailBytes: limits.scriptTailBytes,
      },
      context.signal,
    );
    const result = { ...outcome, sha256 };
    if (outcome.exitCode === 0 && outcome.endedBy === 'exit') return result;
    throw new AgentError('SCRIPT_FAILED', `${params.script} ${ending(outcome)}; its output is in the result`, {
      result,
    });
  },
});

function ending(outcome: { exitCode: number | null; endedBy: string; signal?: string; ms: number }): string {
  if (outcome.endedBy === 'exit') return `ended with exit code ${outcome.exitCode}`;
  const signal = outcome.signal ? ` (${outcome.signal})` : '';
  return `was ended by ${outcome.endedBy}${signal} after ${outcome.ms} ms`;
}
