/** The management host: an SSH server to which boxes open reverse tunnels, and which does nothing else. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Logger } from 'pino';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import { openHostKey, parseKey } from './host-key.ts';
import { serveReverseForwards } from './reverse-forward.ts';

export type ManagementHostOptions = {
  /** 0 picks one. */
  port: number;
  /** The address it listens on; the loopback by default. */
  host?: string;
  /** The private host key; made when the file is missing. */
  hostKeyFile: string;
  /** The boxes' public keys, `ssh-ed25519 AAAA…` with or without a comment. */
  authorizedKeys: readonly string[];
  log: Logger;
};

export type ManagementHost = {
  port: number;
  /** The public host key that boxes pin, `ssh-ed25519 AAAA…`. */
  hostKey: string;
  close(): Promise<void>;
};

/** Limits of one host. Times are milliseconds. */
const hostLimits = {
  connections: 10_000,
  /** What a connection gets to log in. */
  loginMs: 20_000,
  /** A box that does not answer is found after three questions. */
  keepaliveMs: 15_000,
  keepalives: 3,
};

/**
 * Starts it; rejects when the port is taken or a key is unreadable.
 *
 * INVARIANTS
 * - Only an authorised key gets in; there are no passwords.
 * - A box gets reverse port forwards on 127.0.0.1 and nothing else: no shell, no command, no file, no way into the host's network.
 * - What a box opened is closed with its connection.
 */
export async function startManagementHost(options: ManagementHostOptions): Promise<ManagementHost> {
  const { port, host = '127.0.0.1', log } = options;
  const { privateKey, publicKey } = await openHostKey(options.hostKeyFile);
  const authorized = options.authorizedKeys.map((line) => parseKey(line, `the authorized key ${JSON.stringify(line)}`));
  const ssh = new ssh2.Server({
    hostKeys: [privateKey],
    keepaliveInterval: hostLimits.keepaliveMs,
    keepaliveCountMax: hostLimits.keepalives,
  });
  ssh.on('connection', (connection, { ip }) => serve(connection, authorized, log.child({ from: ip })));

  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setTimeout(hostLimits.keepaliveMs * (hostLimits.keepalives + 1), () => socket.destroy());
    ssh.injectSocket(socket);
  });
  listener.maxConnections = hostLimits.connections;
  listener.listen(port, host);
  await once(listener, 'listening');
  const bound = (listener.address() as AddressInfo).port;
  log.info({ host, port: bound, hostKey: publicKey }, 'management host ready');
  return {
    port: bound,
    hostKey: publicKey,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(connection: Connection, authorized: readonly ParsedKey[], log: Logger): void {
  const login = setTimeout(() => connection.end(), hostLimits.loginMs);
  connection.on('authentication', (attempt) => {
    if (isAuthorized(attempt, authorized)) attempt.accept();
    else attempt.reject(['publickey']);
  });
  connection.once('ready', () => {
    clearTimeout(login);
    log.info('box logged in to the management host');
  });
  connection.on('error', (error) => log.debug({ err: error }, 'management connection failed'));
  const close = serveReverseForwards(connection, log);
  connection.once('close', () => {
    clearTimeout(login);
    close();
  });
}

/** Whether it is one of our keys and, where the client proves it has the private one, the proof is right. */
function isAuthorized(attempt: AuthContext, authorized: readonly ParsedKey[]): boolean {
  if (attempt.method !== 'publickey') return false;
  const key = authorized.find((candidate) => candidate.getPublicSSH().equals(attempt.key.data));
  if (key === undefined) return false;
  // Without a signature the client only asks whether the key would do (RFC 4252, 7).
  if (attempt.signature === undefined || attempt.blob === undefined) return true;
  return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}
