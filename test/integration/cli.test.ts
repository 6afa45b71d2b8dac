import { execFile } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createAgentProcess } from '../support/agent-process.ts';
import { startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** Runs the command line to its end. */
async function cli(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = startProgram('agent/cli.ts', args);
  const { code } = await program.ended;
  return { code, output: program.output() };
}

/** A running agent without any upstream, and the command line that speaks to it. */
async function openBox(config = {}) {
  const agent = createAgentProcess(
    {
      box: { id: 'box-1', mac: '00:1A:79:00:00:01', token: 't' },
      headend: { url: 'http://127.0.0.1:9', mqttUrl: 'mqtt://127.0.0.1:9' },
      upstreams: [],
      config,
    },
    onTestFinished,
  );
  await agent.start();
  const file = join(agent.stateDir, 'agent.toml');
  return { agent, file, run: (...args: string[]) => cli(...args, '--config', file) };
}

test('help says what there is, and ends with 0', async () => {
  const { code, output } = await cli('--help');
  expect(code).toBe(0);
  for (const command of ['run', 'status', 'do TYPE', 'doctor', 'config check']) expect(output).toContain(command);
});

test.each([
  ['no command', []],
  ['an unknown command', ['dance']],
  ['an unknown option', ['status', '--fast']],
  ['config without check', ['config']],
  ['a superfluous argument', ['status', 'now']],
  ['do without a type', ['do']],
  ['an unknown type', ['do', 'DANCE']],
  ['a parameter without a value', ['do', 'VOLUME', '30']],
  ['a parameter that the type does not have', ['do', 'VOLUME', 'vol=30']],
  ['a parameter that is given twice', ['do', 'VOLUME', 'volume=30', 'volume=31']],
])('%s is bad usage: 2, and a hint', async (_what, args) => {
  const { code, output } = await cli(...args);
  expect(code).toBe(2);
  expect(output).toContain('stb-agent --help');
});

test('a bad configuration ends with 2 and names the key, the value and what was expected', async () => {
  const file = join(temporaryDirectory(), 'agent.toml');
  writeFileSync(file, '[message]\nseconds = "soon"\n');
  const { code, output } = await cli('run', '--config', file);
  expect(code).toBe(2);
  expect(output).toContain('message.seconds = "soon": expected a number');
});

test('a state directory that cannot be made is named with its key', async () => {
  const file = join(temporaryDirectory(), 'agent.toml');
  writeFileSync(file, `state_dir = "${file}/state"\nplatform.driver = "simulator"\n`);
  const { code, output } = await cli('run', '--config', file);
  expect(code).toBe(1);
  expect(output).toMatch(/^stb-agent: state_dir = ".*\/state": cannot be made: ENOTDIR.*; choose another\n$/);
});

test('config check prints every value with its source, and no secret', async () => {
  const file = join(temporaryDirectory(), 'agent.toml');
  writeFileSync(file, 'state_dir = "/tmp/x"\n[headend]\ntoken = "hush"\n');
  const { code, output } = await cli('config', 'check', '--config', file);
  expect(code).toBe(0);
  expect(output).toContain('state_dir = "/tmp/x"   # file');
  expect(output).toContain('headend.token = [secret]');
  expect(output).not.toContain('hush');
});

test('config check names each file that cannot be what its key is for; a token may be missing', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'agent.toml');
  writeFileSync(
    file,
    `[headend]\ntoken_file = "${directory}/token"\n[management]\nkey_file = "${directory}/key"\n[upstream.mqtt]\nca_file = "${file}"\n`,
  );
  const check = await cli('config', 'check', '--config', file);
  expect(check.code).toBe(2);
  expect(check.output).toContain(`management.key_file = "${directory}/key": expected a PEM file: ENOENT`);
  expect(check.output).toContain(`upstream.mqtt.ca_file = "${file}": expected a PEM file\n`);
  expect(check.output).not.toContain('token_file');
  writeFileSync(join(directory, 'token'), 'two words\n');
  expect((await cli('config', 'check', '--config', file)).output).toContain('token_file = ');
});

