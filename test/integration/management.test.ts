import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Client, ClientChannel } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { openManagement } from '../../agent/actions/open-management.ts';
import { startManagementHost } from '../../headend/management-host.ts';
import { createContext, openTestBox } from '../support/action-context.ts';
import { converse, createKeyPair, forwardIn, type KeyPair, logIn } from '../support/ssh-client.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const log = pino({ level: 'silent' });

/** A management host on port 0 that lets one key in. */
async function startHost(keys: KeyPair = createKeyPair(), hostKeyFile = join(temporaryDirectory(), 'host_key')) {
  const authorizedKeys = [`${keys.publicKey} box@example`];
  const host = await startManagementHost({ port: 0, hostKeyFile, authorizedKeys, log });
  onTestFinished(() => host.close());
  return { host, keys, hostKeyFile };
}

/** A box that is logged in and answers each connection through its tunnel with what it is sent. */
async function startBox(port: number, keys: KeyPair): Promise<Client> {
  const client = await logIn(port, { privateKey: keys.privateKey });
  onTestFinished(() => void client.end());
  client.on('tcp connection', (_details, accept) => {
    const channel = accept();
    channel.on('error', () => {});
    channel.pipe(channel);
  });
  return client;
}

test('a box opens a reverse tunnel, and what is sent to the port reaches it', async () => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  const port = await forwardIn(client, '127.0.0.1', 0);
  const socket = connect(port, '127.0.0.1');
  socket.end('hello box');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('hello box');
});

test('OpenSSH\'s way to ask, for "localhost", binds the loopback too', async () => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  const port = await forwardIn(client, 'localhost', 0);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
});

test.each(['0.0.0.0', '', '::', '192.0.2.1'])('a tunnel at the address %j is refused', async (address) => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  await expect(forwardIn(client, address, 0)).rejects.toThrow();
});

test('a port that is taken is refused, and the connection lives on', async () => {
  const { host, keys } = await startHost();
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const client = await startBox(host.port, keys);
  await expect(forwardIn(client, '127.0.0.1', (taken.address() as AddressInfo).port)).rejects.toThrow();
  expect(await forwardIn(client, '127.0.0.1', 0)).toBeGreaterThan(0);
});

test('a box cannot open more tunnels than it may', async () => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  for (let count = 0; count < 4; count += 1) await forwardIn(client, '127.0.0.1', 0);
  await expect(forwardIn(client, '127.0.0.1', 0)).rejects.toThrow();
});

test('a tunnel that the box takes back is closed', async () => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  const port = await forwardIn(client, '127.0.0.1', 0);
  await new Promise<void>((resolve, reject) => {
    client.unforwardIn('127.0.0.1', port, (error) => (error ? reject(error) : resolve()));
  });
  await expect(converse(port, '')).rejects.toThrow('ECONNREFUSED');
});

test('when the box hangs up its tunnels and their connections close', async () => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  const port = await forwardIn(client, '127.0.0.1', 0);
  const open = connect(port, '127.0.0.1');
  await once(open, 'connect');
  client.end();
  await once(open, 'close');
  await until(() =>
    converse(port, '').then(
      () => false,
      (error) => error.code === 'ECONNREFUSED',
    ),
  );
});

test.each([
  ['another key', () => ({ privateKey: createKeyPair().privateKey })],
  ['a password', () => ({ password: 'secret' })],
  ['nothing', () => ({})],
])('%s does not get in', async (_what, credentials) => {
  const { host } = await startHost();
  await expect(logIn(host.port, credentials())).rejects.toThrow(/authentication/i);
});

type Opening = (client: Client, opened: (error: Error | undefined, channel?: ClientChannel) => void) => unknown;

test.each<[string, Opening]>([
  ['a shell', (client, opened) => client.shell(opened)],
  ['a command', (client, opened) => client.exec('id', opened)],
  ['files', (client, opened) => client.sftp(opened as never)],
  ["a way into the host's network", (client, opened) => client.forwardOut('127.0.0.1', 1, '127.0.0.1', 22, opened)],
  ['a local socket', (client, opened) => client.openssh_forwardOutStreamLocal('/run/x', opened)],
])('a box that is logged in does not get %s', async (_what, open) => {
  const { host, keys } = await startHost();
  const client = await startBox(host.port, keys);
  const error = await new Promise((resolve) => open(client, resolve));
  expect(error).toBeInstanceOf(Error);
  expect(await forwardIn(client, '127.0.0.1', 0)).toBeGreaterThan(0);
});

