/** A disk that is really full: the agent's state directory, or the headend's data, on a small tmpfs of its own. Mounting it needs root. */
import { execFileSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { limits } from '../../agent/protocol/limits.ts';
import { type AgentProcess, createAgentProcess } from '../support/agent-process.ts';
import { startAgentsHeadend } from '../support/agents-headend.ts';
import { freePort } from '../support/free-port.ts';
import { openTestHeadend } from '../support/headend.ts';
import { finalReports } from '../support/headend-api.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { need } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** A file system that can be filled to its last byte, and emptied again. */
function mountDisk(size = '2m'): { path: string; fill(): void; free(): void } {
  const mount = need('mount', 'mount');
  const umount = need('umount', 'mount');
  const path = temporaryDirectory();
  execFileSync(mount, ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]);
  onTestFinished(() => void execFileSync(umount, ['-l', path]));
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      for (const size of [64 * 1024, 4 * 1024, 1]) {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

type Bench = Awaited<ReturnType<typeof startBox>>;

async function startBox() {
  const headend = await startAgentsHeadend({ boxes: 1, after: onTestFinished });
  const disk = mountDisk();
  const box = headend.nextBox();
  const agent = createAgentProcess(
    {
      box,
      headend,
      upstreams: ['mqtt'],
      stateDir: disk.path,
      boxDir: temporaryDirectory(),
      config: headend.agentConfig,
    },
    onTestFinished,
  );
  await agent.start();
  return { api: headend.api, box, agent, disk };
}

const volume = (agent: AgentProcess) => agent.events('volume').at(-1)?.detail?.volume;

/** Fills the disk, and sends what may run twice until the agent has noticed: small writes still find room for a while. */
async function fill({ api, box, agent, disk }: Bench): Promise<string[]> {
  const asked: string[] = [];
  disk.fill();
  for (let level = 1; (await agent.status()).faults.length === 0; level += 1) {
    asked.push(await api.act(box.id, 'VOLUME', { volume: level }));
    await until(() => volume(agent) === level, `the volume to be ${level}`);
  }
  return asked;
}

test('with a full disk the agent says so, does what may be done twice and nothing else, and answers for all when there is space', async () => {
  const bench = await startBox();
  const { api, box, agent, disk } = bench;
  const volumes = await fill(bench);
  const sentence = expect.stringMatching(/journal.* cannot be written: .*full/);
  await until(async () => (await api.box(box.id)).faults.length > 0, 'the headend to hear of it');
  expect((await api.box(box.id)).faults).toEqual([sentence]);

  const script = await api.act(box.id, 'JS', { js: '1' });
  volumes.push(await api.act(box.id, 'VOLUME', { volume: 99 }));
  await until(() => volume(agent) === 99, 'the volume to be 99');
  expect(agent.events('ui-script')).toEqual([]);

  disk.free();
  for (const id of volumes) {
    const action = await api.reached(id);
    expect(action).toMatchObject({ state: 'done' });
    expect(finalReports(action)).toHaveLength(1);
  }
  expect(await api.reached(script)).toMatchObject({ state: 'refused', error: { code: 'STORAGE' } });
  expect(await api.reached(await api.act(box.id, 'JS', { js: '2' }))).toMatchObject({ state: 'done' });
  expect((await agent.status()).faults).toEqual([]);
});

test('with a full disk a tunnel opens and REBOOT is proven, at the cost of the reserve, which nothing else may have', async () => {
  const bench = await startBox();
  const { api, box, agent, disk } = bench;
  const reserve = join(disk.path, 'journal.db-reserve');
  await fill(bench);
  expect(statSync(reserve).size).toBe(limits.journalReserve.bytes);

  const port = await freePort();
  const tunnel = await api.reached(await api.act(box.id, 'MANAGEMENT', { port, lifetime: 60 }));
  expect(tunnel).toMatchObject({ state: 'done' });
  expect(statSync(reserve).size).toBeLessThan(limits.journalReserve.bytes);
  const script = await api.reached(await api.act(box.id, 'JS', { js: '1' }));
  expect(script).toMatchObject({ state: 'refused', error: { code: 'STORAGE' } });
  expect((await agent.status()).faults).toHaveLength(1);

  const restart = await api.reached(await api.act(box.id, 'REBOOT'));
  expect(restart).toMatchObject({ state: 'done' });
  expect(restart.result?.bootIdAfter).not.toBe(restart.result?.bootIdBefore);
  for (const action of [tunnel, restart]) expect(finalReports(action)).toHaveLength(1);

  disk.free();
  expect(await api.reached(await api.act(box.id, 'JS', { js: '2' }))).toMatchObject({ state: 'done' });
  await agent.kill();
  await agent.start();
  expect(statSync(reserve).size).toBe(limits.journalReserve.bytes);
});

test('the end of a message that finds the disk full is kept until there is space, and then arrives once', async () => {
  const bench = await startBox();
  const { api, box, agent, disk } = bench;
  const id = await api.act(box.id, 'MESSAGE', { message: 'Hello', duration: 600 });
  expect(await api.reached(id)).toMatchObject({ state: 'done', result: { notified: 0 } });
  await fill(bench);
  await agent.tv.press('OK');
  await until(() => agent.events('message-ended').length === 1, 'the message to be gone');
  expect((await api.action(id)).result).toEqual({ notified: 0 });
  disk.free();
  const action = await api.ended(id);
  expect(action).toMatchObject({ state: 'done', result: { ended: 'dismissed' } });
  expect(finalReports(action)).toHaveLength(1);
});

test('SIGTERM with a full disk: the agent exits with 0, and what it could not store is settled by the next start', async () => {
  const bench = await startBox();
  const { api, agent, disk } = bench;
  const volumes = await fill(bench);
  expect(await agent.terminate()).toEqual({ code: 0, signal: null });
  disk.free();
  await agent.start();
  for (const id of volumes) expect(await api.reached(id)).toMatchObject({ state: 'done' });
});

test('an agent that is killed while the disk is full starts again, and serves', async () => {
  const bench = await startBox();
  const { api, box, agent, disk } = bench;
  const volumes = await fill(bench);
  await agent.kill();
  await agent.start();
  volumes.push(await api.act(box.id, 'VOLUME', { volume: 99 }));
  await until(() => volume(agent) === 99, 'the volume to be 99');
  disk.free();
  for (const id of volumes) expect(await api.reached(id)).toMatchObject({ state: 'done' });
  expect(await api.reached(await api.act(box.id, 'JS', { js: '2' }))).toMatchObject({ state: 'done' });
});

test('a headend whose disk is full says so to who asks and at /healthz, starts, and goes on when there is space', async () => {
  const disk = mountDisk('16m');
  const head = await openTestHeadend({ data_dir: disk.path });
  onTestFinished(() => head.close());
  const admin = head.demo.users.admin.token;
  const ask = () => head.call(admin, '/stb/v1/actions', { body: { all: true, type: 'UI' } });
  const health = async () => {
    const { status, body } = await head.call(undefined, '/healthz');
    return [status, body.status];
  };
  expect(await health()).toEqual([200, 'ok']);
  disk.fill();
  expect(await health()).toEqual([503, 'disk full']);
  expect(await ask()).toMatchObject({
    status: 500,
    body: { code: 500, message: 'internal_error', description: expect.stringMatching(/disk of the headend is full/) },
  });
  await head.restart();
  expect(await health()).toEqual([503, 'disk full']);
  expect((await head.call(admin, '/stb/v1/boxes')).body.total).toBe(3);
  disk.free();
  expect(await health()).toEqual([200, 'ok']);
  expect((await ask()).body.actions).toHaveLength(3);
});
