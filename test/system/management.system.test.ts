import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openManagement } from '../../agent/actions/open-management.ts';
import { startManagementHost } from '../../headend/management-host.ts';
import { createContext, openTestBox } from '../support/action-context.ts';
import { freePort } from '../support/free-port.ts';
import { converse, createKeyPair } from '../support/ssh-client.ts';
import { startSshd } from '../support/sshd.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

// Debian: openssh-server, openssh-client.
const sshd = '/usr/sbin/sshd';
const ssh = '/usr/bin/ssh';
const installed = [sshd, ssh].every(existsSync);
if (!installed && process.env.CI) throw new Error('apt-get install openssh-server openssh-client');

/** Starts a program, collects what it says, and ends it with the test. */
function start(program: string, args: string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said: () => said };
}

const refused = (port: number) =>
  converse(port, '').then(
    () => false,
    (error) => error.code === 'ECONNREFUSED',
  );

test.skipIf(!installed)('MANAGEMENT opens a reverse tunnel at a real sshd, uses it, and closes it', async () => {
  const host = await startSshd();
  const box = await openTestBox(temporaryDirectory());
  const management = {
    host: '127.0.0.1',
    sshPort: host.port,
    user: userInfo().username,
    privateKey: host.privateKey,
    hostKey: host.hostKey,
  };
  const context = createContext({ platform: box, settings: { management } });
  const port = await freePort();
  const result = await openManagement.run({ port, lifetime: 60 }, context).catch((error) => {
    throw new Error(`sshd said: ${host.said()}`, { cause: error });
  });
  expect(result).toMatchObject({ host: '127.0.0.1', port });
  expect(await converse(port, 'exit\n')).toContain('bye');
  const again = await openManagement.run({ port }, context);
  expect(box.management?.tunnels()).toHaveLength(1);
  expect(await converse(Number(again.port), 'exit\n')).toContain('bye');
  await box.management?.tunnels()[0]?.close();
  await until(() => refused(Number(again.port)), 'the port to close');

  const wrong = { ...management, hostKey: createKeyPair().publicKey };
  const other = createContext({ platform: box, settings: { management: wrong } });
  await expect(openManagement.run({ port }, other)).rejects.toMatchObject({
    code: 'TUNNEL_FAILED',
    message: expect.stringContaining('pinned'),
  });
});

test.skipIf(!installed)("OpenSSH's own client opens a reverse tunnel at our host, and gets nothing else", async () => {
  const directory = temporaryDirectory();
  const keys = createKeyPair();
  const identity = join(directory, 'id');
  writeFileSync(identity, keys.privateKey, { mode: 0o600 });
  const host = await startManagementHost({
    port: 0,
    hostKeyFile: join(directory, 'host_key'),
    authorizedKeys: [keys.publicKey],
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => host.close());
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${host.port} ${host.hostKey}\n`);
  const options = ['-F', 'none', '-i', identity, '-p', String(host.port)];
  const strict = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${knownHosts}`];

  const service = createServer((socket) => socket.end('hello from the box\n')).listen(0, '127.0.0.1');
  onTestFinished(() => void service.close());
  await once(service, 'listening');
  const target = (service.address() as AddressInfo).port;
  const port = await freePort();
  const forward = ['-N', '-o', 'ExitOnForwardFailure=yes', '-R', `${port}:127.0.0.1:${target}`];
  const tunnel = start(ssh, [...options, ...strict, ...forward, 'stb@127.0.0.1']);
  const heard = await until(() => converse(port, ''), 'the tunnel').catch((error) => {
    throw new Error(`ssh said: ${tunnel.said()}`, { cause: error });
  });
  expect(heard).toBe('hello from the box\n');
  tunnel.child.kill();
  await until(() => refused(port), 'the port to close');

  const shell = start(ssh, [...options, ...strict, 'stb@127.0.0.1', 'id']);
  const [code] = await once(shell.child, 'exit');
  expect(code).toBe(255);
  expect(shell.said()).not.toContain('uid=');
  const stranger = join(directory, 'stranger');
  writeFileSync(stranger, createKeyPair().privateKey, { mode: 0o600 });
  const denied = start(ssh, [...options.with(3, stranger), ...strict, '-N', 'stb@127.0.0.1']);
  expect((await once(denied.child, 'exit'))[0]).toBe(255);
  expect(denied.said()).toContain('Permission denied');
});
