import type { TestHeadend } from './headend.ts';

/** What Ministra's API answered. */
export type RestAnswer = {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON of the answer; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it asserts.
  body: any;
};

export type Rest = ReturnType<typeof openRest>;

/** Ministra's API as billing calls it: `rest('PUT', 'stb/1553', 'status=1')`. */
export function openRest(head: TestHeadend, prefix = '/stalker_portal/api/') {
  return async (
    method: string,
    path: string,
    form?: string,
    headers: Record<string, string> = signIn(head),
  ): Promise<RestAnswer> => {
    const response = await fetch(`${head.headend.url}${prefix}${path}`, {
      method,
      headers,
      ...(form === undefined ? {} : { body: form }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
}

/** The header of the demonstration's operator. */
export function signIn(head: TestHeadend): Record<string, string> {
  const { login, password } = head.demo.ministra;
  return { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
