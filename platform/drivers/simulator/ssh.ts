import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import type { TunnelTarget } from '../../contract.ts';

export type SshSession = {
  /** The port that the host has bound. */
  readonly remotePort: number;
  /** Hangs up; `closed` resolves when that is done, whoever did it. */
  end(): void;
  readonly closed: Promise<void>;
};

/** What the host gets to say goodbye before the line is cut. */
const goodbyeMs = 1_000;
const readyMs = 15_000;
/** A dead link is found after three unanswered questions. */
const keepaliveMs = 15_000;

/**
 * Connects, checks the host's key, logs in with ours, and has the host bind `remotePort` on its loopback, or any for 0; `serve` gets each connection that
 * comes in there. The library is loaded only now: few boxes ever need it.
 */
export async function connectSsh(
  target: TunnelTarget,
  signal: AbortSignal,
  serve: (stream: Duplex) => void,
): Promise<SshSession> {
  signal.throwIfAborted();
  const pinned = parseHostKey(target.hostKey);
  // A CommonJS library: its classes are on the default export.
  const { default: ssh2 } = await import('ssh2');
  signal.throwIfAborted();
  const client = new ssh2.Client();
  // Each step below tells its own error; whatever breaks later also closes, and `closed` tells.
  client.on('error', () => {});
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const end = () => {
    client.end();
    setTimeout(() => client.destroy(), goodbyeMs).unref();
  };
  const abort = () => client.destroy();
  signal.addEventListener('abort', abort);
  let remotePort: number;
  try {
    await connect(client, target, pinned);
    remotePort = await bind(client, target.remotePort);
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  client.on('tcp connection', (_details, accept) => serve(accept()));
  return { remotePort, end, closed };
}

type HostKey = { type: string; key: Buffer };

/** `ssh-ed25519 AAAA…`, as in known_hosts. */
function parseHostKey(line: string): HostKey {
  const [type = '', encoded = ''] = line.trim().split(/\s+/);
  const key = Buffer.from(encoded, 'base64');
  if (type === '' || key.length === 0)
    throw new Error(`the pinned host key ${JSON.stringify(line)} is not like ssh-ed25519 AAAA…`);
  return { type, key };
}

function connect(client: Client, target: TunnelTarget, pinned: HostKey): Promise<void> {
  const { host, port, user, privateKey } = target;
  let refused = false;
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.once('close', () => reject(new Error('the host hung up')));
    client.once('error', (error) => {
      reject(
        refused
          ? new Error("the host's key is not the pinned one; if the host was replaced, configure its new key")
          : error,
      );
    });
    client.connect({
      host,
      port,
      username: user,
      privateKey,
      hostVerifier: (key: Buffer) => {
        refused = !key.equals(pinned.key);
        return !refused;
      },
      algorithms: { serverHostKey: algorithmsOf(pinned.type) },
      readyTimeout: readyMs,
      keepaliveInterval: keepaliveMs,
    });
  });
}

type HostKeyAlgorithms = NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']>;

/** Asks a host with several keys for the pinned one; an RSA key signs with SHA-2 (RFC 8332). */
function algorithmsOf(type: string): HostKeyAlgorithms {
  const names = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
  return names as HostKeyAlgorithms;
}

function bind(client: Client, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(new Error('the host hung up')));
    client.forwardIn('127.0.0.1', port, (error, bound) => {
      if (error)
        reject(new Error(`the host did not bind port ${port}: ${error.message}; is it taken?`, { cause: error }));
      else resolve(bound);
    });
  });
}
