import { createSocketPool, exchange } from './exchange.ts';
import { readAnswer } from './ministra-answer.ts';
import { ministraLimits } from './ministra-limits.ts';
import type { TlsSettings } from './tls.ts';

/** Who asks, as a box of Infomir's says it in headers and cookies. */
export type PortalCaller = {
  mac: string;
  model: string;
  /** An IANA name for the cookie; the portal's code throws at one it does not know. */
  zone?: string | undefined;
};

export interface Portal {
  /**
   * Calls an action; resolves with `js`, undefined for an empty body. Rejects with PortalError for what a portal says in plain text, and with a
   * sentence for everything else. `asked` is type and action, with a space.
   */
  call(asked: string, params?: Params, more?: { token?: string; signal?: AbortSignal }): Promise<unknown>;
  close(): void;
}

export type Params = Record<string, string | number | undefined>;

/** `url` is that of `load.php`; `signal` ends every call. */
export function createPortal(options: {
  url: string;
  caller: PortalCaller;
  timeoutMs: number;
  tls: TlsSettings | undefined;
  signal: AbortSignal;
}): Portal {
  const { url, caller, timeoutMs } = options;
  const pool = createSocketPool(url, options.tls);
  const headers = headersOf(caller);

  async function get(query: URLSearchParams, token: string | undefined, signals: AbortSignal[]): Promise<string> {
    const { text } = await exchange({
      url: `${url}?${query}`,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      pool,
      timeoutMs,
      mostBytes: ministraLimits.answerBytes,
      signals,
    });
    return text;
  }

  return {
    async call(asked, params = {}, { token, signal } = {}) {
      const [type = '', action = ''] = asked.split(' ');
      const query = new URLSearchParams({ type, action });
      for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, String(value));
      query.set('JsHttpRequest', '1-xml');
      return readAnswer(await get(query, token, signal ? [options.signal, signal] : [options.signal]), asked);
    },
    close: () => pool.destroy(),
  };
}

/** The address of `load.php` for what people configure: the portal, its page under `/c/`, or a script of its own (`portal.php` of some panels). */
export function loadUrl(configured: string): string {
  const url = new URL(configured);
  url.search = '';
  url.hash = '';
  url.username = '';
  url.password = '';
  if (url.pathname.endsWith('.php')) return url.href;
  const path = url.pathname.replace(/\/+$/, '').replace(/\/c(\/index\.html)?$/, '');
  url.pathname = `${path === '' ? '/stalker_portal' : path}/server/load.php`;
  return url.href;
}

/** What the portal's own page sends; its server asks for the cookie, some for the rest too. */
function headersOf({ mac, model, zone }: PortalCaller): Record<string, string> {
  const cookie = { mac, stb_lang: 'en', timezone: zone };
  const pairs = Object.entries(cookie).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return {
    cookie: pairs.join('; '),
    'user-agent': `Mozilla/5.0 (QtEmbedded; U; Linux; C) AppleWebKit/533.3 (KHTML, like Gecko) ${model} stbapp ver: 4 rev: 2721 Safari/533.3`,
    'x-user-agent': `Model: ${model}; Link: Ethernet`,
    accept: 'application/json, text/javascript, */*',
  };
}
