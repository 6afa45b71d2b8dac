/** The JSON-RPC of browsers' remote inspectors, over whatever carries its messages. */
import { PlatformError } from '../../contract.ts';

export type Fields = Record<string, unknown>;

export type CallOptions = {
  signal?: AbortSignal;
  /** How long to wait; 0 leaves that to the signal. */
  timeoutMs?: number;
};

export type Rpc = {
  /** Rejects DEVICE_FAILED when the page says no, is gone, or does not answer in time, and with the signal's reason. */
  call(method: string, params?: Fields, options?: CallOptions): Promise<Fields>;
  /** Hears an event; the function returned ends that. */
  on(event: string, listener: (params: Fields) => void): () => void;
  /** Takes a message that came. */
  receive(text: string): void;
  /** Fails what is waited for: nothing comes any more. */
  drop(reason: string): void;
};

/** Longer than any healthy page takes, shorter than the deadline of an action. */
const defaultTimeoutMs = 15_000;

type Message = { id?: number; method?: string; params?: Fields; result?: Fields; error?: { message?: string } };

export function createRpc(name: string, send: (text: string) => void): Rpc {
  const calls = new Map<number, PromiseWithResolvers<Fields>>();
  const listeners = new Map<string, Set<(params: Fields) => void>>();
  let lastId = 0;
  return {
    call(method, params = {}, { signal, timeoutMs = defaultTimeoutMs } = {}) {
      signal?.throwIfAborted();
      lastId += 1;
      const id = lastId;
      const answer = Promise.withResolvers<Fields>();
      calls.set(id, answer);
      send(JSON.stringify({ id, method, params }));
      return settled(answer, { signal, timeoutMs, what: `${method} at ${name}` }).finally(() => calls.delete(id));
    },
    on(event, listener) {
      const heard = listeners.get(event) ?? new Set();
      listeners.set(event, heard.add(listener));
      return () => heard.delete(listener);
    },
    receive(text) {
      const { id, method = '', params = {}, result = {}, error }: Message = parseJson(text) ?? {};
      if (id === undefined) for (const listener of listeners.get(method) ?? []) listener(params);
      else if (error === undefined) calls.get(id)?.resolve(result);
      else calls.get(id)?.reject(new PlatformError('DEVICE_FAILED', `${name} says: ${error.message}`));
    },
    drop(reason) {
      for (const { reject } of calls.values()) reject(new PlatformError('DEVICE_FAILED', `${name}: ${reason}`));
    },
  };
}

/** What a peer says, undefined where that is no JSON: whatever is asked of such a peer is not answered in time. */
export function parseJson(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

/** The promise, or the end of its time, or its abortion. */
export async function settled<T>(
  { promise, reject }: Pick<PromiseWithResolvers<T>, 'promise' | 'reject'>,
  { signal, timeoutMs, what }: { signal?: AbortSignal | undefined; timeoutMs: number; what: string },
): Promise<T> {
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  const late = () => {
    const message = `${what}: no answer within ${timeoutMs / 1000} s; it may hang: reload it with UI, or restart it`;
    reject(new PlatformError('DEVICE_FAILED', message));
  };
  const timer = timeoutMs > 0 ? setTimeout(late, timeoutMs) : undefined;
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
