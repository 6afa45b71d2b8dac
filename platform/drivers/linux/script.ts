import { createHash, randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { plainEnvironment, runCommand } from '../../command.ts';
import type { Script } from '../../contract.ts';
import type { Recollection } from './record.ts';
import type { System } from './system.ts';

/** How many processes and threads a script may have at once, where systemd can limit it. */
const mostTasks = 256;
const askMs = 10_000;

export type LinuxScript = Script & {
  /** Ends the script that an earlier agent with the same state directory has left in its middle. Never rejects. */
  endLeftBehind(): Promise<void>;
};

/**
 * Runs scripts in a process group of their own and, where systemd runs, in a scope: a cgroup with limits for all of it together, from which no
 * process escapes by leaving the group. Elsewhere all of it is known by a mark in its environment. A script that ends by itself may leave
 * something running there, as a service that it has started again.
 */
export function createScript(system: System, stateDir: string, recollection: Recollection): LinuxScript {
  const [run, systemctl] = [system.program('systemd-run'), system.program('systemctl')];
  const hasSystemd = run !== undefined && systemctl !== undefined && system.exists('/run/systemd/system');
  // Two agents on one machine know their scopes apart by this.
  const prefix = `stb-agent-script-${createHash('sha256').update(stateDir).digest('hex').slice(0, 8)}`;
  let scopes: Promise<boolean> | undefined;
  /** Whether systemd lets this agent make scopes; asked once, with a scope that does nothing. */
  const canScope = async () => {
    if (!hasSystemd) return false;
    scopes ??= runCommand(run, ['--scope', '--quiet', '--collect', 'true'], { timeoutMs: askMs }).then(
      ({ exitCode }) => exitCode === 0,
      () => false,
    );
    return scopes;
  };
  /** That there is nothing left to kill is the usual case, and to systemctl an error. */
  const kill = async (units: string) => {
    if (systemctl === undefined) return;
    await runCommand(systemctl, ['kill', '--signal=SIGKILL', units], { timeoutMs: askMs }).catch(() => {});
  };
  return {
    async run({ file, timeoutMs, memoryBytes, tailBytes }, signal) {
      const options = { cwd: dirname(file), timeoutMs, memoryBytes, tailBytes, signal };
      if (!(await canScope()) || run === undefined) {
        const mark = randomUUID();
        recollection.update({ script: mark });
        const outcome = await runCommand(file, [], { ...options, env: { ...plainEnvironment, [markName]: mark } });
        if (outcome.endedBy === 'timeout' || outcome.endedBy === 'abort') await endMarked(system, mark);
        recollection.update({ script: undefined });
        return outcome;
      }
      const unit = `${prefix}-${randomUUID()}.scope`;
      const limits = ['-p', `MemoryMax=${memoryBytes}`, '-p', 'MemorySwapMax=0', '-p', `TasksMax=${mostTasks}`];
      try {
        // systemd-run puts itself into the scope and becomes the script, so that its process group and exit code are the script's.
        return await runCommand(
          run,
          ['--scope', '--quiet', '--collect', `--unit=${unit}`, ...limits, '--', file],
          options,
        );
      } finally {
        await kill(unit);
      }
    },
    async endLeftBehind() {
      if (hasSystemd) await kill(`${prefix}-*.scope`);
      const { script: mark } = recollection.current;
      if (mark === undefined) return;
      await endMarked(system, mark);
      recollection.update({ script: undefined });
    },
  };
}

const markName = 'STB_AGENT_SCRIPT';
/** A process that is killed takes a moment to go, and one that multiplies some more rounds. */
const [mostRounds, roundMs] = [100, 20];

/** Kills every process with this mark, until there is none. */
async function endMarked(system: System, mark: string): Promise<void> {
  const variable = `${markName}=${mark}`;
  for (let round = 0; round < mostRounds; round++) {
    const marked = system
      .list('/proc')
      .filter((name) => /^\d+$/.test(name) && system.read(`/proc/${name}/environ`)?.split('\0').includes(variable));
    if (marked.length === 0) return;
    for (const pid of marked) endProcess(Number(pid));
    await wait(roundMs);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
