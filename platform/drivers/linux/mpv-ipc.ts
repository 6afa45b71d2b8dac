/** mpv's JSON IPC (mpv(1), "JSON IPC"): a line of JSON each way, over a Unix socket. */
import { connect } from 'node:net';
import { PlatformError } from '../../contract.ts';
import { parseJson } from './rpc.ts';

export type MpvEvent = Record<string, unknown>;

export type MpvIpc = {
  /** Runs a command; resolves with its data, rejects DEVICE_FAILED with mpv's word for what is wrong. */
  command(...words: (string | number)[]): Promise<unknown>;
  /** Hears every event from the next on, and `closed` when the connection ends; the function returned ends that. */
  on(listener: (event: MpvEvent) => void): () => void;
  close(): void;
};

const answerMs = 5_000;

/** Connects; rejects with the socket's error. */
export async function connectMpv(path: string): Promise<MpvIpc> {
  const socket = connect(path);
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners = new Set<(event: MpvEvent) => void>();
  let lastId = 0;
  let rest = '';
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) receive(parseJson(line) ?? {});
  });
  void closed.then(() => {
    for (const { reject } of calls.values()) reject(new PlatformError('DEVICE_FAILED', 'mpv ended; look at its log'));
    receive({ event: 'closed' });
  });

  function receive(message: MpvEvent): void {
    if (message.event !== undefined) {
      for (const listener of [...listeners]) listener(message);
      return;
    }
    const call = calls.get(Number(message.request_id));
    if (message.error === 'success') call?.resolve(message.data);
    else call?.reject(new PlatformError('DEVICE_FAILED', `mpv says: ${String(message.error)}`));
  }

  return {
    command(...words) {
      lastId += 1;
      const id = lastId;
      const answer = Promise.withResolvers<unknown>();
      calls.set(id, answer);
      const late = () => {
        const message = `mpv did not answer ${words[0]} within ${answerMs / 1000} s; restart it`;
        answer.reject(new PlatformError('DEVICE_FAILED', message));
      };
      const timer = setTimeout(late, answerMs);
      socket.write(`${JSON.stringify({ command: words, request_id: id })}\n`);
      return answer.promise.finally(() => {
        clearTimeout(timer);
        calls.delete(id);
      });
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => socket.destroy(),
  };
}
