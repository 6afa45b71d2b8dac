/** Reverse port forwards of one SSH connection (RFC 4254, 7.1): a port of this host's loopback leads to the box. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Connection, TcpipBindInfo } from 'ssh2';

/** What one box may open. */
const forwardLimits = { ports: 4, streamsPerPort: 32 };

/** The addresses that mean the loopback; OpenSSH asks for `localhost`. */
const loopback = ['127.0.0.1', 'localhost'];

/** Serves what a box asks for; the function returned closes all of it. */
export function serveReverseForwards(connection: Connection, log: Logger): () => void {
  const open = new Map<number, { server: Server; sockets: Set<Socket> }>();
  let closed = false;

  connection.on('request', (accept, reject, name, info) => {
    if (name === 'tcpip-forward') {
      forward(info).then(
        (port) => accept?.(port),
        (error) => {
          log.warn({ port: info.bindPort, address: info.bindAddr, reason: error.message }, 'reverse forward refused');
          reject?.();
        },
      );
    } else if (name === 'cancel-tcpip-forward' && cancel(info.bindPort)) accept?.();
    else reject?.();
  });

  async function forward({ bindAddr, bindPort }: TcpipBindInfo): Promise<number> {
    if (!loopback.includes(bindAddr)) throw new Error('only 127.0.0.1 may be bound');
    if (open.size >= forwardLimits.ports) throw new Error(`at most ${forwardLimits.ports} ports may be bound`);
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      carry(connection, socket, bindAddr, port);
    });
    server.maxConnections = forwardLimits.streamsPerPort;
    server.listen(bindPort, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    open.set(port, { server, sockets });
    if (closed) cancel(port);
    log.info({ port }, 'reverse forward opened');
    return port;
  }

  function cancel(port: number): boolean {
    const entry = open.get(port);
    if (entry === undefined) return false;
    open.delete(port);
    entry.server.close();
    for (const socket of entry.sockets) socket.destroy();
    log.info({ port }, 'reverse forward closed');
    return true;
  }

  return () => {
    closed = true;
    for (const port of [...open.keys()]) cancel(port);
  };
}

/** Carries one connection to the box, until either side ends it. */
function carry(connection: Connection, socket: Socket, bindAddr: string, port: number): void {
  socket.on('error', () => socket.destroy());
  connection.forwardOut(bindAddr, port, socket.remoteAddress ?? '', socket.remotePort ?? 0, (error, channel) => {
    if (error) {
      socket.destroy();
      return;
    }
    channel.on('error', () => socket.destroy());
    channel.once('close', () => socket.destroySoon());
    socket.once('close', () => channel.close());
    socket.pipe(channel).pipe(socket);
  });
}
