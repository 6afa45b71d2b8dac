import { connect, type Socket } from 'node:net';
import { until } from '../../support/until.ts';

/** A Unix socket that carries one JSON value a line. */
export type JsonSocket = {
  send(value: object): void;
  /** Writes bytes that are not JSON. */
  write(bytes: Uint8Array): void;
  close(): void;
};

/** Connects as soon as somebody listens; `received` gets every line, `closed` is called when the connection ends. */
export async function openJsonSocket(
  path: string,
  received: (line: Buffer) => void,
  closed: () => void,
): Promise<JsonSocket> {
  const socket = await until(() => attempt(path), `a listener on ${path}`);
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      received(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
  });
  socket.on('close', closed);
  socket.on('error', () => socket.destroy());
  return {
    send: (value) => void socket.write(`${JSON.stringify(value)}\n`),
    write: (bytes) => void socket.write(bytes),
    close: () => socket.destroy(),
  };
}

function attempt(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}
