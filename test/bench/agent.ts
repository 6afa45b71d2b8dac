import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../agent/config.ts';
import { askAgent } from '../../agent/control.ts';
import type { Status } from '../../agent/introspection.ts';

/** How the agent is started. */
export type Variant = { name: string; file: string; flags: readonly string[]; environment: Record<string, string> };

const root = fileURLToPath(new URL('../..', import.meta.url));
const unit = readFileSync(join(root, 'packaging/systemd/stb-agent.service'), 'utf8');
/** Node's flags, as a box has them. */
const flags = /^ExecStart=\S+ (.*) \S+ run$/m.exec(unit)?.[1]?.split(' ') ?? [];
/** Where V8's compiled code is kept between starts. */
const codeCache = mkdtempSync(join(tmpdir(), 'stb-bench-code-'));
process.once('exit', () => rmSync(codeCache, { recursive: true, force: true }));

export const variants = {
  source: { name: 'source', file: join(root, 'agent/cli.ts'), flags: [], environment: {} },
  bundle: { name: 'bundle', file: join(root, 'dist/stb-agent.mjs'), flags, environment: {} },
  cached: {
    name: 'bundle, code cache',
    file: join(root, 'dist/stb-agent.mjs'),
    flags,
    environment: { NODE_COMPILE_CACHE: codeCache },
  },
} satisfies Record<string, Variant>;

/** The box of all measurements. */
export const box = { id: 'bench-box', mac: '00:1A:79:BE:4C:00', token: 'bench' } as const;

/** A running agent. */
export type Agent = {
  readonly pid: number;
  /** Milliseconds from the start of the process to the line that says that it serves. */
  readonly readyMs: number;
  stop(): Promise<void>;
};

export type StartOptions = {
  /** A box that was started before; without it a new one is made, and removed at the end. */
  stateDir?: string;
  /** A command that runs the agent. */
  wrapper?: readonly string[];
};

/** Starts an agent on a simulated box without a screen; resolves when it is ready. */
export async function startAgent(
  variant: Variant,
  config: Partial<Config>,
  options: StartOptions = {},
): Promise<Agent> {
  const stateDir = options.stateDir ?? newStateDir();
  const file = join(stateDir, 'agent.toml');
  const own: Partial<Config> = {
    state_dir: stateDir,
    'box.id': box.id,
    'box.mac': box.mac,
    'headend.token': box.token,
    'platform.driver': 'simulator',
    'platform.simulator.boot_ms': 0,
  };
  writeFileSync(file, tomlOf({ ...own, ...config }));
  const { wrapper = [] } = options;
  const [command = '', ...args] = [
    ...[...wrapper, process.execPath, ...variant.flags],
    ...[variant.file, 'run', '--config', file],
  ];
  const startedAt = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variant.environment },
  });
  await saysReady(child);
  const readyMs = performance.now() - startedAt;
  // A wrapper is another process than the agent.
  const { pid } = JSON.parse(await askAgent(stateDir, '/status')) as Status;
  return {
    pid,
    readyMs,
    async stop() {
      process.kill(pid, 'SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A directory for a box of its own. */
export function newStateDir(): string {
  return mkdtempSync(join(tmpdir(), 'stb-bench-'));
}

/** Milliseconds that a process has had the processor, all threads: /proc/PID/task/TID/schedstat counts nanoseconds. */
export function processorMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** Resolves at the log's line that the agent is ready; rejects when it ends before. The rest of the log is read and dropped. */
function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the agent ended with ${code}:\n${log}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (log.includes('agent ready')) return;
      log += text;
      if (log.includes('agent ready')) resolve();
    });
  });
}

function tomlOf(config: Partial<Config>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');
}
