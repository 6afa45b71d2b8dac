import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Hear, HostileHeadend } from './hostile-headend.ts';

/** Opcodes of RFC 6455, 5.2. */
const opcodes = { continuation: 0, text: 1, binary: 2, reserved: 3, close: 8, ping: 9 };

/** A frame as a server sends it, whole and unmasked unless `first` or `length` say otherwise. */
function frame(opcode: number, payload: Buffer, { first = 0x80, length = payload.length } = {}): Buffer {
  const head = Buffer.alloc(10);
  head[0] = first | opcode;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  if (length < 126) return Buffer.concat([Buffer.from([first | opcode, length]), payload]);
  return Buffer.concat([head, payload]);
}

/** A message in a text frame, valid UTF-8 or not, or now and then in a binary one. */
function framed(message: Buffer): Buffer {
  return frame(message.length % 9 === 0 ? opcodes.binary : opcodes.text, message);
}

/** A WebSocket server that sends the box whatever a test wants. */
export async function createHostileSocket(hear: Hear): Promise<HostileHeadend> {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'stb.v1' });
  const server = createServer();
  const waiting: Buffer[] = [];
  let open: { socket: WebSocket; wire: Duplex } | undefined;
  server.on('upgrade', (request, wire, head) => {
    sockets.handleUpgrade(request, wire, head, (socket) => {
      open = { socket, wire };
      socket.on('message', (data) => hear(JSON.parse(data.toString())));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (open?.socket === socket) open = undefined;
      });
      for (const message of waiting.splice(0)) wire.write(framed(message));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const raw =
    (...frames: Buffer[]) =>
    () =>
      open?.wire.write(Buffer.concat(frames));
  const unreadable = Buffer.from('{"v":1}');
  return {
    config: { 'upstream.websocket.url': `ws://127.0.0.1:${port}` },
    carries: () => true,
    deliver(messages) {
      for (const message of messages) {
        if (open) open.wire.write(framed(message));
        else waiting.push(message);
      }
    },
    breaches: {
      'bytes that are no frame': raw(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')),
      'an opcode that does not exist': raw(frame(opcodes.reserved, unreadable)),
      'reserved bits': raw(frame(opcodes.text, unreadable, { first: 0xf0 })),
      'a compressed frame that was not agreed on': raw(frame(opcodes.text, unreadable, { first: 0xc0 })),
      'a masked frame': raw(Buffer.from([0x81, 0x82, 1, 2, 3, 4, 5, 6])),
      'a ping that is too long': raw(frame(opcodes.ping, Buffer.alloc(126))),
      'a ping in two parts': raw(frame(opcodes.ping, unreadable, { first: 0 })),
      'a thousand pings': raw(...Array.from({ length: 1_000 }, () => frame(opcodes.ping, unreadable))),
      'a part without a beginning': raw(frame(opcodes.continuation, unreadable)),
      'a beginning in the middle': raw(frame(opcodes.text, unreadable, { first: 0 }), frame(opcodes.text, unreadable)),
      'a frame of 2⁶³ bytes': raw(Buffer.from([0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0])),
      'half of a frame of 1 GiB': raw(frame(opcodes.text, Buffer.alloc(4096), { length: 2 ** 30 })),
      'a frame of 3 MiB': raw(frame(opcodes.text, Buffer.alloc(3 * 1024 * 1024, '['))),
      'a message in two hundred parts, and pings between': raw(
        frame(opcodes.text, Buffer.from('{'), { first: 0 }),
        ...Array.from({ length: 200 }, () => [
          frame(opcodes.continuation, Buffer.from(' '), { first: 0 }),
          frame(opcodes.ping, unreadable),
        ]).flat(),
        frame(opcodes.continuation, Buffer.from('}')),
      ),
      'a message byte by byte': () => {
        for (const byte of frame(opcodes.text, unreadable)) open?.wire.write(Buffer.from([byte]));
      },
      'a close with a code that does not exist': raw(frame(opcodes.close, Buffer.from([0, 1]))),
      'a close whose reason is no UTF-8': raw(frame(opcodes.close, Buffer.from([0x03, 0xe8, 0xff, 0xff]))),
      'a proper close': () => open?.socket.close(1012, 'restart'),
      'a cut': () => open?.wire.destroy(),
    },
    async close() {
      open?.socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
