import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { limits } from '../../../agent/protocol/limits.ts';
import { encode } from '../../../agent/protocol/messages.ts';
import { ApiError } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';

/** Close codes of RFC 6455, 7.4.1. */
const closeCode = { unsupported: 1003, unreadable: 1007, tooBig: 1009, failed: 1011, protocol: 1002, cut: 1008 };

/**
 * `GET /stb/v1/ws`, subprotocol `stb.v1`: one message of the box protocol per text frame. What cannot be read ends the connection with
 * a close code and the reason; the box comes back, and the store sends again what it has not accepted.
 */
export function socketRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.route({
    method: 'GET',
    url: '/stb/v1/ws',
    schema: { hide: true },
    preValidation: async (request) => void authentication.box(request),
    handler(_request, reply) {
      // RFC 9110, 15.5.22: the answer says what to upgrade to.
      reply.header('Upgrade', 'websocket');
      throw new ApiError(426, 'upgrade', 'This is a WebSocket, subprotocol stb.v1: ask for the upgrade');
    },
    wsHandler(socket, request) {
      if (socket.protocol !== 'stb.v1') return socket.close(closeCode.protocol, 'the subprotocol is stb.v1');
      serveSocket(fleet, authentication.box(request).id, socket);
    },
  });
}

function serveSocket(fleet: Fleet, box: string, socket: WebSocket): void {
  const connection = fleet.connect({
    box,
    upstream: 'websocket',
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(encode(message).toString(), (error) => (error ? reject(error) : resolve()));
      }),
    cut: (why) => socket.close(closeCode.cut, why),
  });
  const stopPinging = keepAlive(socket);
  let unstored = 0;

  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) return socket.close(closeCode.unsupported, 'messages are text frames');
    if (bytes.length > limits.messageBytes) {
      return socket.close(closeCode.tooBig, `${bytes.length} bytes, at most ${limits.messageBytes} are taken`);
    }
    unstored += 1;
    if (unstored >= headendLimits.unstoredMessages) socket.pause();
    connection
      .receive(bytes)
      .then((received) => {
        if (!received.ok) socket.close(closeCode.unreadable, reason(received.reason));
      })
      .catch(() => socket.close(closeCode.failed, 'not stored, send it again'))
      .finally(() => {
        unstored -= 1;
        if (socket.isPaused && unstored < headendLimits.unstoredMessages / 2) socket.resume();
      });
  });
  socket.on('close', () => {
    stopPinging();
    connection.close();
  });
}

/** Pings, and cuts off a peer that has not answered by the next ping. */
function keepAlive(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, headendLimits.pingMs);
  return () => clearInterval(timer);
}

/** A close reason has at most 123 bytes (RFC 6455, 5.5.1). */
function reason(text: string): string {
  return Buffer.from(text)
    .subarray(0, 120)
    .toString()
    .replace(/\uFFFD+$/, '');
}
