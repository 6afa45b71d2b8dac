#!/usr/bin/env node
/** The command line: `stb-agent run | status | do | doctor | enroll | config`. Exit codes: 0 ok, 1 failure, 2 bad usage or configuration. */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, loadConfig, shown } from './config.ts';
import { checkFiles } from './config-files.ts';
import { askAgent, isNobody } from './control.ts';
import { printFindings, printReport, printStatus } from './print.ts';
import { isLast, type Report } from './protocol/messages.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

const help = `stb-agent ${version}: carries out a headend's actions on this set-top box

Usage: stb-agent COMMAND [--config FILE]

  run                      run the agent until it is told to stop
  status [--json]          what the agent is doing: upstreams, queue, last results
  do TYPE [name=value …]   run one action on this box now, and print its reports
  doctor [--json]          what this box can and cannot do, with the reason and the cure for each
  enroll                   pair this box with the headend by a code on its screen
  config check             check the configuration and print every value with where it comes from

Options:
  --config FILE            the configuration, by default /etc/stb-agent/agent.toml
  --json                   print JSON
  --version, --help

Each key of the configuration can be set in the environment: STB_AGENT_UPSTREAM__MQTT__URL for upstream.mqtt.url.
Examples: stb-agent do MESSAGE message='Lunch is ready.' duration=10
          stb-agent do EMULATEKEYS keys=NUM1,OK
Exit codes: 0 ok, 1 failure, 2 bad usage or configuration.`;

/** Node's floor; older ones lack parts of the language and of the library that the agent uses. */
const oldestNode = [22, 12] as const;

/** How many arguments a command takes; `do` takes any. */
const mostArguments = new Map(Object.entries({ run: 0, status: 0, doctor: 0, enroll: 0, config: 1 }));

/** How long `do` waits for an agent that went down, and how often it looks. */
const awaitAgentMs = 600_000;
const awaitLookMs = 200;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.version) return print(version);
  if (values.help || command === 'help') return print(help);
  if (command === undefined) throw new UsageError('no command given');
  const superfluous = rest[mostArguments.get(command) ?? rest.length];
  if (superfluous !== undefined) throw new UsageError(`${command}: unexpected argument ${superfluous}`);
  const loaded = loadConfig(values.config);
  const show = <T>(text: string, pretty: (value: T) => number) =>
    values.json ? print(text) : pretty(JSON.parse(text));
  const { config } = loaded;
  switch (command) {
    case 'run':
      return run(config, () => loadConfig(values.config).config);
    case 'status':
      return show(await ask(config, '/status'), printStatus);
    case 'doctor':
      return show(await examine(config), printFindings);
    case 'do':
      return act(config, rest);
    case 'enroll':
      return pairBox(config);
    case 'config':
      if (rest[0] !== 'check') throw new UsageError('config: the only thing to do with it is: config check');
      checkFiles(config);
      for (const [key, value] of Object.entries(config)) {
        const source = loaded.sources[key as keyof Config];
        if (value !== null) print(`${key} = ${shown(key, value)}${source === 'default' ? '' : `   # ${source}`}`);
      }
      return print(`# ${loaded.file ?? 'no file'}: ok`);
    default:
      throw new UsageError(`unknown command ${command}`);
  }
}

/** Runs the agent until SIGTERM or SIGINT; SIGHUP reloads the configuration. */
async function run(config: Config, reload: () => Config): Promise<number> {
  const [{ createLog }, { startAgent }] = await Promise.all([import('./log.ts'), import('./main.ts')]);
  const log = createLog(config['log.level']);
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const starting = startAgent(config, log, stop.signal);
  process.on('SIGHUP', () => {
    starting
      .then((agent) => agent.reload(reload()))
      .catch((error) => log.error({ error: String(error) }, 'configuration not reloaded'));
  });
  // A box that is switched off waits for its power button; being told to stop ends that wait without an agent.
  const agent = await Promise.race([starting, stopped]);
  if (!agent) return 0;
  await stopped;
  await agent.stop();
  return 0;
}

/** Shows the code on the screen until the box is paired, or until it is told to stop. */
async function pairBox(config: Config): Promise<number> {
  const { enroll } = await import('./enroll.ts');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new Error('stopped before the box was paired')));
  }
  await enroll(config, print, stop.signal);
  return 0;
}

/** Runs one action and prints its reports; one that takes the agent down is followed over the restart. */
async function act(config: Config, [type, ...assignments]: string[]): Promise<number> {
  if (type === undefined) throw new UsageError('do: no action type given; see docs/actions.md');
  const { parseAssignments } = await import('./assignments.ts');
  const params = parseAssignments(type, assignments);
  let last: Report | undefined;
  const line = (text: string) => {
    last = JSON.parse(text) as Report;
    printReport(last);
  };
  try {
    await ask(config, '/actions', { type, params }, line);
  } catch (error) {
    if (!last?.id || isLast(last)) throw error;
    print('the agent went down; waiting for it to come back');
    last = await awaitReport(config, last.id);
    printReport(last);
  }
  return last?.state === 'done' ? 0 : 1;
}

/** The final report of an action, from the agent that starts next. */
async function awaitReport(config: Config, id: string): Promise<Report> {
  const end = performance.now() + awaitAgentMs;
  while (performance.now() < end) {
    const text = await askAgent(config.state_dir, `/actions/${id}`).catch(() => 'null');
    const report = JSON.parse(text) as Report | null;
    if (report && isLast(report)) return report;
    await wait(awaitLookMs);
  }
  throw new Error(`no result of ${id} within ${awaitAgentMs / 1000} s; see stb-agent status later`);
}

/** What the running agent finds; where none runs, what can be found without it. */
async function examine(config: Config): Promise<string> {
  try {
    return await askAgent(config.state_dir, '/doctor');
  } catch (error) {
    if (!isNobody(error)) throw error;
    const { examineWithoutAgent } = await import('./examination.ts');
    return JSON.stringify(await examineWithoutAgent(config));
  }
}

async function ask(config: Config, path: string, body?: unknown, line?: (text: string) => void): Promise<string> {
  try {
    return await askAgent(config.state_dir, path, body, line);
  } catch (error) {
    if (!isNobody(error)) throw error;
    throw new Error(`no agent runs on ${config.state_dir}; start it with: stb-agent run`);
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  process.stderr.write(`stb-agent needs Node ${oldestNode.join('.')} or newer, this is ${process.versions.node}\n`);
  process.exit(1);
}

// A reader that has seen enough, as `head` has, is gone. The log of `run` does not come this way.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stb-agent: standard output: ${error.message}\n`);
  process.exit(1);
});

main()
  // What could not be written is told in the next tick.
  .then((code) => setImmediate(() => process.exit(code)))
  .catch((error) => {
    const usage = error instanceof UsageError || error?.code?.startsWith?.('ERR_PARSE_ARGS');
    process.stderr.write(`stb-agent: ${error instanceof Error ? error.message : error}\n`);
    if (usage) process.stderr.write('Try: stb-agent --help\n');
    process.exit(usage || error instanceof ConfigError ? 2 : 1);
  });
