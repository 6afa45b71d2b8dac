/** What the conformance suite needs around a box, from real peers on this machine. */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { createKeyPair } from '../../headend/host-key.ts';
import type { Fixtures } from '../../platform/conformance.ts';
import { createBundle } from '../../platform/drivers/simulator/bundle.ts';
import { freePort } from '../support/free-port.ts';

export type Surroundings = { fixtures: Fixtures; bundleKey: string; close(): Promise<void> };

/** A debug server, a management host and signed bundles; `workDir` holds the files. */
export async function createSurroundings(workDir: string): Promise<Surroundings> {
  mkdirSync(workDir, { recursive: true });
  const { bundles, bundleKey } = createBundles(workDir);
  const debug = createHttpServer((request, response) => {
    response.writeHead(request.url === '/target.js' ? 200 : 404).end('void 0;');
  });
  const debugPort = await listen(debug);
  const ssh = await createSshHost();
  return {
    bundleKey,
    fixtures: {
      workDir,
      sources: {
        good: {
          kind: 'channel',
          id: 'news',
          name: 'News',
          number: 1,
          reception: 'BASE',
          url: 'http://127.0.0.1/news.ts',
        },
        other: { kind: 'video', url: 'udp://239.1.1.1:5000' },
        bad: { kind: 'video', url: 'http://nobody.invalid/video.mp4' },
      },
      services: [
        {
          channel: 'first',
          name: 'First',
          number: 1,
          dvb: { freq: 218_002, mod: '256QAM', symrate: 6875, prog: 1039 },
        },
        { channel: 'second', name: 'Second', number: 2, dvb: { freq: 226_000, mod: '256QAM', symrate: 6875, prog: 7 } },
      ],
      bundles,
      debugServers: { good: `127.0.0.1:${debugPort}`, dead: `127.0.0.1:${await freePort()}` },
      ssh: ssh.fixture,
    },
    async close() {
      debug.closeAllConnections();
      await Promise.all([close(debug), ssh.close()]);
    },
  };
}

function createBundles(folder: string) {
  const [ours, stranger] = [keyPair(), keyPair()];
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const image = {
    version: '1.1.0',
    compatible: 'SIM250',
    payload: Buffer.alloc(50_000, 'image'),
    privateKey: ours.privateKey,
  };
  const good = createBundle(image);
  const damaged = Buffer.from(good);
  damaged[damaged.length - 100] = (damaged.at(-100) ?? 0) ^ 1;
  const bundles = {
    good: { file: write('good.bundle', good), version: image.version },
    damaged: write('damaged.bundle', damaged),
    stranger: write('stranger.bundle', createBundle({ ...image, privateKey: stranger.privateKey })),
    foreign: write('foreign.bundle', createBundle({ ...image, compatible: 'MAG250' })),
  };
  return { bundles, bundleKey: ours.publicKey };
}

function keyPair() {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A management host: takes any public key, and binds what it is asked to. */
async function createSshHost() {
  const [hostKey, otherKey, boxKey] = [createKeyPair(), createKeyPair(), createKeyPair()];
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    const forwarded = new Map<number, Server>();
    const unbind = () => {
      for (const each of forwarded.values()) each.close();
    };
    client.on('error', unbind);
    client.on('close', unbind);
    client.on('authentication', (attempt) => {
      if (attempt.method === 'publickey') attempt.accept();
      else attempt.reject(['publickey']);
    });
    client.on('request', (accept, reject, name, info) => {
      if (name !== 'tcpip-forward' || !('bindPort' in info)) {
        reject?.();
        return;
      }
      const { bindAddr, bindPort } = info;
      const listener = createServer((socket) => {
        const { port } = listener.address() as AddressInfo;
        client.forwardOut(bindAddr, port, '127.0.0.1', socket.remotePort ?? 0, (error, channel) => {
          if (error) socket.destroy();
          else channel.pipe(socket).pipe(channel);
        });
      });
      listener.once('error', () => reject?.());
      listener.listen(bindPort, '127.0.0.1', () => {
        const { port } = listener.address() as AddressInfo;
        forwarded.set(port, listener);
        accept?.(port);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const remotePort = await freePort();
  return {
    fixture: {
      target: {
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        user: 'box',
        privateKey: boxKey.privateKey,
        hostKey: hostKey.publicKey,
        remotePort,
        lifetimeMs: 60_000,
      },
      wrongHostKey: otherKey.publicKey,
      call: (port = remotePort) => firstWords(port),
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

async function firstWords(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    const [words] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) });
    return String(words);
  } finally {
    socket.destroy();
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
