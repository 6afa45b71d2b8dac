import { dirname } from 'node:path';
import { runCommand } from '../../command.ts';
import type { Script } from '../../contract.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';

/** Runs scripts on the machine the box is simulated on. `groups` holds the process groups that run, for a power cut to end. */
export function createScript(box: Box, faults: Faults, groups: Set<number>): Script {
  return {
    async run({ file, timeoutMs, memoryBytes, tailBytes }, signal) {
      await faults.pass('script', signal);
      box.record('script', 'Runs a script.', { file });
      let group = 0;
      const started = (id: number) => {
        group = id;
        groups.add(id);
      };
      try {
        const outcome = await runCommand(file, [], {
          cwd: dirname(file),
          timeoutMs,
          memoryBytes,
          tailBytes,
          signal: AbortSignal.any([signal, box.closed]),
          started,
        });
        box.record('script', `The script ended by ${outcome.endedBy}.`, {
          exitCode: outcome.exitCode,
          endedBy: outcome.endedBy,
        });
        return outcome;
      } finally {
        groups.delete(group);
      }
    },
  };
}
