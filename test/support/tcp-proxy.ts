import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on 127.0.0.1 that can do what networks do: go away, come back, and swallow everything without a word. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  /** Cuts every connection and refuses new ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** From now on, nothing passes over the connections that exist, and nothing tells either side. New ones work. */
  freeze(): void;
  close(): Promise<void>;
}

/** `target` is the port of the server behind it. */
export async function createTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair = { near, far };
    pairs.add(pair);
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        pairs.delete(pair);
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function down() {
    if (!server.listening) return;
    server.close();
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    await once(server, 'close');
  }

  return {
    port,
    connections: () => pairs.size,
    down,
    async up() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    freeze() {
      for (const { near, far } of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    close: down,
  };
}
