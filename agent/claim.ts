/** One agent on a state directory: two would each carry out what the headend asks once. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Claims a directory for this process, whatever path it is named by; the function returned gives it back. Throws where another has it.
 * INVARIANT: the kernel gives the claim to one process and takes it back when that is gone, however it ended (abstract sockets, unix(7)).
 */
export async function claim(directory: string): Promise<() => void> {
  const { dev, ino } = statSync(directory);
  const held = createServer((socket) => socket.destroy());
  const listening = once(held.listen(`\0stb-agent/${dev}:${ino}`), 'listening');
  await listening.catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new Error(`an agent already runs on ${directory}; stop it, or give this one another state_dir`, { cause });
  });
  held.unref();
  return () => held.close();
}
