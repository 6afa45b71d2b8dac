import { expect, test } from 'vitest';
import { createManagement } from '../../../platform/drivers/linux/management.ts';
import { explain, findSshClient } from '../../../platform/drivers/linux/ssh.ts';
import { fakeBox } from '../../support/fake-box.ts';

const calm = new AbortController().signal;
const target = {
  host: '127.0.0.1',
  port: 22,
  user: 'box',
  privateKey: 'PRIVATE',
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlqSs7pRgk1iVYtHZbQ8YzSxJv0jQ5xVtZP6bC0Rzqk comment',
  remotePort: 2222,
  lifetimeMs: 60_000,
};

test.each([
  { said: ['Host key verification failed.'], why: /not the pinned one/ },
  {
    said: ['dbclient: Connection to box@h:22 exited: Remote host key mismatch: host key mismatch for h'],
    why: /not the pinned one/,
  },
  {
    said: ['Error: remote port forwarding failed for listen port 2222'],
    why: /did not bind the port: .*is it taken\?/,
  },
  { said: ['box@h: Permission denied (publickey).'], why: /does not let this box in/ },
  {
    said: ['ssh: connect to host h port 22: Connection refused'],
    why: /ended: ssh: connect to host h port 22: Connection refused/,
  },
  { said: [], why: /it said nothing/ },
])('$said.0 is explained', ({ said, why }) => {
  expect(explain(said)).toMatch(why);
});

test('OpenSSH is taken before Dropbear, and neither is none', () => {
  const box = fakeBox();
  expect(findSshClient(box.system)).toBeUndefined();
  box.program('dbclient');
  expect(findSshClient(box.system)).toMatchObject({ kind: 'dropbear', convert: undefined });
  box.program('ssh');
  expect(findSshClient(box.system)).toMatchObject({ kind: 'openssh' });
});

/** A box whose ssh writes down what it was given, then does what `script` says. */
const boxWithSsh = (script: string) => {
  const box = fakeBox();
  box.program(
    'ssh',
    `for A in "$@"; do case "$A" in */key) cat "$A" > "$ROOT/key" ;; UserKnownHostsFile=*) cat "\${A#*=}" > "$ROOT/known" ;; esac; done\n${script}`,
  );
  return box;
};
const bound =
  'echo "debug1: remote forward success for: listen 127.0.0.1:2222, connect 127.0.0.1:22" >&2; exec sleep 60';
const managementOf = (box: ReturnType<typeof fakeBox>) => {
  const client = findSshClient(box.system);
  if (client === undefined) throw new Error('no client');
  return createManagement(client, 22);
};

test("ssh is given the pinned key and nothing of the user's, and the tunnel is open when the host has bound the port", async () => {
  const box = boxWithSsh(bound);
  const management = managementOf(box);
  const tunnel = await management.openTunnel(target, calm);
  expect(management.tunnels()).toEqual([tunnel]);
  expect(box.get('/known')).toBe(`management ${target.hostKey.replace(' comment', '')}\n`);
  expect(box.get('/key')).toBe('PRIVATE\n');
  expect(box.calls()[0]).toMatch(
    /-F none .*StrictHostKeyChecking=yes .*GlobalKnownHostsFile=\/dev\/null .*-R 127\.0\.0\.1:2222:127\.0\.0\.1:22 127\.0\.0\.1$/,
  );
  const key = /-i (\S+)/.exec(box.calls()[0] ?? '')?.[1] ?? '';
  expect(box.system.exists(key.replace(box.root, ''))).toBe(false);
  await tunnel.close();
  expect(management.tunnels()).toEqual([]);
});

test('a port that the host chose is told', async () => {
  const allocated = 'echo "Allocated port 41037 for remote forward to 127.0.0.1:22" >&2; exec sleep 60';
  const management = managementOf(boxWithSsh(allocated));
  expect((await management.openTunnel({ ...target, remotePort: 0 }, calm)).remotePort).toBe(41_037);
  await management.close();
});

test('a tunnel ends with its lifetime, with its client, and with the driver', async () => {
  const management = managementOf(boxWithSsh(bound));
  await management.openTunnel({ ...target, lifetimeMs: 50 }, calm);
  await expect.poll(() => management.tunnels()).toEqual([]);
  const dying = managementOf(boxWithSsh(bound.replace('sleep 60', 'sleep 0.2')));
  await dying.openTunnel(target, calm);
  await expect.poll(() => dying.tunnels()).toEqual([]);
  await management.openTunnel(target, calm);
  await management.close();
  expect(management.tunnels()).toEqual([]);
  await expect(management.openTunnel(target, calm)).rejects.toThrow(/driver was closed/);
});

test.each([
  {
    what: 'the client says no',
    script: 'echo "Permission denied (publickey)." >&2; exit 255',
    change: {},
    why: /does not let this box in/,
  },
  { what: 'the host key is not one', script: bound, change: { hostKey: 'nonsense' }, why: /is not like ssh-ed25519/ },
  {
    what: 'the host looks like an option',
    script: bound,
    change: { host: '-oProxyCommand=x' },
    why: /not the name of a host/,
  },
])('when $what it is TUNNEL_FAILED, and no tunnel is left', async ({ script, change, why }) => {
  const management = managementOf(boxWithSsh(script));
  await expect(management.openTunnel({ ...target, ...change }, calm)).rejects.toMatchObject({
    code: 'TUNNEL_FAILED',
    message: expect.stringMatching(why),
  });
  expect(management.tunnels()).toEqual([]);
});

test('opening that is aborted ends', async () => {
  const management = managementOf(boxWithSsh('exec sleep 60'));
  await expect(management.openTunnel(target, AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
  expect(management.tunnels()).toEqual([]);
});

/** A box with Dropbear's client, which says these lines and stays. */
const managementByDropbear = (...lines: string[]) => {
  const box = fakeBox();
  box.program('dbclient', `${lines.map((line) => `echo "dbclient: ${line}" >&2`).join('\n')}\nexec sleep 60`);
  return managementOf(box);
};
const refusal = 'Remote TCP forward request failed (port 2222 -> 127.0.0.1:22)';
const nowhere = '127.0.0.1:9';

test.each([
  { second: 'bound', line: `Allocated port 41037 for remote forward to ${nowhere}` },
  { second: 'refused', line: `Remote TCP forward request failed (port 0 -> ${nowhere})` },
])('Dropbear has bound the port when the one asked for after it is $second', async ({ line }) => {
  const management = managementByDropbear(line);
  expect((await management.openTunnel(target, calm)).remotePort).toBe(2222);
  await management.close();
});

test('Dropbear that says nothing has bound nothing, and a port that it is refused is TUNNEL_FAILED', async () => {
  const silent = managementByDropbear();
  await expect(silent.openTunnel(target, AbortSignal.timeout(500))).rejects.toThrow(/timeout/);
  const refused = managementByDropbear(refusal, `Allocated port 41037 for remote forward to ${nowhere}`);
  await expect(refused.openTunnel(target, calm)).rejects.toThrow(/did not bind the port: .*is it taken\?/);
  expect([silent.tunnels(), refused.tunnels()]).toEqual([[], []]);
});