test('without a running agent the commands say so and end with 1', async () => {
  const file = join(temporaryDirectory(), 'agent.toml');
  writeFileSync(file, `state_dir = ${JSON.stringify(temporaryDirectory())}\n`);
  for (const command of [['status'], ['doctor'], ['do', 'UI']]) {
    const { code, output } = await cli(...command, '--config', file);
    expect(code).toBe(1);
    expect(output).toMatch(command[0] === 'doctor' ? /agent +none runs on/ : /no agent runs on/);
  }
});

test('do runs one action and prints its reports; a refused one ends with 1', async () => {
  const { run } = await openBox();
  const done = await run('do', 'VOLUME', 'volume=31');
  expect(done.code).toBe(0);
  expect(done.output).toMatch(/accepted[\s\S]*started[\s\S]*done[\s\S]*"volume": 31/);
  const refused = await run('do', 'VOLUME', 'volume=131');
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('BAD_PARAMS');
});

test('what is missing or wrong in an action is said in a line', async () => {
  const { run } = await openBox();
  expect((await run('do', 'VOLUME')).output).toContain('VOLUME: volume: is missing\n');
  expect((await run('do', 'EMULATEKEYS', `keys=OK,${'X'.repeat(5_000)}`)).output.length).toBeLessThan(500);
});

test('do SCREENSHOT leaves the picture on the box and says where', async () => {
  const { run, agent } = await openBox();
  const { code, output } = await run('do', 'SCREENSHOT');
  expect(code).toBe(0);
  const file = join(agent.stateDir, 'screenshot.png');
  expect(output).toContain(`"file": ${JSON.stringify(file)}`);
  expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
});

test('do follows a REBOOT over the restart', async () => {
  const { run } = await openBox();
  const { code, output } = await run('do', 'REBOOT');
  expect(code).toBe(0);
  expect(output).toMatch(/waiting for it to come back[\s\S]*done[\s\S]*bootIdAfter/);
});

test('status and doctor are readable, and JSON with --json', async () => {
  const { run } = await openBox({ 'platform.simulator.lacks': ['tuner'] });
  expect((await run('status')).output).toMatch(/box-1 .*Upstreams[\s\S]*Queue[\s\S]*Last actions/s);
  expect(JSON.parse((await run('status', '--json')).output)).toMatchObject({
    box: { id: 'box-1' },
    driver: 'simulator',
  });
  const doctor = await run('doctor');
  expect(doctor.code).toBe(1);
  expect(doctor.output).toMatch(/no +tuner[\s\S]*cure:/);
});

test('a second agent on the same state directory is refused', async () => {
  const { file } = await openBox();
  const { code, output } = await cli('run', '--config', file);
  expect(code).toBe(1);
  expect(output).toContain('already runs');
});

test('of two agents that start on one state directory at once, by whichever path, one runs; it need not be ready', async () => {
  const directory = temporaryDirectory();
  symlinkSync(directory, join(directory, 'link'));
  const programs = [directory, join(directory, 'link')].map((path, index) => {
    const file = join(directory, `${index}.toml`);
    writeFileSync(file, `state_dir = "${path}"\n[platform]\ndriver = "simulator"\nsimulator.boot_ms = 600000\n`);
    const program = startProgram('agent/cli.ts', ['run', '--config', file]);
    onTestFinished(() => program.signal('SIGKILL'));
    return program;
  });
  expect(await Promise.race(programs.map(({ ended }) => ended))).toEqual({ code: 1, signal: null });
  expect(programs.filter((program) => program.isAlive())).toHaveLength(1);
  expect(programs.find((program) => !program.isAlive())?.output()).toContain('already runs');
});

