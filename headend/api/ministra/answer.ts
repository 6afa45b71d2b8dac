/** The envelope of every answer, in the order that Ministra writes it. */
export function success(results: unknown): object {
  return { status: 'OK', results };
}

export function failure(results: unknown, error: string): object {
  return { status: 'ERROR', results, error };
}

/** The document's answer to a request without the right login and password. */
export const unauthorized = failure('', '401 Unauthorized request');

/** JSON as PHP writes it: everything but ASCII is escaped. As bytes, for a text would make the server add a charset to the content type. */
export function toJson(value: unknown): Buffer {
  const text = JSON.stringify(value);
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return Buffer.from(text.replace(/[\u0080-\uffff]/g, escaped));
}
