import type { RawAnswer, RawRequest } from '../support/raw-http.ts';

/** What of the inside an answer must never show: files, lines, functions, and the database's own words. */
const inside = /node_modules|node:internal|\.ts:\d+|\bat [\w.<>]+ \(|SQLITE_|SqliteError|TypeError|Cannot read propert/;

/** What is wrong with an answer, in a sentence; undefined when it is as it must be. */
export function faultOf(request: RawRequest, answer: RawAnswer | undefined): string | undefined {
  if (!answer) return request.isWhole ? 'no answer to a whole request' : undefined;
  const { status, headers, body } = answer;
  if (!(status >= 100 && status < 600)) return `the answer is no HTTP: ${body.subarray(0, 100)}`;
  if (status >= 500) return `${status}: ${body}`;
  if (status < 400 || request.isHead) return undefined;
  const text = body.toString();
  if (inside.test(text)) return `${status} shows the inside: ${text.slice(0, 500)}`;
  if (!headers.get('content-type')?.startsWith('application/json'))
    return `${status} is no JSON: ${text.slice(0, 200)}`;
  return hasShape(text, status) ? undefined : `${status} is not { code, message, description }: ${text.slice(0, 300)}`;
}

function hasShape(text: string, status: number): boolean {
  try {
    const { code, message, description, ...more } = JSON.parse(text);
    const isRight = code === status && typeof message === 'string' && typeof description === 'string';
    return isRight && message !== '' && description !== '' && Object.keys(more).length === 0;
  } catch {
    return false;
  }
}
