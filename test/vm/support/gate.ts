import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { After } from '../../support/undo.ts';

/** A gate in front of servers on 127.0.0.1: while it is shut, nobody passes; whoever connects waits, and nothing tells it why. */
export type Gate = {
  /** The address that leads through the gate to a server. */
  through(url: string): Promise<string>;
  /** Ends the connections that there are, kept alive or not; from now on new ones wait. */
  shut(): void;
  /** Lets those pass that wait. */
  open(): void;
};

export function createGate(after: After): Gate {
  let isOpen = true;
  const waiting: (() => void)[] = [];
  const sockets = new Set<Socket>();

  function pass(near: Socket, port: number): void {
    if (near.destroyed) return;
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    near.pipe(far).pipe(near);
  }

  return {
    async through(url) {
      const address = new URL(url);
      const target = Number(address.port);
      const server = createServer({ noDelay: true }, (near) => {
        sockets.add(near.on('error', () => near.destroy()).on('close', () => sockets.delete(near)));
        if (isOpen) pass(near, target);
        else waiting.push(() => pass(near, target));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      after(async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, 'close');
      });
      address.port = String((server.address() as AddressInfo).port);
      return address.href.replace(/\/$/, url.endsWith('/') ? '/' : '');
    },
    shut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
      for (const next of waiting.splice(0)) next();
    },
  };
}
