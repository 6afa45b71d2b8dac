/** The linux driver's tunnels with a real sshd and both clients. Needs Debian's openssh-server, openssh-client and dropbear-bin. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Fixtures } from '../../platform/conformance.ts';
import { skips } from '../../platform/conformance.ts';
import { createManagement } from '../../platform/drivers/linux/management.ts';
import type { SshClient } from '../../platform/drivers/linux/ssh.ts';
import { freePort } from '../support/free-port.ts';
import { conformanceOf, openMachineUnderTest } from '../support/linux-box.ts';
import { converse, createKeyPair } from '../support/ssh-client.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { need } from '../support/tools.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const clients: Record<string, () => SshClient> = {
  OpenSSH: () => ({ kind: 'openssh', program: need('ssh', 'openssh-client') }),
  Dropbear: () => ({
    kind: 'dropbear',
    program: need('dbclient', 'dropbear-bin'),
    convert: need('dropbearconvert', 'dropbear-bin'),
  }),
};
const calm = new AbortController().signal;
const undo = undoList();
let sshd: Sshd;
let shellPort: number;

beforeAll(async () => {
  sshd = await startSshd(undo.after);
  // What answers at the box's end.
  const shell = createServer((socket) => socket.end('the box\n')).listen(0, '127.0.0.1');
  await once(shell, 'listening');
  undo.after(() => void shell.close());
  shellPort = (shell.address() as AddressInfo).port;
});
afterAll(undo.all);

const targetOf = async (remotePort?: number) => ({
  host: '127.0.0.1',
  port: sshd.port,
  user: sshd.user,
  privateKey: sshd.privateKey,
  hostKey: sshd.hostKey,
  remotePort: remotePort ?? (await freePort()),
  lifetimeMs: 60_000,
});

describe('the platform contract, by the client that is found', () => {
  test.each(conformanceOf('management'))('$title', async (promise) => {
    const target = await targetOf();
    const ssh: NonNullable<Fixtures['ssh']> = {
      target,
      wrongHostKey: createKeyPair().publicKey,
      call: (port = target.remotePort) => converse(port, ''),
    };
    const box = await openMachineUnderTest({ shellPort }, { ssh });
    expect(skips(promise, box)).toBeUndefined();
    await promise.run(box);
  });
});

describe.each(Object.entries(clients))('%s', (_name, clientOf) => {
  const open = () => {
    const management = createManagement(clientOf(), shellPort);
    onTestFinished(management.close);
    return management;
  };

  test('a tunnel leads to the box, and no further when it is closed', async () => {
    const management = open();
    const tunnel = await management.openTunnel(await targetOf(), calm);
    expect(await converse(tunnel.remotePort, '')).toBe('the box\n');
    await tunnel.close();
    await until(
      () =>
        converse(tunnel.remotePort, '').then(
          () => false,
          () => true,
        ),
      'the port to be closed',
    );
  });

  test('the host chooses the port', async () => {
    const tunnel = await open().openTunnel(await targetOf(0), calm);
    expect(await converse(tunnel.remotePort, '')).toBe('the box\n');
  });

  test('it ends when its lifetime is out', async () => {
    const management = open();
    await management.openTunnel({ ...(await targetOf()), lifetimeMs: 300 }, calm);
    await until(() => management.tunnels().length === 0, 'the end of the tunnel');
  });

  test.each([
    { what: 'another host key', change: () => ({ hostKey: createKeyPair().publicKey }), why: /not the pinned one/ },
    {
      what: 'a key that the host does not know',
      change: () => ({ privateKey: createKeyPair().privateKey }),
      why: /does not let this box in/,
    },
    {
      what: 'a port that is taken',
      change: () => ({ remotePort: shellPort }),
      why: /did not bind the port|is it taken/,
    },
    { what: 'a host that is not there', change: () => ({ port: 1 }), why: /refused/i },
  ])('$what is TUNNEL_FAILED with the reason', async ({ change, why }) => {
    const management = open();
    const target = { ...(await targetOf()), ...change() };
    await expect(management.openTunnel(target, calm)).rejects.toMatchObject({
      code: 'TUNNEL_FAILED',
      message: expect.stringMatching(why),
    });
    expect(management.tunnels()).toEqual([]);
  });
});
