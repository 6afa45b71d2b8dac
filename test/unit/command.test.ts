import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommand, runCommand, startCommand } from '../../platform/command.ts';
import { createTail } from '../../platform/tail.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const limits = { timeoutMs: 20_000 };
const sh = (text: string, options = {}) => runCommand('/bin/sh', ['-c', text], { ...limits, ...options });

test('arguments reach the program as they are: no shell reads them', async () => {
  const hostile = '$(touch /tmp/x); `id` "quoted" \'single\' \n*';
  expect(await readCommand('/bin/echo', [hostile], limits)).toBe(`${hostile}\n`);
  expect(await readCommand('/bin/echo', [hostile], { ...limits, memoryBytes: 1e9 })).toBe(`${hostile}\n`);
});

test('the program sees a search path, a home and a language, or what it is given', async () => {
  const names = async (env?: Record<string, string>) =>
    (await runCommand('/usr/bin/env', [], { ...limits, ...(env && { env }) })).stdout.match(/^\w+/gm)?.sort();
  expect(await names()).toEqual(['HOME', 'LANG', 'PATH']);
  expect(await names({ ONLY: 'this' })).toEqual(['ONLY']);
});

test('standard input is what it is given, and empty without', async () => {
  expect((await sh('cat', { input: 'hello' })).stdout).toBe('hello');
  expect((await sh('cat')).stdout).toBe('');
  expect((await sh('exit 0', { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
});

test('how it ended is told: exit code, signal, time, abort', async () => {
  expect(await sh('exit 7')).toMatchObject({ endedBy: 'exit', exitCode: 7 });
  expect(await sh('kill -9 $$')).toMatchObject({ endedBy: 'signal', exitCode: null, signal: 'SIGKILL' });
  expect(await sh('sleep 60', { timeoutMs: 100 })).toMatchObject({ endedBy: 'timeout', signal: 'SIGTERM' });
  expect(await sh('sleep 60', { signal: AbortSignal.timeout(100) })).toMatchObject({ endedBy: 'abort' });
});

test('a command whose signal is aborted already is not started', async () => {
  const file = join(temporaryDirectory(), 'started');
  await expect(sh(`touch ${file}`, { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(existsSync(file)).toBe(false);
});

test('what a program leaves running in its group ends with it', async () => {
  const { stdout, endedBy } = await sh('sleep 60 & echo $!');
  expect(endedBy).toBe('exit');
  await until(() => isGone(stdout.trim()), 'the rest of the group to be gone');
});

test('a process that left the group keeps its output open, and nobody waits for it', async () => {
  const { stdout } = await sh('setsid sleep 5 & echo done');
  expect(stdout).toBe('done\n');
});

test('a program that is not there says so, with how it was called', async () => {
  await expect(runCommand('/nowhere/program', ['-x', 'a b'], limits)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/^\/nowhere\/program -x "a b": could not be started: .*ENOENT/),
  });
});

test('readCommand rejects a failure with the command, the end and the last words', async () => {
  await expect(
    readCommand('/bin/sh', ['-c', 'echo first >&2; echo no card >&2; exit 2'], limits),
  ).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/^\/bin\/sh -c ".*": exit code 2 after \d+ ms: no card$/),
  });
  await expect(readCommand('/bin/sh', ['-c', 'echo 123456'], { ...limits, tailBytes: 3 })).rejects.toThrow(
    'wrote 7 bytes, more than the 3 that are taken',
  );
});

test('a tail keeps the end, counts all, and does not begin in the middle of a character', () => {
  const tail = createTail(5);
  for (let i = 0; i < 1000; i += 1) tail.add(Buffer.from('0123456789'));
  tail.add(Buffer.from('aé€'));
  expect([tail.total(), tail.text()]).toEqual([10_006, 'é€']);
  const short = createTail(4);
  short.add(Buffer.from('aé€'));
  expect(short.text()).toBe('€');
});

/** Whether the process is gone, or dead and waiting for its parent to notice. */
function isGone(pid: string): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

test('lines are told as they are written, also cut in pieces and without an end', async () => {
  const lines: string[] = [];
  const line = (text: string, stream: string) => lines.push(`${stream}: ${text}`);
  await sh(
    "printf 'on'; sleep 0.1; printf 'e\\ntwo\\r\\n'; echo three >&2; sleep 0.1; printf 'f\\303'; sleep 0.1; printf '\\274r'",
    { line },
  );
  expect(lines.filter((each) => each.startsWith('stdout'))).toEqual(['stdout: one', 'stdout: two', 'stdout: für']);
  expect(lines).toContain('stderr: three');
});

test('a command that goes on running ends with all of its group when it is stopped, once or twice', async () => {
  const child = Promise.withResolvers<string>();
  const running = await startCommand('/bin/sh', ['-c', 'sleep 60 & echo $!; wait'], { line: child.resolve });
  expect(running.group).toBeGreaterThan(1);
  const stat = `/proc/${await child.promise}/stat`;
  await running.stop();
  await running.stop();
  expect((await running.ended).endedBy).toBe('abort');
  await until(() => !existsSync(stat) || /\) Z /.test(readFileSync(stat, 'latin1')), 'the child to be gone');
});

test('a command that goes on running tells when it has ended by itself', async () => {
  const running = await startCommand('/bin/sh', ['-c', 'exit 3'], {});
  expect(await running.ended).toMatchObject({ endedBy: 'exit', exitCode: 3 });
  await expect(startCommand('/no/such/program', [], {})).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
});