test('the host key is made once, for its owner only, and stays', async () => {
  const { host, hostKeyFile } = await startHost();
  expect(host.hostKey).toMatch(/^ssh-ed25519 AAAA/);
  expect(statSync(hostKeyFile).mode & 0o777).toBe(0o600);
  const before = readFileSync(hostKeyFile, 'utf8');
  const again = await startHost(createKeyPair(), hostKeyFile);
  expect(again.host.hostKey).toBe(host.hostKey);
  expect(readFileSync(hostKeyFile, 'utf8')).toBe(before);
});

test('an unreadable host key or authorized key is an error that names it', async () => {
  const hostKeyFile = join(temporaryDirectory(), 'host_key');
  await expect(startManagementHost({ port: 0, hostKeyFile, authorizedKeys: ['nonsense'], log })).rejects.toThrow(
    /the authorized key "nonsense" is not an SSH key/,
  );
  writeFileSync(hostKeyFile, 'garbage');
  await expect(startManagementHost({ port: 0, hostKeyFile, authorizedKeys: [], log })).rejects.toThrow(hostKeyFile);
});

test('a port that is taken is an error, and garbage from the network is none', async () => {
  const { host, hostKeyFile } = await startHost();
  await expect(startManagementHost({ port: host.port, hostKeyFile, authorizedKeys: [], log })).rejects.toThrow(
    'EADDRINUSE',
  );
  for (const garbage of ['', 'GET / HTTP/1.1\r\n\r\n', 'SSH-2.0-x\r\n\0\0\0\0', '\0'.repeat(10_000)]) {
    const socket = connect(host.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.end(garbage);
    socket.resume();
    await once(socket, 'close');
  }
  expect(host.port).toBeGreaterThan(0);
});

/** MANAGEMENT on a simulated box against a host; the port it asks for is free. */
async function manage(host: { port: number; hostKey: string }, keys: KeyPair, lifetime = 60) {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const box = await openTestBox(temporaryDirectory());
  const management = {
    host: '127.0.0.1',
    sshPort: host.port,
    user: 'stb',
    privateKey: keys.privateKey,
    hostKey: host.hostKey,
  };
  const context = createContext({ platform: box, settings: { management } });
  return { box, port, settings: management, result: openManagement.run({ port, lifetime }, context) };
}

test('MANAGEMENT: the port of the host leads to the shell service of the box until the tunnel is closed', async () => {
  const { host, keys } = await startHost();
  const { box, port, result } = await manage(host, keys);
  expect(await result).toEqual({ host: '127.0.0.1', port, closesAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(await converse(port, 'exit\n')).toContain('bye');
  const [tunnel] = box.management?.tunnels() ?? [];
  expect(tunnel).toMatchObject({ remotePort: port });
  await tunnel?.close();
  expect(box.management?.tunnels()).toEqual([]);
  await until(() =>
    converse(port, '').then(
      () => false,
      (error) => error.code === 'ECONNREFUSED',
    ),
  );
});

test('MANAGEMENT: the tunnel closes by itself when its lifetime is over', async () => {
  const { host, keys } = await startHost();
  const { box, port, result } = await manage(host, keys, 1);
  await result;
  await until(() => box.management?.tunnels().length === 0);
  await until(() =>
    converse(port, '').then(
      () => false,
      (error) => error.code === 'ECONNREFUSED',
    ),
  );
});

test('MANAGEMENT: where the port is taken, the host chooses another one and the report says which', async () => {
  const { host, keys } = await startHost();
  const first = await manage(host, keys);
  const { port } = first;
  await first.result;
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box, settings: { management: first.settings } });
  const result = await openManagement.run({ port, lifetime: 60 }, context);
  expect(result.port).not.toBe(port);
  expect(await converse(Number(result.port), 'exit\n')).toContain('bye');
});

test('MANAGEMENT: asked for again, a box keeps its port and opens the tunnel anew', async () => {
  const { host, keys } = await startHost();
  const { box, port, result, settings } = await manage(host, keys);
  await result;
  const context = createContext({ platform: box, settings: { management: settings } });
  expect(await openManagement.run({ port, lifetime: 60 }, context)).toMatchObject({ port });
  expect(box.management?.tunnels()).toHaveLength(1);
});

test('MANAGEMENT: a host with another key than the pinned one is TUNNEL_FAILED', async () => {
  const { host, keys } = await startHost();
  const { result } = await manage({ ...host, hostKey: createKeyPair().publicKey }, keys);
  await expect(result).rejects.toMatchObject({ code: 'TUNNEL_FAILED', message: expect.stringContaining('pinned') });
});

test('MANAGEMENT: a host that does not know the key of the box is TUNNEL_FAILED', async () => {
  const { host } = await startHost();
  const { result } = await manage(host, createKeyPair());
  await expect(result).rejects.toMatchObject({ code: 'TUNNEL_FAILED' });
});
