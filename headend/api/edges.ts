/** What Node and the WebSocket library would refuse by themselves, before any route: refused in the shape of the API that was asked. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { ApiError, toErrorBody } from '../errors.ts';
import { errorShapeOf } from './error-shape.ts';

/** Node answers a request without a host itself, and without a body, unless it is told not to; `refuseAtEdges` does it. */
export const serverOptions = { requireHostHeader: false };

/** To be called when the WebSocket plugin is in place. */
export function refuseAtEdges(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    // RFC 9112, 3.2: without Host, HTTP/1.1 is answered with 400.
    if (raw.headers.host === undefined && raw.httpVersion === '1.1') {
      throw new ApiError(400, 'host', 'An HTTP/1.1 request names its host');
    }
  });
  app.server.on('checkExpectation', ({ url }: IncomingMessage, response: ServerResponse) => {
    const { type, write } = errorShapeOf(url);
    const body = write(toErrorBody(new ApiError(417, 'expect', 'The only expectation met is 100-continue')));
    response.writeHead(417, { 'Content-Type': type, Connection: 'close' }).end(body);
  });
  app.websocketServer.on('wsClientError', (error: Error, socket: Duplex, { url }: IncomingMessage) =>
    endWith(socket, url, new ApiError(400, 'request', `Not a WebSocket handshake: ${error.message}`)),
  );
}

/** Answers a request that is no HTTP, or too big in its head, and closes its connection. */
export function refuseUnreadable(error: ConnectionError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  endWith(socket, urlIn(error), new ApiError(status, 'request', 'The request is not HTTP that this server reads'));
}

/** The URL in the first line of what could not be read, where there is one. */
function urlIn({ rawPacket }: ConnectionError): string | undefined {
  // Fastify's type is that of the bytes written as JSON; Node hands over the bytes.
  const bytes = rawPacket as unknown as Buffer | undefined;
  return /^\S+ (\S+)/.exec(bytes?.toString('latin1', 0, 200) ?? '')?.[1];
}

/** Closes the connection of an upgrade once it is refused: no HTTP follows on it, and Node lets go of it with the request. */
export function closeRefusedUpgrade({ headers, socket }: IncomingMessage, response: ServerResponse): void {
  const isUpgrade = headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? '');
  if (isUpgrade) response.once('finish', () => socket.destroySoon());
}

function endWith(socket: Duplex, url: string | undefined, error: ApiError): void {
  const { type, write } = errorShapeOf(url);
  const body = write(toErrorBody(error));
  const lines = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code]}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
