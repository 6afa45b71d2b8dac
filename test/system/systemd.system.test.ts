import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createSupervisor } from '../../agent/systemd.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { need } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** Prints each datagram; like systemd it keeps no descriptor that comes along, which tells the sender that it was heard. */
const listener = `
use Socket;
socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($socket, sockaddr_un($ARGV[0])) or die $!;
$| = 1;
print "$_\\n" while defined recv($socket, $_, 65536, 0);
`;

/** A listener in systemd's place, on a real Unix datagram socket. */
async function listen(): Promise<{ socket: string; heard: () => string }> {
  need('systemd-notify', 'systemd');
  const socket = join(temporaryDirectory(), 'notify');
  const child = spawn(need('perl', 'perl-base'), ['-e', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await until(() => existsSync(socket), 'the listener');
  return { socket, heard: () => text };
}

test('systemd hears READY with a status, the watchdog with the newest while the pipeline moves, and STOPPING', async () => {
  const { socket, heard } = await listen();
  let alive = true;
  let summary = 'box 1';
  const supervisor = createSupervisor(
    pino({ level: 'silent' }),
    { summary: () => summary, isAlive: () => alive },
    { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000' },
  );
  onTestFinished(() => supervisor.close());
  supervisor.ready();
  await until(() => /READY=1\n/.test(heard()) && /STATUS=box 1\n/.test(heard()), 'READY');
  summary = 'box 1, busy';
  await until(() => (heard().match(/WATCHDOG=1\nSTATUS=box 1, busy/g)?.length ?? 0) >= 3, 'three signs of life');
  alive = false;
  supervisor.stopping();
  await until(() => heard().includes('STOPPING=1'), 'STOPPING');
});

test('a sign of life and the state are one message', async () => {
  const { socket, heard } = await listen();
  const supervisor = createSupervisor(
    pino({ level: 'silent' }),
    { summary: () => 'box 1', isAlive: () => true },
    { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '500000' },
  );
  onTestFinished(() => supervisor.close());
  await until(() => heard().includes('WATCHDOG=1'), 'the first sign of life');
  expect(heard()).toContain('WATCHDOG=1\nSTATUS=box 1\n');
});

test('a pipeline that stands still feeds no watchdog', async () => {
  const { socket, heard } = await listen();
  let asked = 0;
  const supervisor = createSupervisor(
    pino({ level: 'silent' }),
    {
      summary: () => '',
      isAlive() {
        asked += 1;
        return false;
      },
    },
    { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '50000' },
  );
  onTestFinished(() => supervisor.close());
  await until(() => asked >= 5, 'five questions');
  supervisor.stopping();
  await until(() => heard().includes('STOPPING=1'), 'STOPPING');
  expect(heard()).not.toContain('WATCHDOG');
});

test('of many changes at once systemd keeps the last, whatever the order in which the words are sent', async () => {
  const { socket, heard } = await listen();
  const last = 40;
  let change = 0;
  const agent = { summary: () => `change ${change}`, isAlive: () => true };
  const supervisor = createSupervisor(pino({ level: 'silent' }), agent, { NOTIFY_SOCKET: socket });
  supervisor.ready();
  for (change = 1; change < last; change += 1) supervisor.changed();
  supervisor.changed();
  supervisor.stopping();
  await until(() => heard().includes('STOPPING=1') && heard().includes(`change ${last}`), 'all of it');
  const said = [...heard().matchAll(/READY=1|STOPPING=1|change \d+/g)].map(([word]) => word);
  expect(said[0]).toBe('READY=1');
  expect(said.slice(-2)).toEqual([`change ${last}`, 'STOPPING=1']);
});
