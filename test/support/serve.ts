import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { After } from './undo.ts';

/** Answers HTTP on a free port of this machine until that is undone, by default with the test, whoever is still connected. Resolves with its address. */
export async function serve(answer: RequestListener, after: After = onTestFinished): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
