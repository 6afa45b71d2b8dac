import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script, ScriptOutcome } from '../contract.ts';
import type { BoxUnderTest, ConformanceCase } from './case.ts';
import { calm, soon, soonMs, the } from './expect.ts';

const limits = { timeoutMs: 20_000, memoryBytes: 64 * 1024 * 1024, tailBytes: 1024 };

export const script: readonly ConformanceCase[] = [
  {
    capability: 'script',
    title: 'A script tells its exit code and both streams.',
    async run(box) {
      const outcome = await run(box, 'echo to stdout; echo to stderr >&2; exit 3');
      assert.deepEqual([outcome.endedBy, outcome.exitCode], ['exit', 3]);
      assert.deepEqual([outcome.stdout, outcome.stderr], ['to stdout\n', 'to stderr\n']);
      assert.deepEqual([outcome.stdoutBytes, outcome.stderrBytes], [10, 10]);
    },
  },
  {
    capability: 'script',
    title: "A script sees nothing of the agent's environment.",
    async run(box) {
      const secret = randomUUID();
      process.env.STB_CONFORMANCE_SECRET = secret;
      try {
        const { stdout } = await run(box, 'env; cat /proc/self/environ', { tailBytes: 65_536 });
        assert.ok(!stdout.includes(secret), 'a secret of the agent reached the script');
        assert.match(stdout, /^PATH=/m, 'it has a search path');
      } finally {
        delete process.env.STB_CONFORMANCE_SECRET;
      }
    },
  },
  {
    capability: 'script',
    title: 'At the time limit the whole process group ends, and what ignores SIGTERM too.',
    async run(box) {
      // Enough to start in.
      const timeoutMs = Math.max(2_500, soonMs / 4);
      const outcome = await run(box, "trap '' TERM; sleep 60 & echo $!; sleep 12", { timeoutMs });
      assert.equal(outcome.endedBy, 'timeout');
      await isGone(outcome);
    },
  },
  {
    capability: 'script',
    title: 'When it is aborted the whole process group ends.',
    async run(box) {
      const marker = join(box.fixtures.workDir, randomUUID());
      const ending = new AbortController();
      const running = run(box, `sleep 60 & echo $!; touch ${marker}; wait`, {}, ending.signal);
      await soon(() => existsSync(marker), 'the script runs').finally(() => ending.abort());
      const outcome = await running;
      assert.equal(outcome.endedBy, 'abort');
      await isGone(outcome);
    },
  },
  {
    capability: 'script',
    title: 'Of much output the end is kept, and all of it counted.',
    async run(box) {
      const lines = 'i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done';
      const { stdout, stdoutBytes } = await run(box, lines);
      assert.ok(Buffer.byteLength(stdout) <= limits.tailBytes, `${stdout.length} characters kept`);
      assert.ok(stdout.endsWith('line 2999\n'), 'the end is kept');
      assert.equal(stdoutBytes, 10 * 7 + 90 * 8 + 900 * 9 + 2000 * 10);
    },
  },
  {
    capability: 'script',
    title: 'A script gets no more memory than it may have.',
    async run(box) {
      // tail has to hold what it shows: more than the limit.
      const { stdout } = await run(box, 'head -c 200000000 /dev/zero | tail -c 150000000 | wc -c');
      assert.notEqual(stdout.trim(), '150000000', 'it used 150 MB of its 64 MB');
    },
  },
];

/** Runs a shell script of this text. */
async function run(
  { platform, fixtures }: BoxUnderTest,
  text: string,
  other: Partial<typeof limits> = {},
  signal = calm(),
): Promise<ScriptOutcome> {
  const script: Script = the(platform.script);
  const file = join(fixtures.workDir, `${randomUUID()}.sh`);
  await writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o700 });
  return script.run({ file, ...limits, ...other }, signal);
}

/** The process whose id the script printed is gone, or dead and waiting for its parent. */
async function isGone({ stdout }: ScriptOutcome): Promise<void> {
  const pid = Number(stdout.trim());
  assert.ok(pid > 1, `the script printed a process id, got ${JSON.stringify(stdout)}`);
  await soon(async () => !(await isAlive(pid)), `process ${pid} of the script has ended`);
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return status !== '' && !/\) [ZX] /.test(status);
}