test('nothing outside its state directory keeps an agent from starting', async () => {
  const directory = temporaryDirectory();
  const { dev, ino } = statSync(directory);
  const stranger = createServer().listen(`\0stb-agent/${dev}:${ino}`);
  onTestFinished(() => void stranger.close());
  const file = join(directory, 'agent.toml');
  writeFileSync(file, `state_dir = "${directory}"\nplatform.driver = "simulator"\n`);
  const program = startProgram('agent/cli.ts', ['run', '--config', file]);
  onTestFinished(() => program.signal('SIGKILL'));
  await program.says('agent ready');
});

test('an agent that hangs is told from one that does not run: every command says so', async () => {
  const directory = temporaryDirectory();
  const hanging = createServer().listen(join(directory, 'agent.sock'));
  onTestFinished(() => void hanging.close());
  const file = join(directory, 'agent.toml');
  writeFileSync(file, `state_dir = ${JSON.stringify(directory)}\nplatform.driver = "simulator"\n`);
  const commands = [['status'], ['doctor'], ['do', 'UI']];
  for (const { code, output } of await Promise.all(commands.map((command) => cli(...command, '--config', file)))) {
    expect(code).toBe(1);
    expect(output).toMatch(/^stb-agent: the agent on .* has not answered for \d+ s; .*\n$/);
  }
});

test('SIGHUP takes over another upstream, and keeps the old configuration when the new one is bad', async () => {
  const { agent, file } = await openBox();
  const toml = `state_dir = ${JSON.stringify(agent.stateDir)}\nplatform.driver = "simulator"\n`;
  writeFileSync(file, `${toml}nonsense = 1\n`);
  process.kill((await agent.status()).pid, 'SIGHUP');
  await until(() => agent.log().includes('configuration not reloaded'));
  writeFileSync(file, `${toml}upstream.heartbeat.url = "http://127.0.0.1:9"\n`);
  process.kill((await agent.status()).pid, 'SIGHUP');
  await until(async () => (await agent.status()).upstreams.some(({ name }) => name === 'heartbeat'));
});

test('SIGTERM ends the agent with 0', async () => {
  const { agent } = await openBox();
  expect(await agent.terminate()).toEqual({ code: 0, signal: null });
});

/** Runs a program in a shell, `"$@" > /dev/full`; gives what it said on standard error, and its exit code. */
async function inShell(line: string, program: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return promisify(execFile)('sh', ['-c', line, 'sh', process.execPath, path, ...args]).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }) => ({ code, stderr }),
  );
}

test('do ends without a word when nobody reads its reports any more, and the action goes on', async () => {
  const { file, run } = await openBox();
  const args = ['do', 'EMULATEKEYS', 'keys=OK,OK,OK', '--config', file];
  expect((await inShell('"$@" | true', 'agent/cli.ts', ...args)).stderr).toBe('');
  await until(async () => /EMULATEKEYS +done/.test((await run('status')).output), 'the action to be done');
});

test('an answer that cannot be written is said on standard error, and is no success', async () => {
  const { file } = await openBox();
  const commands = [['--help'], ['--version'], ['config', 'check'], ['status'], ['doctor', '--json'], ['do', 'UI']];
  for (const command of commands) {
    const { code, stderr } = await inShell('"$@" > /dev/full', 'agent/cli.ts', ...command, '--config', file);
    expect({ command, code, stderr }).toEqual({
      command,
      code: 1,
      stderr: expect.stringMatching(/^stb-agent: standard output: ENOSPC.*\n$/),
    });
  }
});

test.each([
  ['stb-headend', 'headend/cli.ts'],
  ['npm start', 'packaging/demo/start.ts'],
])('%s says that its help could not be written, and nothing when nobody reads it', async (name, program) => {
  const { code, stderr } = await inShell('"$@" > /dev/full', program, '--help');
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${name}: standard output: ENOSPC.*\n$`));
  expect((await inShell('"$@" | true', program, '--help')).stderr).toBe('');
});
