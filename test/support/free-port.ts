import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives to outgoing connections and to port 0, so that nobody is given one before it is used. Each process has a slot
 * of its own: two files of tests that run side by side never choose the same one.
 */
const range = { first: 20_000, slots: 120, slot: 100 };
const first = range.first + (process.pid % range.slots) * range.slot;
let taken = 0;

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (taken++ % range.slot);
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
