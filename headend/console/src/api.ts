import { texts } from './texts.ts';

/** A call that the headend refused, or that did not reach it (`status` 0). Its message can be shown. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  /** The field that is wrong, or the kind of failure. */
  readonly field: string;
  constructor(status: number, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export type Method = 'GET' | 'POST' | 'DELETE';

/** The headend's API, with the session's cookie. */
export type Api = {
  call<T>(method: Method, path: string, body?: unknown): Promise<T>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  /** Every item of a list, page by page; `name` is what the answer calls them. */
  all<T>(path: string, name?: string): Promise<T[]>;
  /** An answer of many lines of JSON, handed over as they come. */
  lines<T>(path: string, take: (items: T[]) => void, signal: AbortSignal): Promise<void>;
};

/** So much of a list the headend gives at once. */
export const pageSize = 500;

/** An answer to a question is not waited for any longer: the connection may have died without a word. */
const answerMs = 30_000;

/** `signedOut` is told when the headend does not know the session any more. */
export function createApi(signedOut: () => void): Api {
  async function request(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const over = signal ?? (method === 'GET' ? AbortSignal.timeout(answerMs) : undefined);
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(over === undefined ? {} : { signal: over }),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new CallError(0, 'network', texts.errors.unreachable);
    });
    if (response.ok) return response;
    const error = await toError(response);
    if (error.status === 401 && path !== '/stb/v1/session') signedOut();
    throw error;
  }

  async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return (await (await request(method, path, body)).json()) as T;
  }

  return {
    call,
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    async all<T>(path: string, name = 'items') {
      const found: T[] = [];
      const joint = path.includes('?') ? '&' : '?';
      for (let total = 1; found.length < total; ) {
        const page = await call<{ total: number } & Record<string, unknown>>(
          'GET',
          `${path}${joint}limit=${pageSize}&offset=${found.length}`,
        );
        const items = page[name] as T[];
        total = page.total;
        found.push(...items);
        if (items.length === 0) break;
      }
      return found;
    },
    async lines(path, take, signal) {
      const { body } = await request('GET', path, undefined, signal);
      if (body === null) return;
      let rest = '';
      for (const reader = body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0) take(lines.map((line) => JSON.parse(line)));
      }
    },
  };
}

async function toError(response: Response): Promise<CallError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { message, description } = (body ?? {}) as { message?: unknown; description?: unknown };
  const field = typeof message === 'string' ? message : 'request';
  return new CallError(
    response.status,
    field,
    typeof description === 'string' ? description : texts.errors.status(response.status),
  );
}

/** What to tell the viewer of any error. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
