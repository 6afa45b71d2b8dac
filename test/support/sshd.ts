import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { createKeyPair } from './ssh-client.ts';
import { temporaryDirectory } from './temporary.ts';
import { need } from './tools.ts';
import type { After } from './undo.ts';
import { until } from './until.ts';

export type Sshd = { port: number; user: string; hostKey: string; privateKey: string; said(): string };

/** A real sshd on 127.0.0.1 that lets one key in and allows reverse forwards only. Needs Debian's openssh-server. */
export async function startSshd(after: After = onTestFinished): Promise<Sshd> {
  const directory = temporaryDirectory(after);
  chmodSync(directory, 0o755);
  const file = (name: string) => join(directory, name);
  const [hostKeys, boxKeys] = [createKeyPair(), createKeyPair()];
  writeFileSync(file('host_key'), hostKeys.privateKey, { mode: 0o600 });
  writeFileSync(file('authorized_keys'), `${boxKeys.publicKey}\n`, { mode: 0o600 });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host_key')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    `PidFile ${file('pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'AllowTcpForwarding remote',
    'GatewayPorts no',
  ];
  writeFileSync(file('config'), `${config.join('\n')}\n`);
  // sshd drops its privileges into this directory; the package's service makes it at boot.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(need('sshd', 'openssh-server'), ['-D', '-e', '-f', file('config')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  after(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  await until(() => said.includes('Server listening'), 'sshd to listen').catch((cause) => {
    throw new Error(`sshd said: ${said}`, { cause });
  });
  return {
    port,
    user: userInfo().username,
    hostKey: hostKeys.publicKey,
    privateKey: boxKeys.privateKey,
    said: () => said,
  };
}
