import WebSocket, { type ClientOptions, type RawData } from 'ws';
import { AgentError } from '../errors.ts';
import { encode } from '../protocol/messages.ts';
import type { Upstream, UpstreamLink } from '../upstream.ts';
import { createConnection, withoutCredentials } from './connection.ts';
import { upstreamLimits } from './limits.ts';
import { type UpstreamDeps, upstreamDefaults, type WebSocketOptions } from './options.ts';
import { reasonOf, statusReason } from './reasons.ts';
import { readTls } from './tls.ts';

const subprotocol = 'stb.v1';

/**
 * The upstream over a WebSocket: one message per frame, a ping both ways. The transport has no acknowledgement. What the box
 * could not take it does not answer, and the headend, which saw no `accepted` report, sends it again.
 */
export function createWebSocketUpstream(options: WebSocketOptions, deps: UpstreamDeps): Upstream {
  const { log } = deps;
  const url = endpoint(options.url);
  const pingMs = (options.pingSeconds ?? upstreamDefaults.websocket.pingSeconds) * 1000;
  let open: WebSocket | undefined;

  const connection = createConnection({
    url,
    log,
    now: deps.now,
    async attempt({ link, signal, up }) {
      const settings = await clientOptions();
      signal.throwIfAborted();
      const socket = new WebSocket(url, [subprotocol], settings);
      socket.on('open', () => {
        open = socket;
        up(`WebSocket, ${subprotocol}`);
      });
      socket.on('message', (data) => receive(socket, link, data));
      signal.addEventListener('abort', () => sayGoodbye(socket));
      const reason = await endOf(socket, pingMs);
      open = undefined;
      throw new Error(reason);
    },
  });

  async function clientOptions(): Promise<ClientOptions> {
    return {
      ...(url.startsWith('wss:') ? await readTls(options.tls) : {}),
      headers: { authorization: `Bearer ${options.token}` },
      handshakeTimeout: upstreamLimits.connectMs,
      maxPayload: upstreamLimits.frameBytes,
      // Messages are small, and a compressor costs memory for each connection.
      perMessageDeflate: false,
      // A frame that is not UTF-8 is refused by its reader, in words, instead of costing the connection.
      skipUTF8Validation: true,
    };
  }

  let underway = 0;
  /** Hands a frame on; text and binary alike, the reader says what is wrong. */
  function receive(socket: WebSocket, link: UpstreamLink, data: RawData): void {
    underway += 1;
    if (underway >= upstreamLimits.unacknowledged) socket.pause();
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    void link
      .receive(bytes)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'message could not be taken; the headend gets no answer and sends it again');
      })
      .then(() => {
        underway -= 1;
        if (socket.isPaused && underway < upstreamLimits.unacknowledged) socket.resume();
      });
  }

  return {
    name: 'websocket',
    start: connection.start,
    status: connection.status,
    stop: connection.stop,
    send(message) {
      const socket = open;
      if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(connection.missing());
      if (socket.bufferedAmount > upstreamLimits.outgoingBytes) {
        const waiting = `${socket.bufferedAmount} bytes wait to be sent already`;
        return Promise.reject(new AgentError('HEADEND_FAILED', `${url}: ${waiting}; send it later`));
      }
      return new Promise((resolve, reject) => {
        socket.send(encode(message), { binary: false }, (cause) => {
          if (cause) reject(new AgentError('HEADEND_FAILED', `${url}: ${reasonOf(cause)}`, { cause }));
          else resolve();
        });
      });
    },
  };
}

/** Pings an open socket, and tells when nothing at all was heard on it for one and a half times that long. */
function keepAlive(socket: WebSocket, pingMs: number, onSilence: (reason: string) => void): void {
  socket.once('open', () => {
    const silenceMs = pingMs * 1.5;
    const silence = setTimeout(onSilence, silenceMs, `nothing was heard from the headend for ${silenceMs / 1000} s`);
    const ping = setInterval(() => socket.readyState === WebSocket.OPEN && socket.ping(), pingMs);
    for (const sign of ['message', 'ping', 'pong']) socket.on(sign, () => silence.refresh());
    socket.once('close', () => {
      clearTimeout(silence);
      clearInterval(ping);
    });
  });
}

/** Closes in good order, and without it when the other side does not answer. */
function sayGoodbye(socket: WebSocket): void {
  if (socket.readyState === WebSocket.CONNECTING) {
    socket.terminate();
    return;
  }
  socket.close(1000, 'the agent stops');
  const late = setTimeout(() => socket.terminate(), upstreamLimits.goodbyeMs);
  socket.once('close', () => clearTimeout(late));
}

/** Resolves with the reason, in words, when the socket is closed or could not be opened. */
function endOf(socket: WebSocket, pingMs: number): Promise<string> {
  return new Promise((resolve) => {
    let reason: string | undefined;
    const cut = (why: string) => {
      reason ??= why;
      socket.terminate();
    };
    keepAlive(socket, pingMs, cut);
    socket.on('unexpected-response', (_request, { statusCode = 0, headers }) => {
      cut(statusReason(statusCode, headers.location));
    });
    socket.on('error', (error) => {
      reason ??= handshakeReason[error.message] ?? reasonOf(error);
    });
    socket.on('close', (code, text) => resolve(reason ?? closeReason(code, text.toString())));
  });
}

/** What the library says of a failed handshake, in the operator's words. */
const handshakeReason: Record<string, string> = {
  'Opening handshake has timed out': 'no answer to the WebSocket handshake in time',
  'Invalid Upgrade header': 'what answers there is no WebSocket server; check the URL',
  'Server sent no subprotocol': `the server does not speak ${subprotocol}; check the URL`,
  'Server sent an invalid subprotocol': `the server does not speak ${subprotocol}; check the URL`,
};

/** Close codes of RFC 6455, 7.4.1; 1005 and 1006 stand for a close without one. */
function closeReason(code: number, text: string): string {
  const said = text ? `: ${text}` : '';
  if (code === 1005 || code === 1006) return 'the headend closed the connection';
  if (code === 1001) return `the headend goes away (1001${said})`;
  return `the headend closed the connection (${code}${said})`;
}

/** The configured URL, with the protocol's path where it has none. */
function endpoint(url: string): string {
  const full = new URL(withoutCredentials(url));
  if (full.pathname === '/') full.pathname = '/stb/v1/ws';
  return full.href;
}
