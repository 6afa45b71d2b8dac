/** A box without a token is paired by the code on its screen, with real processes on both sides. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeadendProcess, startHeadendProcess } from '../support/headend-process.ts';
import { type Program, startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { openTv } from '../support/tv.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const shared = undoList();
let headend: HeadendProcess;

beforeAll(async () => {
  headend = await startHeadendProcess({ after: shared.after });
});
afterAll(shared.all);

/** A new simulated box: it knows where the headend is and nothing else. */
function newBox() {
  const stateDir = temporaryDirectory(shared.after);
  const configFile = join(stateDir, 'agent.toml');
  const tokenFile = join(stateDir, 'token');
  const config = {
    state_dir: stateDir,
    'platform.driver': 'simulator',
    'platform.simulator.port': 0,
    'platform.simulator.boot_ms': 0,
    'headend.url': headend.url,
    'headend.token_file': tokenFile,
    'upstream.mqtt.url': headend.mqttUrl,
  };
  const lines = Object.entries(config).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  writeFileSync(configFile, lines.join(''));
  const run = (command: string): Program => {
    const program = startProgram('agent/cli.ts', [command, '--config', configFile]);
    shared.after(async () => {
      program.signal('SIGKILL');
      await program.ended;
    });
    return program;
  };
  const tv = openTv(() => `http://127.0.0.1:${tvPort(stateDir)}`);
  return { stateDir, configFile, tokenFile, run, tv };
}

function tvPort(stateDir: string): number {
  return JSON.parse(readFileSync(join(stateDir, 'simulator.json'), 'utf8')).tvPort;
}

/** The code that stands on the screen, read off it. */
async function codeOnScreen(box: ReturnType<typeof newBox>): Promise<string> {
  const html = await until(async () => (await box.tv.state()).scene.message?.html, 'a code on the screen', 30_000);
  return /<h1>(.*)<\/h1>/.exec(html)?.[1]?.replaceAll(' ', '') ?? html;
}

async function pair(token: string, body: object) {
  const response = await fetch(`${headend.url}/stb/v1/pair`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

test('a box shows a code, an operator enters it, and the box has its token and is in its customer’s list', async () => {
  const { manager, privateOwner } = headend.demo.users;
  const box = newBox();
  const enrolling = box.run('enroll');
  const code = await codeOnScreen(box);
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}$/);
  const picture = await box.tv.screen();
  if (process.env.STB_TEST_PICTURES) writeFileSync(join(process.env.STB_TEST_PICTURES, 'enroll.png'), picture);

  const paired = await pair(manager.token, { code: code.toLowerCase(), name: 'Room 301' });
  expect(paired).toMatchObject({ status: 200, body: { name: 'Room 301', customer: manager.customer, isKnown: false } });
  expect(await enrolling.ended).toEqual({ code: 0, signal: null });
  expect(statSync(box.tokenFile).mode & 0o777).toBe(0o600);
  const list = async (token: string) => {
    const response = await fetch(`${headend.url}/stb/v1/boxes?q=Room%20301`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { items: { id: string; mac: string }[] }).items;
  };
  expect((await list(manager.token)).map(({ id }) => id)).toEqual([paired.body.id]);
  expect(await list(privateOwner.token)).toEqual([]);
  expect((await pair(manager.token, { code })).status).toBe(404);

  box.run('run');
  await headend.api.online(paired.body.id as string);
  await until(
    async () =>
      (await headend.api.actionsOf(paired.body.id as string)).some(
        ({ type, state }) => type === 'CHANNELS' && state === 'done',
      ),
    'the new box to fetch its line-up by itself',
  );
});

test('a running agent without a token shows the code over what is on, and takes its token without a restart', async () => {
  const { owner } = headend.demo.users;
  const box = newBox();
  const agent = box.run('run');
  await agent.says('agent ready');
  const enrolling = box.run('enroll');
  const code = await codeOnScreen(box);
  await box.tv.press('OK');
  expect(await codeOnScreen(box), 'the viewer cannot lose the code').toBe(code);
  const paired = await pair(owner.token, { code });
  expect(paired.status).toBe(200);
  await enrolling.ended;
  await headend.api.online(paired.body.id as string);
  expect(agent.isAlive()).toBe(true);
  await until(async () => (await box.tv.state()).scene.message === undefined, 'the code to be gone from the screen');
});

test('enroll does not begin on a box that has a token, and says what to do', async () => {
  const box = newBox();
  writeFileSync(box.tokenFile, 'a-token\n');
  const enrolling = box.run('enroll');
  expect((await enrolling.ended).code).toBe(2);
  expect(enrolling.output()).toContain('delete the file to pair this box anew');
});
