import { basename } from 'node:path';
import type { Guest } from './guest-agent.ts';

/** The file that holds programs back for as long as it is there. */
export const holdFile = '/run/hold';

/**
 * Lets a program of the box wait before it does anything while `holdFile` is there, so that something can happen in the middle of an
 * action; with a condition on its arguments only where that holds. To be done before the agent starts, whose view of the
 * file system is its own.
 */
export async function makeHoldable(guest: Guest, program: string, condition = 'true'): Promise<void> {
  const real = `/run/real/${basename(program)}`;
  const waiting = `/run/waiting/${basename(program)}`;
  const script = `#!/bin/sh\nif ${condition}; then while [ -e ${holdFile} ]; do sleep 0.2; done; fi\nexec ${real} "$@"\n`;
  await guest.writeFile(waiting, script, '755');
  await guest.read(`mkdir -p /run/real && cp ${program} ${real} && mount --bind ${waiting} $(readlink -f ${program})`);
}
