import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';

const parts = ['agent', 'headend'];
const manyLines = `for (let line = 0; line < 1000; line++) log.info({ line }, 'x'.repeat(1000));`;

test.each(parts)('a log of the %s that nobody reads any more holds nothing up', async (part) => {
  const { child, ended } = program(part, `${manyLines} setTimeout(() => { log.info('after'); process.exit(7); }, 50);`);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.end();
  expect(await ended).toBe(7);
});

test.each(parts)(
  'a log of the %s that nobody reads any more does not hold up an exit in the same turn',
  async (part) => {
    const { child, ended } = program(part, `${manyLines} process.exit(7);`);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.stdin?.end();
    expect(await ended).toBe(7);
  },
);

test.each(parts)('a reader of the log of the %s that goes away with the pipe full holds nothing up', async (part) => {
  const { child, ended } = program(part, `${manyLines} process.exit(7);`);
  const streams = [child.stdout, child.stderr];
  const firstLine = Promise.race(streams.map((stream) => once(stream!, 'readable')));
  child.stdin?.end();
  await firstLine;
  for (const stream of streams) stream?.destroy();
  expect(await ended).toBe(7);
});

test.each(parts)('a log of the %s on a full disk does not end it', async (part) => {
  const full = openSync('/dev/full', 'w');
  const { child, ended } = program(
    part,
    `${manyLines} setTimeout(() => { log.info('after'); process.exit(7); }, 50);`,
    full,
  );
  closeSync(full);
  child.stdin?.end();
  expect(await ended).toBe(7);
});

/** A process that does something with its log once its input has ended, and its exit code. */
function program(part: string, act: string, output: 'pipe' | number = 'pipe') {
  const text = `
    import { createLog } from './${part}/log.ts';
    const log = createLog('info');
    process.stdin.once('end', () => { ${act} });
    process.stdin.resume();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], { stdio: ['pipe', output, output] });
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const ended = once(child, 'exit').then(([code]) => {
    clearTimeout(late);
    return code;
  });
  return { child, ended };
}
