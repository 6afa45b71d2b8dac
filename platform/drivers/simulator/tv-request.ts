import type { IncomingMessage } from 'node:http';

/** An error as the page's API answers it. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const localNames = new Set(['127.0.0.1', 'localhost', '[::1]']);
const largestBody = 16 * 1024;

/**
 * Refuses what a foreign web page could make a browser send: a Host that is not this machine (DNS rebinding), an Origin that is not
 * the page itself, and a change whose content type a plain HTML form could have (cross-site request forgery).
 */
export function requireLocal(request: IncomingMessage): void {
  const { host = '', origin } = request.headers;
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  if (!localNames.has(name)) throw new HttpError(403, `Host ${host}: only this machine is served`);
  if (origin !== undefined && origin !== `http://${host}`)
    throw new HttpError(403, `Origin ${origin}: only the TV page itself may ask`);
  if (request.method === 'POST' && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'expected content-type: application/json');
  }
}

/** What was asked for; only path and query mean anything. */
export function urlOf(request: IncomingMessage): URL {
  const url = URL.parse(`http://box${request.url}`);
  if (url === null) throw new HttpError(400, 'the address is not one');
  return url;
}

/** The body as a JSON object. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > largestBody) throw new HttpError(413, `at most ${largestBody} bytes are taken`);
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'the body is not a JSON object');
  }
  return value as Record<string, unknown>;
}
