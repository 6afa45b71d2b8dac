import { connect, type Socket } from 'node:net';

/** A request as bytes, and what a client has to know of it to read the answer. */
export type RawRequest = {
  bytes: Buffer;
  /** It is HTTP and complete, so that it has to be answered. */
  isWhole: boolean;
  isHead?: boolean;
  /** It asks for another protocol, so that the connection serves no more requests, and is closed if it is refused. */
  isUpgrade?: boolean;
};

export type RawAnswer = { status: number; headers: Map<string, string>; body: Buffer };

/** Sends bytes as they are and reads what comes back; over sockets of its own, several requests at once. */
export interface RawClient {
  /** The answer; undefined when the server closed the connection without one. Rejects when it does neither. */
  send(request: RawRequest): Promise<RawAnswer | undefined>;
  close(): void;
}

/** A server that does not answer for so long hangs. */
const hangMs = 30_000;

/** Statuses without a body (RFC 9110, 15). */
const bodiless = [101, 204, 304];

export function createRawClient(port: number): RawClient {
  const idle: Socket[] = [];
  const all = new Set<Socket>();

  function open(): Socket {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    all.add(socket);
    socket.on('close', () => all.delete(socket));
    return socket;
  }

  function take(): Socket {
    for (let socket = idle.pop(); socket; socket = idle.pop()) if (socket.writable && !socket.destroyed) return socket;
    return open();
  }

  return {
    async send(request) {
      const socket = request.isWhole ? take() : open();
      const { answer, isOpen } = await exchange(socket, request);
      if (isOpen && request.isWhole && !request.isUpgrade) idle.push(socket);
      else socket.destroy();
      return answer;
    },
    close() {
      for (const socket of all) socket.destroy();
    },
  };
}

/** One request and its answer. What is no whole request is followed by the end of the stream. */
function exchange(socket: Socket, request: RawRequest): Promise<{ answer: RawAnswer | undefined; isOpen: boolean }> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const finish = (answer: RawAnswer | undefined, isOpen: boolean) => {
      clearTimeout(late);
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('end');
      socket.removeListener('close', ended).on('error', () => undefined);
      resolve({ answer, isOpen });
    };
    const ended = () => finish(readAnswer(received, request.isHead ?? false, true)?.answer, false);
    const late = setTimeout(() => {
      socket.destroy();
      reject(
        new Error(`no answer within ${hangMs / 1000} s to ${request.bytes.subarray(0, 2_000).toString('latin1')}`),
      );
    }, hangMs);
    socket.on('data', (data) => {
      received = received.length === 0 ? data : Buffer.concat([received, data]);
      const read = readAnswer(received, request.isHead ?? false, false);
      const isRefused = request.isUpgrade && read?.answer.status !== 101;
      if (read && !isRefused) finish(read.answer, read.keepsOpen);
    });
    socket.on('error', () => undefined);
    socket.on('end', ended);
    socket.on('close', ended);
    if (request.isWhole) socket.write(request.bytes);
    else socket.end(request.bytes);
  });
}

/** Reads a whole answer, or undefined while some of it is missing; `isAll`: nothing more will come. */
export function readAnswer(
  bytes: Buffer,
  isHead: boolean,
  isAll: boolean,
): { answer: RawAnswer; keepsOpen: boolean } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [start = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(start)?.[1]);
  const rest = bytes.subarray(end + 4);
  if (status === 100) return readAnswer(rest, isHead, isAll);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') || status === 101;
  const body = isHead || bodiless.includes(status) || isStream ? Buffer.alloc(0) : bodyIn(rest, headers, isAll);
  if (!body) return undefined;
  return { answer: { status, headers, body }, keepsOpen: !isStream && headers.get('connection') !== 'close' && !isAll };
}

function bodyIn(bytes: Buffer, headers: Map<string, string>, isAll: boolean): Buffer | undefined {
  const length = headers.get('content-length');
  if (length !== undefined) return bytes.length >= Number(length) ? bytes.subarray(0, Number(length)) : undefined;
  if (headers.get('transfer-encoding') !== 'chunked') return isAll ? bytes : undefined;
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return Buffer.concat(pieces);
    at = line + 2 + size + 2;
    if (bytes.length < at) return undefined;
    pieces.push(bytes.subarray(line + 2, at - 2));
  }
}
