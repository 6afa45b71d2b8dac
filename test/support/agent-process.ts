import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../agent/config.ts';
import { askAgent } from '../../agent/control.ts';
import type { Status } from '../../agent/introspection.ts';
import type { BoxEvent, BoxEventName, Fault } from '../../platform/drivers/simulator/index.ts';
import { type Ending, type Program, startProgram } from './program.ts';
import { temporaryDirectory } from './temporary.ts';
import { openTv, type Tv } from './tv.ts';
import type { After } from './undo.ts';
import { until } from './until.ts';

export const upstreamKinds = ['mqtt', 'websocket', 'heartbeat'] as const;
export type UpstreamKind = (typeof upstreamKinds)[number];

export type AgentOptions = {
  /** Who the box is, as the headend knows it. */
  box: { id: string; mac: string; token: string };
  /** Absent for an agent that `config` gives another one. */
  headend?: { url: string; mqttUrl: string };
  upstreams: readonly UpstreamKind[];
  /** More of `agent.toml`, key by key. */
  config?: Partial<Config>;
  stateDir?: string;
  /** Where the simulated box is kept; by default in `stateDir`. */
  boxDir?: string;
};

/** A real agent process on a simulated box. The box outlives the process, as its state is in files. */
export type AgentProcess = {
  readonly stateDir: string;
  readonly tv: Tv;
  /** Starts the process; resolves when the agent is ready. `fault` strikes during this run of it only. */
  start(fault?: Fault): Promise<void>;
  /** Starts the process and resolves at once. */
  launch(fault?: Fault): Program;
  /** Resolves with how the process ended. */
  ended(): Promise<Ending>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with how the process ended. */
  terminate(): Promise<Ending>;
  /** What `stb-agent status` shows. */
  status(): Promise<Status>;
  /** Resolves when nothing waits or runs and the headend has acknowledged every result. */
  idle(timeoutMs?: number): Promise<void>;
  /** What has happened to the box since it was made, or one kind of it; readable also while the process is dead. */
  events(name?: BoxEventName): BoxEvent[];
  /** What the present process has logged. */
  log(): string;
};

/** Makes a box and the configuration of its agent; nothing runs before `start`. `after` ends the process. */
export function createAgentProcess(options: AgentOptions, after: After): AgentProcess {
  const stateDir = options.stateDir ?? temporaryDirectory(after);
  const boxFile = join(options.boxDir ?? stateDir, 'simulator.json');
  const configFile = join(stateDir, 'agent.toml');
  writeFileSync(configFile, tomlOf(configOf(options, stateDir, boxFile)), { mode: 0o600 });
  let program: Program | undefined;

  function running(): Program {
    if (!program) throw new Error('the agent has not been started');
    return program;
  }

  function launch(fault?: Fault): Program {
    const environment = { STB_SIMULATOR_FAULT: fault === undefined ? '' : JSON.stringify(fault) };
    program = startProgram('agent/cli.ts', ['run', '--config', configFile], environment);
    return program;
  }

  async function kill(): Promise<void> {
    program?.signal('SIGKILL');
    await program?.ended;
  }

  const status = async () => JSON.parse(await askAgent(stateDir, '/status')) as Status;
  after(kill);
  return {
    stateDir,
    tv: openTv(() => `http://127.0.0.1:${tvPortOf(boxFile)}`),
    launch,
    start: (fault) => launch(fault).says('agent ready'),
    ended: () => running().ended,
    kill,
    async terminate() {
      running().signal('SIGTERM');
      return running().ended;
    },
    status,
    async idle(timeoutMs = 60_000) {
      await until(
        async () => {
          const { waiting, running, unreported } = (await status()).queue;
          return waiting + running + unreported === 0;
        },
        'the agent to be idle',
        timeoutMs,
        50,
      );
    },
    events(name) {
      const events = readEvents(`${boxFile}.events`);
      return name === undefined ? events : events.filter(({ event }) => event === name);
    },
    log: () => running().output(),
  };
}

/** Dotted keys are TOML as they are, and so are JSON's strings, numbers, booleans and lists. */
function tomlOf(config: Partial<Config>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');
}

function configOf(
  { box, headend, upstreams, config }: AgentOptions,
  stateDir: string,
  boxFile: string,
): Partial<Config> {
  const urls: Record<UpstreamKind, Partial<Config>> | undefined = headend && {
    mqtt: { 'upstream.mqtt.url': headend.mqttUrl },
    websocket: { 'upstream.websocket.url': headend.url.replace('http', 'ws') },
    heartbeat: { 'upstream.heartbeat.url': headend.url, 'upstream.heartbeat.interval_seconds': 1 },
  };
  return {
    state_dir: stateDir,
    'box.id': box.id,
    'box.mac': box.mac,
    'box.model': 'SIM250',
    'platform.driver': 'simulator',
    'platform.simulator.port': 0,
    'platform.simulator.state_file': boxFile,
    'platform.simulator.boot_ms': 0,
    ...(headend && { 'headend.url': headend.url, 'headend.token': box.token }),
    ...Object.assign({}, ...upstreams.map((kind) => urls?.[kind])),
    ...config,
  };
}

function tvPortOf(boxFile: string): number {
  return JSON.parse(readFileSync(boxFile, 'utf8')).tvPort;
}

function readEvents(file: string): BoxEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // The last line may be half written.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}
