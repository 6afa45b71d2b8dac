import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Hear, HostileHeadend } from './hostile-headend.ts';
import { nested } from './hostile-json.ts';

/** Messages in one answer, and how long a poll is held until there is one. */
const answerCount = 100;
const holdMs = 2_000;

type Answer = (response: ServerResponse) => void;

/** An HTTP server that answers the box's heartbeats with whatever a test wants. */
export async function createHostilePoll(hear: Hear): Promise<HostileHeadend> {
  const queue: Buffer[] = [];
  /** The next heartbeat gets this instead of its messages. */
  let instead: Answer | undefined;
  let wake = () => {};

  async function heartbeat(body: { noEvents?: boolean }, response: ServerResponse): Promise<void> {
    if (queue.length === 0 && !instead) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, holdMs).unref();
      });
    }
    const answer = instead ?? messages(body.noEvents ? [] : queue.splice(0, answerCount));
    instead = undefined;
    answer(response);
  }

  const server = createServer(async (request, response) => {
    const text = await read(request);
    if (request.url === '/stb/v1/reports') {
      hear(JSON.parse(text));
      response.end();
    } else if (request.url === '/iptv/app/heartbeat') await heartbeat(JSON.parse(text), response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const answer =
    (status: number, text: string | Buffer, headers = {}) =>
    () => {
      instead = (response) => response.writeHead(status, headers).end(text);
      wake();
    };
  /** Bytes instead of an HTTP answer, and the end of the connection. */
  const raw =
    (...pieces: (string | Buffer)[]) =>
    () => {
      instead = (response) => response.socket?.end(Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))));
      wake();
    };
  return {
    config: {
      'upstream.heartbeat.url': url,
      'upstream.heartbeat.interval_seconds': 1,
      'upstream.heartbeat.long_poll_seconds': 5,
    },
    carries: isJson,
    deliver(messages) {
      queue.push(...messages);
      wake();
    },
    breaches: {
      'an error of the server': answer(500, '<h1>Internal Server Error</h1>'),
      'a redirect': answer(307, '', { location: `${url}/elsewhere` }),
      'a refusal': answer(401, '{}'),
      'a web page': answer(200, '<html>Please log in'),
      nothing: answer(204, ''),
      null: answer(200, 'null'),
      'a number': answer(200, '7'),
      'actions that are no list': answer(200, '{"actions":{"length":1e9}}'),
      'actions whose key is the prototype': answer(200, '{"__proto__":{"actions":[1]},"events":[null]}'),
      'a list of nothing': answer(200, `[${'null,'.repeat(50)}null]`),
      'nesting without end': answer(200, nested(100_000)),
      'an action nested without end': answer(200, `{"actions":[${nested(100_000)}]}`),
      'half an answer': raw('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"actions":['),
      'two lengths': raw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'),
      'a chunk that is none': raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n'),
      'headers without end': raw('HTTP/1.1 200 OK\r\n', `X: ${'a'.repeat(8_000)}\r\n`.repeat(8), '\r\n{}'),
      'bytes that are no HTTP': raw(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00])),
      'an answer of 6 MiB': answer(200, `[${' '.repeat(6 * 1024 * 1024)}]`),
      'an answer of 60 MiB in 60 kB': answer(200, gzipSync(Buffer.alloc(60 * 1024 * 1024, ' ')), {
        'content-encoding': 'gzip',
      }),
      'an answer packed wrongly': answer(200, '{}', { 'content-encoding': 'gzip' }),
      'a promise to wait that is none': answer(200, '{"actions":[]}', {
        'preference-applied': 'wait=99999999999999999999',
      }),
      'a cut': () => {
        instead = (response) => response.socket?.destroy();
        wake();
      },
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An answer with messages, each put in as the text it is. */
function messages(list: readonly Buffer[]): Answer {
  const items = list.map((message) => message.toString()).join(',');
  return (response) =>
    response.writeHead(200, { 'preference-applied': 'wait=5' }).end(`{"success":true,"actions":[${items}]}`);
}

/** An answer is one JSON text; what is none would spoil the messages beside it. */
function isJson(message: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message));
    return message.length < 200_000;
  } catch {
    return false;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
