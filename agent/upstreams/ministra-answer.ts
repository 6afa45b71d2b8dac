/** What a portal answers; pure. Every protocol error comes with HTTP 200, most of them as plain text instead of JSON. */

/**
 * What an answer that is none means: `token`: it was withdrawn; `denied`: the box is unknown or switched off; `identity`: the portal cannot tell who
 * asks; `fault`: its code failed; `strange`: it is something else.
 */
export type PortalErrorKind = 'token' | 'denied' | 'identity' | 'fault' | 'strange';

/** The portal did not answer what it was asked; the message is for people. */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  readonly kind: PortalErrorKind;
  constructor(kind: PortalErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The plain texts, as Infomir's server sends them. */
const texts: readonly [RegExp, PortalErrorKind, string][] = [
  [
    /^Authorization failed\b/i,
    'token',
    'the portal has withdrawn the token (Authorization failed.); another device or the page on this box has this MAC address, or the operator logged the box out',
  ],
  [
    /^Access denied\b/i,
    'denied',
    'the portal gives this box nothing but events (Access denied.): the operator has switched it off, or it is not known there',
  ],
  [
    /^Unauthorized request\b/i,
    'identity',
    'the portal cannot tell who asks (Unauthorized request.); check the MAC address in box.mac',
  ],
  [
    /^Identification failed\b/i,
    'identity',
    'the portal does not know this box (Identification failed); check the MAC address in box.mac, and whether it is registered there',
  ],
];

/** `js` of an answer; undefined for an empty body. Throws PortalError for anything else, naming what was `asked`. */
export function readAnswer(body: string, asked: string): unknown {
  const text = body.replace(/^\uFEFF/, '').trim();
  if (text === '') return undefined;
  const found = parse(text);
  if (found !== undefined) return found.js;
  for (const [pattern, kind, meaning] of texts) if (pattern.test(text)) throw new PortalError(kind, meaning);
  throw strange(text, asked);
}

/** The object that `js` should be. Throws PortalError for an empty body, `false`, `null` and everything else. */
export function objectIn(js: unknown, asked: string): Record<string, unknown> {
  if (typeof js === 'object' && js !== null && !Array.isArray(js)) return js as Record<string, unknown>;
  if (js === undefined) throw new PortalError('strange', `the portal answered ${asked} with an empty body`);
  if (js === false || js === null) {
    throw new PortalError('fault', `the portal does not know ${asked}, or failed at it: it answered {"js":${js}}`);
  }
  throw new PortalError('strange', `the portal answered ${asked} with a ${Array.isArray(js) ? 'list' : typeof js}`);
}

/** A text or a number as text; anything else, which JSON can make worse than it looks, as none. */
export function words(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** A number, or a text that is one; NaN for anything else. */
export function figure(value: unknown): number {
  const text = words(value);
  return text === '' ? Number.NaN : Number(text);
}

/** A switch, as 1, "1" or true. */
export function isOn(value: unknown): boolean {
  return value === true || figure(value) === 1;
}

/** A portal's HTML as plain words of at most `length` characters. */
export function plainWords(html: unknown, length = 200): string {
  const text = words(html)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** The JSON object with `js`, also behind warnings that PHP printed before it. */
function parse(text: string): { js: unknown } | undefined {
  for (const start of new Set([0, text.indexOf('{"js"')])) {
    try {
      const value: unknown = start < 0 ? undefined : JSON.parse(text.slice(start));
      if (typeof value === 'object' && value !== null && 'js' in value) return { js: value.js };
    } catch {}
  }
  return undefined;
}

function strange(text: string, asked: string): PortalError {
  if (/fatal error|uncaught|exception|parse error/i.test(text.slice(0, 2_000))) {
    return new PortalError('fault', `the portal's own code failed at ${asked}: ${plainWords(text)}`);
  }
  if (text.startsWith('<')) {
    const page = plainWords(text, 80);
    return new PortalError(
      'strange',
      `a web page answers ${asked}, not a portal (${page}); check upstream.ministra.url`,
    );
  }
  return new PortalError(
    'strange',
    `the answer to ${asked} is no portal's: it starts ${JSON.stringify(text.slice(0, 60))}`,
  );
}
