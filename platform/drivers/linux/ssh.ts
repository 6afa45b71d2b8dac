/** A reverse tunnel by OpenSSH's ssh(1) or Dropbear's dbclient(1), with the host's key pinned. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningCommand, readCommand, startCommand } from '../../command.ts';
import type { TunnelTarget } from '../../contract.ts';
import type { System } from './system.ts';

export type SshClient =
  | { kind: 'openssh'; program: string }
  /** `convert` makes a key of Dropbear's from one of OpenSSH's, where it is installed. */
  | { kind: 'dropbear'; program: string; convert: string | undefined };

/** OpenSSH where it is installed, else Dropbear. */
export function findSshClient(system: System): SshClient | undefined {
  const [ssh, dbclient] = [system.program('ssh'), system.program('dbclient')];
  if (ssh !== undefined) return { kind: 'openssh', program: ssh };
  if (dbclient === undefined) return undefined;
  return { kind: 'dropbear', program: dbclient, convert: system.program('dropbearconvert') };
}

/** What connecting, logging in and binding may take. */
const openMs = 25_000;
/** Where the second port of a tunnel by Dropbear leads: to nobody. Port 9 is for what is thrown away (RFC 863). */
const nowhere = '127.0.0.1:9';

/** A tunnel that stands: its command, and the port that the host has bound. */
export type SshTunnel = Pick<RunningCommand, 'ended' | 'stop'> & { remotePort: number };

/** What is run, and the lines in which it tells the port that the host has bound, or that the host has refused to. */
type Client = {
  args: string[];
  env?: Record<string, string>;
  bound(line: string): number | undefined;
  isRefusal?(line: string): boolean;
};

/** Resolves when the host has bound the port; the tunnel then lives as long as the command. Rejects with a sentence. */
export async function openSshTunnel(
  client: SshClient,
  target: TunnelTarget,
  shellPort: number,
  signal: AbortSignal,
): Promise<SshTunnel> {
  signal.throwIfAborted();
  const hostKey = /^([a-z0-9@.-]+ [A-Za-z0-9+/]{20,}={0,2})(\s|$)/.exec(target.hostKey.trim())?.[1];
  if (hostKey === undefined)
    throw new Error(`the pinned host key ${JSON.stringify(target.hostKey)} is not like ssh-ed25519 AAAA…`);
  // A host that looks like an option would be one.
  if (target.host.startsWith('-')) throw new Error(`${JSON.stringify(target.host)} is not the name of a host`);
  const folder = mkdtempSync(join(tmpdir(), 'stb-ssh-'));
  try {
    const prepare = client.kind === 'openssh' ? openSsh : dropbear;
    const how = await prepare(client, { ...target, hostKey }, `127.0.0.1:${shellPort}`, folder);
    return await untilBound(client.program, how, signal);
  } finally {
    // The keys have been read by now.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `-v` is how ssh tells that the port is bound. The alias keeps the pinned key apart from the host's name and port. */
async function openSsh(_client: SshClient, target: TunnelTarget, shell: string, folder: string): Promise<Client> {
  const { host, port, user, privateKey, hostKey, remotePort } = target;
  const [key, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')];
  writeFileSync(key, `${privateKey.trim()}\n`, { mode: 0o600 });
  writeFileSync(knownHosts, `management ${hostKey}\n`);
  const options = {
    BatchMode: 'yes',
    HostKeyAlias: 'management',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    IdentitiesOnly: 'yes',
    ExitOnForwardFailure: 'yes',
    ConnectTimeout: 15,
    ServerAliveInterval: 15,
    ServerAliveCountMax: 3,
  };
  return {
    args: [
      ...['-v', '-N', '-T', '-F', 'none', '-i', key, '-p', String(port), '-l', user],
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      ...['-R', `127.0.0.1:${remotePort}:${shell}`, host],
    ],
    bound(line) {
      if (remotePort === 0) return allocated(line);
      return line.includes('remote forward success for: listen') ? remotePort : undefined;
    },
  };
}

/**
 * Dropbear looks for known hosts in the home folder, by the name that it is given. It says nothing when the host binds a port that it was
 * asked for, only when the host has chosen one. A second port is asked for, the host's choice: requests are answered in their order
 * (RFC 4254, 4), so whatever becomes of the second, the first was bound unless its refusal was heard before.
 */
async function dropbear(client: SshClient, target: TunnelTarget, shell: string, folder: string): Promise<Client> {
  const { host, port, user, privateKey, hostKey, remotePort } = target;
  const key = join(folder, 'key');
  writeFileSync(key, `${privateKey.trim()}\n`, { mode: 0o600 });
  if (client.kind === 'dropbear' && client.convert !== undefined) {
    await readCommand(client.convert, ['openssh', 'dropbear', key, `${key}.dropbear`], { timeoutMs: 5_000 });
  }
  mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
  writeFileSync(join(folder, '.ssh', 'known_hosts'), `${host} ${hostKey}\n`);
  const refused = (line: string, asked: number, leadsTo: string) =>
    line.includes(`forward request failed (port ${asked} -> ${leadsTo})`);
  return {
    args: [
      ...['-N', '-T', '-K', '15'],
      ...['-i', client.kind === 'dropbear' && client.convert ? `${key}.dropbear` : key],
      ...['-p', String(port), '-l', user, '-R', `127.0.0.1:${remotePort}:${shell}`],
      ...(remotePort === 0 ? [] : ['-R', `127.0.0.1:0:${nowhere}`]),
      host,
    ],
    env: { PATH: '/usr/bin:/bin', HOME: folder },
    bound(line) {
      if (remotePort === 0) return allocated(line);
      return allocated(line) !== undefined || refused(line, 0, nowhere) ? remotePort : undefined;
    },
    isRefusal: (line) => refused(line, remotePort, shell),
  };
}

/** Both clients tell the port that a host has chosen. */
function allocated(line: string): number | undefined {
  const port = /Allocated port (\d+) for remote forward/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function untilBound(
  program: string,
  { args, env, bound, isRefusal }: Client,
  signal: AbortSignal,
): Promise<SshTunnel> {
  const opened = Promise.withResolvers<number>();
  const said: string[] = [];
  const { ended, stop } = await startCommand(program, args, {
    ...(env && { env }),
    line(text) {
      const port = bound(text);
      if (port !== undefined) return opened.resolve(port);
      if (!/^(debug\d: |OpenSSH_|Authenticated to )/.test(text) && text.trim() !== '') said.push(text.trim());
      if (isRefusal?.(text)) opened.reject(new Error(explain(said)));
    },
  });
  const late = () => opened.reject(new Error(`not within ${openMs / 1000} s; is the host reachable?`));
  const abort = () => opened.reject(signal.reason);
  const timer = setTimeout(late, openMs);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  void ended.then(() => opened.reject(new Error(explain(said))));
  try {
    return { remotePort: await opened.promise, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Why the client gave up, in words that say what to do. */
export function explain(said: readonly string[]): string {
  const words = said.slice(-2).join('; ').slice(0, 300);
  if (
    /Host key verification failed|host key mismatch|validate host key|no hostkey alg|IDENTIFICATION HAS CHANGED/i.test(
      said.join('\n'),
    )
  )
    return "the host's key is not the pinned one; if the host was replaced, configure its new key";
  if (/remote port forwarding failed|Remote TCP forward request failed/i.test(words))
    return `the host did not bind the port: ${words}; is it taken?`;
  if (/Permission denied|auth methods/i.test(words))
    return `the host does not let this box in: ${words}; is its key known there?`;
  return `the SSH client ended: ${words || 'it said nothing'}`;
}
