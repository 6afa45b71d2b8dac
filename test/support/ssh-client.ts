import { once } from 'node:events';
import { connect } from 'node:net';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';

export { createKeyPair, type KeyPair } from '../../headend/host-key.ts';

/** Logs in at 127.0.0.1; rejects with what the other side said. */
export async function logIn(port: number, config: Partial<ConnectConfig>): Promise<Client> {
  const client = new ssh2.Client();
  client.on('error', () => {});
  client.connect({ host: '127.0.0.1', port, username: 'stb', ...config });
  const closed = once(client, 'close').then(() => {
    throw new Error(`port ${port} closed the connection before anybody was logged in`);
  });
  await Promise.race([once(client, 'ready'), closed]);
  return client;
}

/** Asks for a reverse forward; resolves with the port that was bound. */
export function forwardIn(client: Client, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    client.forwardIn(address, port, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}

/** What a TCP server at 127.0.0.1 says first, and answers to `line`. */
export async function converse(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    heard += text;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(line);
  await once(socket, 'close');
  return heard;
}
