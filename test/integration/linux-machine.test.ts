/** The linux driver on this machine, as far as that needs nothing but a kernel. */

import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endGroup } from '../../platform/command.ts';
import { skips } from '../../platform/conformance.ts';
import { openRecollection } from '../../platform/drivers/linux/record.ts';
import { createScript } from '../../platform/drivers/linux/script.ts';
import { fakeBox } from '../support/fake-box.ts';
import { conformanceOf, openMachineUnderTest, openThisMachine, settingsOf } from '../support/linux-box.ts';
import { startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

describe('the platform contract', () => {
  const cases = conformanceOf('identity', 'telemetry', 'script');
  test.each(cases)('$capability: $title', async (promise) => {
    const box = await openMachineUnderTest({}, {});
    expect(skips(promise, box)).toBeUndefined();
    await promise.run(box);
  });
});

test('the network is that of this machine', async () => {
  const box = await openMachineUnderTest({}, {});
  for (const promise of conformanceOf('network')) {
    if (skips(promise, box) === undefined) await promise.run(box);
  }
});

test('a sample has what every Linux has', async () => {
  const { telemetry } = await openThisMachine();
  expect(await telemetry.sample()).toMatchObject({
    freeMemoryPercent: expect.any(Number),
    uptimeSeconds: expect.any(Number),
    freeDiskBytes: expect.any(Number),
  });
});

const calm = new AbortController().signal;
const limits = { timeoutMs: 20_000, memoryBytes: 64 * 1024 * 1024, tailBytes: 1024 };
const scriptFile = (text: string) => {
  const file = join(temporaryDirectory(), 'script');
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o700 });
  return file;
};

test('where systemd runs, a script has a scope with limits for all of it together, which is killed after it', async () => {
  const box = fakeBox({ '/run/systemd/system/x': '' });
  box.program(
    'systemd-run',
    'while [ "$1" != -- ] && [ "$1" != true ]; do shift; done; [ "$1" = true ] || shift; exec "$@"',
  );
  box.program('systemctl');
  const script = createScript(box.system, '/state', openRecollection(join(box.root, 'box.json')));
  for (const _ of ['once', 'twice']) {
    expect(await script.run({ file: scriptFile('echo hello; exit 3'), ...limits }, calm)).toMatchObject({
      exitCode: 3,
      stdout: 'hello\n',
    });
  }
  const [probe, run, kill, ...again] = box.calls();
  expect(probe).toBe('systemd-run --scope --quiet --collect true');
  expect(run).toMatch(
    /--unit=stb-agent-script-[0-9a-f]{8}-\S+\.scope -p MemoryMax=67108864 -p MemorySwapMax=0 -p TasksMax=256 -- /,
  );
  expect(kill).toBe(`systemctl kill --signal=SIGKILL ${/--unit=(\S+)/.exec(run ?? '')?.[1]}`);
  expect(again).toHaveLength(2);
});

test('where systemd refuses a scope, the script runs in its process group all the same', async () => {
  const box = fakeBox({ '/run/systemd/system/x': '' });
  box.program('systemd-run', 'echo "Access denied" >&2; exit 1');
  box.program('systemctl');
  const outcome = await createScript(box.system, '/state', openRecollection(join(box.root, 'box.json'))).run(
    { file: scriptFile('echo hello'), ...limits },
    calm,
  );
  expect(outcome).toMatchObject({ exitCode: 0, stdout: 'hello\n' });
  expect(box.calls()).toHaveLength(1);
});

test('a socket that is no mpv, and says so in its own words, is one that does not answer', async () => {
  const mpvSocket = join(temporaryDirectory(), 'socket');
  const server = createServer((socket) => void socket.end('220 hello\n')).listen(mpvSocket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { provided } = await openThisMachine({ mpvSocket });
  expect(provided?.player).toBe(`mpv at ${mpvSocket}; which does not answer yet`);
});

/** A machine with these processes and nothing else, so without systemd. */
function machineWithoutSystemd() {
  const root = temporaryDirectory();
  symlinkSync('/proc', join(root, 'proc'));
  return settingsOf({ root }, temporaryDirectory());
}

function isAlive(pid: string): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : '';
  return stat !== '' && !/\) [ZX] /.test(stat);
}

test('without systemd, the next agent ends the script of one that was killed, also what has left its group; what a script left running by intention goes on', async () => {
  const settings = machineWithoutSystemd();
  const { script } = await openThisMachine(settings);
  // The fifth field of stat is the group.
  const left = 'until [ "$(cut -d" " -f5 /proc/$!/stat)" = $! ]; do :; done';
  const intended = scriptFile(`setsid sleep 3604 >/dev/null 2>&1 &\n${left}\necho $!`);
  const daemon = (await script?.run({ file: intended, ...limits }, calm))?.stdout.trim() ?? '';
  onTestFinished(() => endGroup(Number(daemon), 'SIGKILL'));

  const pids = join(settings.stateDir, 'pids');
  const endless = scriptFile(`setsid sleep 3605 &\necho $$ $! >${pids}\nexec sleep 3606`);
  const agent = startProgram('test/support/script-process.ts', [JSON.stringify(settings), endless]);
  const running = await until(() => existsSync(pids) && readFileSync(pids, 'utf8').match(/\d+/g), 'the script to run');
  onTestFinished(() => {
    for (const pid of running) endGroup(Number(pid), 'SIGKILL');
  });
  agent.signal('SIGKILL');
  await agent.ended;
  expect(running.map(isAlive)).toEqual([true, true]);

  await openThisMachine(settings);
  await until(() => !running.some(isAlive), 'the script to end');
  expect(isAlive(daemon)).toBe(true);
});

test('without systemd, a script that is ended at its limit takes with it what has left its group', async () => {
  const { script } = await openThisMachine(machineWithoutSystemd());
  const file = scriptFile('setsid sleep 3607 >/dev/null 2>&1 &\necho $!\nexec sleep 3608');
  const outcome = await script?.run({ file, ...limits, timeoutMs: 1_500 }, calm);
  const escaped = outcome?.stdout.trim() ?? '';
  onTestFinished(() => endGroup(Number(escaped), 'SIGKILL'));
  expect(outcome?.endedBy).toBe('timeout');
  expect(isAlive(escaped)).toBe(false);
});
