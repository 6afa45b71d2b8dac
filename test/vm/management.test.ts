/** What an operator reaches into the box with: a tunnel to a real sshd, and scripts. Needs Debian's openssh-server. */
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Client, ClientChannel } from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type Site, startSite } from '../support/site.ts';
import { converse, createKeyPair, logIn } from '../support/ssh-client.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, fromBox, hostFromBox, openBench } from './support/bench.ts';

const operator = createKeyPair();
let bench: Bench;
let sshd: Sshd;
let site: Site;
const undo = undoList();
beforeAll(async () => {
  sshd = await startSshd(undo.after);
  site = await startSite(undo.after);
  bench = await openBench(undo.after);
  const { guest } = bench.machine;
  await guest.writeFile('/root/.ssh/authorized_keys', `${operator.publicKey}\n`, '600');
  await guest.writeFile('/etc/stb-agent/management.key', sshd.privateKey, '600');
  const management = {
    'management.host': hostFromBox,
    'management.ssh_port': sshd.port,
    'management.user': sshd.user,
    'management.key_file': '/etc/stb-agent/management.key',
    'management.host_key': sshd.hostKey,
  };
  await bench.startAgent({ config: management });
});
afterAll(undo.all);

const runScript = (commands: string) => bench.act('SCRIPT', { script: fromBox(site.script(commands)) });
/** The processes of the scripts that run, by the control groups that systemd has put them in. */
const inScopes =
  'cat /sys/fs/cgroup/system.slice/stb-agent-script-*.scope/cgroup.procs 2>/dev/null | xargs -r ps -o args= -p';
const isRefused = (port: number) =>
  converse(port, '').then(
    () => false,
    (error) => error.code === 'ECONNREFUSED',
  );

/** What a command says to the operator who has logged in. */
async function answer(client: Client, command: string): Promise<string> {
  const channel = await promisify<string, ClientChannel>(client.exec.bind(client))(command);
  const [data] = await once(channel, 'data');
  return String(data).trim();
}

test('SCRIPT: what its processes use together is limited, and the kernel ends what goes beyond', async () => {
  // Each alone is within the limit of 256 MiB, four are not.
  const hog = 'dd if=/dev/zero of=/dev/null bs=100M count=1000 &';
  const id = await runScript(
    `for each in 1 2 3 4; do ${hog} all="$all $!"; done\nfor each in $all; do wait $each || exit; done`,
  );
  expect(await bench.ended(id)).toMatchObject({ state: 'failed', error: { code: 'SCRIPT_FAILED' } });
  const { guest } = bench.machine;
  const log = await guest.read('journalctl --no-pager -k');
  expect(log).toMatch(/oom-kill:.*stb-agent-script-.*task=dd/);
  expect((await guest.run('pgrep -x dd')).stdout).toBe('');
});

test('MANAGEMENT leads from a real sshd to the shell of the box and out again at the end of its lifetime; SCRIPT ends at its time limit with all its children, also those that have left its group and ignore SIGTERM', async () => {
  const { guest } = bench.machine;
  const children = `trap '' TERM\nsetsid sleep 3601 &\nsleep 3602 &\nexec sleep 3603`;
  const script = await runScript(children);
  await until(
    async () => (await guest.run(inScopes)).stdout.match(/sleep 360\d/g)?.length === 3,
    'the script to run',
    120_000,
    300,
  );

  const port = await freePort();
  const action = await bench.carryOut('MANAGEMENT', { port, lifetime: 90 });
  expect(action).toMatchObject({ state: 'done', result: { host: hostFromBox, port } });
  const client = await logIn(port, { username: 'root', privateKey: operator.privateKey, readyTimeout: 60_000 });
  const ended = once(client, 'close');
  expect(await answer(client, 'cat /proc/sys/kernel/random/boot_id')).toBe(await bench.bootId());
  await ended;
  await until(() => isRefused(port), 'the port to be closed');

  expect(await bench.ended(script)).toMatchObject({
    state: 'failed',
    error: { code: 'SCRIPT_FAILED' },
    result: { endedBy: 'timeout' },
  });
  expect((await guest.run('pgrep -a sleep')).stdout).toBe('');
  expect((await guest.run(inScopes)).stdout).toBe('');
});
