/** Requests to an HTTP API: good ones, spoilt ones, and bytes that are no request. */
import fc from 'fast-check';
import { hostileJson, objectText } from './hostile-json.ts';
import { byteMutations, type Fields, fieldMutations } from './mutation.ts';
import type { Operation } from './operations.ts';
import { type Known, valuesOf } from './schema-values.ts';

export type HttpRequest = {
  method: string;
  target: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer | undefined;
};

const hostileText = fc.oneof(
  hostileJson,
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '../..',
    '%2e%2e%2f',
    '%00',
    '%zz',
    '%c0%af',
    '%ff',
    '*',
    '\u0000',
    'a'.repeat(300),
    '-1',
    '1e9',
    'NaN',
  ),
);
/** Text as a URL carries it: escaped as it should be, or not enough. */
const inUrl = fc.oneof(
  { weight: 5, arbitrary: hostileText.map((text) => encodeURIComponent(text.toWellFormed())) },
  { weight: 1, arbitrary: hostileText.map((text) => text.replace(/[^!-~]/g, '%')) },
);

const tamperings = fc.constantFrom(
  (name: string) => name,
  (name: string) => `${name}[]`,
  (name: string) => `${name}[a]`,
  (name: string) => name.toUpperCase(),
  () => '__proto__[polluted]',
  () => 'constructor',
);

const hostileHeaders = fc.constantFrom<HttpRequest['headers'][number]>(
  ['Content-Encoding', 'gzip'],
  ['Accept', 'application/xml'],
  ['Accept-Encoding', 'gzip, br;q=9'],
  ['Range', 'bytes=5-1,9-,-'],
  ['If-None-Match', '*'],
  ['Content-Range', 'bytes 5-1/2'],
  ['Content-Digest', 'sha-256=:AAAA:'],
  ['Prefer', 'wait=-1, wait=abc'],
  ['Cookie', 'token=APP-; token=APP-%00; a'],
  ['Cookie', '='.repeat(500)],
  ['X-Forwarded-For', "'; DROP TABLE user;--"],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Host', 'evil.invalid:99999'],
  ['Authorization', 'Basic Og=='],
  ['Authorization', `Bearer ${'A'.repeat(2_000)}`],
  ['Upgrade', 'h2c'],
  ['__proto__', 'x'],
);

/** How a body is announced. */
const contentType = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-16',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/octet-stream',
      '',
      'a',
      '\u00ff/\u00ff',
    ),
  },
);

/** Requests for one operation; the first of the tokens is the right one, and used most. */
export function requestsFor(operation: Operation, known: Known, tokens: readonly string[]): fc.Arbitrary<HttpRequest> {
  const hasBody = operation.body !== undefined || operation.method !== 'GET';
  return fc
    .record({
      path: pathOf(operation.path, known),
      query: queryOf(operation, known),
      credentials: credentialsOf(tokens, hasBody),
      extra: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(hostileHeaders, { maxLength: 2 }) },
      ),
      body: hasBody ? bodyOf(operation, known) : fc.constant(undefined),
      type: contentType,
    })
    .map(({ path, query, credentials, extra, body, type }) => {
      const pairs = [...query, ...credentials.query];
      return {
        method: operation.method,
        target: path + (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
        headers: [...extra, ...credentials.headers, ...(body && type !== '' ? [['Content-Type', type] as const] : [])],
        body: body?.(credentials.fields),
      };
    });
}

/** Where a token stands in a request. */
type Credentials = { headers: HttpRequest['headers']; query: readonly string[]; fields: Fields };

/** A token in any of the four places that take one. */
function credentialsOf(tokens: readonly string[], hasBody: boolean): fc.Arbitrary<Credentials> {
  const token = fc.oneof(
    { weight: 20, arbitrary: fc.constant(tokens[0]) },
    { weight: 9, arbitrary: fc.constantFrom(...tokens) },
    { weight: 1, arbitrary: fc.constantFrom('', 'wrong', 'A'.repeat(43)) },
  );
  const nothing: Credentials = { headers: [], query: [], fields: [] };
  const inBody = token.map((text) => ({ ...nothing, fields: [['"token"', JSON.stringify(text)] as const] }));
  const inHeader = token.map((text) => ({ ...nothing, headers: [['Authorization', `Bearer ${text}`] as const] }));
  return fc.oneof(
    { weight: 20, arbitrary: inHeader },
    { weight: 2, arbitrary: token.map((text) => ({ ...nothing, query: [`token=${text}`] })) },
    {
      weight: 2,
      arbitrary: token.map((text) => ({ ...nothing, headers: [['Cookie', `token=APP-${text}`] as const] })),
    },
    { weight: 4, arbitrary: hasBody ? inBody : inHeader },
    { weight: 1, arbitrary: fc.constant(nothing) },
  );
}

function pathOf(path: string, known: Known): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const values = names.map((name) =>
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...(known[name] ?? ['x'])) }, { weight: 2, arbitrary: inUrl }),
  );
  return fc
    .tuple(...values)
    .map((parts) => parts.reduce((rest, part, at) => rest.replace(`{${names[at]}}`, () => part), path));
}

/** A value as a query carries it; objects may have no `toString` of their own. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** `name=value` pairs: some of the documented ones, right or wrong, and what is not documented. */
function queryOf({ query }: Operation, known: Known): fc.Arbitrary<string[]> {
  const pairs = Object.entries(query).map(([name, schema]) => {
    const right = valuesOf(schema, known, name).map((value) => encodeURIComponent(textOf(value).toWellFormed()));
    const pair = fc
      .oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: inUrl })
      .map((value) => `${name}=${value}`);
    const chance = schema.enum || name in known ? 8 : 1;
    return fc.oneof(
      { weight: chance, arbitrary: pair.map((one) => [one]) },
      { weight: 2, arbitrary: fc.constant<string[]>([]) },
    );
  });
  const foreign = fc
    .tuple(tamperings, fc.constantFrom('limit', 'offset', 'type', ...Object.keys(query)), inUrl)
    .map(([tamper, name, value]) => `${tamper(name)}=${value}`);
  const foreigners = fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.array(foreign, { maxLength: 3 }) },
  );
  return fc.tuple(...pairs, foreigners).map((parts) => parts.flat());
}

/** A JSON body after the schema, spoilt in its fields, in its bytes, or not at all; it takes the fields of a token. */
function bodyOf({ body = {} }: Operation, known: Known): fc.Arbitrary<(more: Fields) => Buffer> {
  const fieldChange = fc.oneof(
    { weight: 1, arbitrary: fc.constant(unchanged<Fields>) },
    { weight: 1, arbitrary: fieldMutations },
  );
  const byteChange = fc.oneof(
    { weight: 12, arbitrary: fc.constant(unchanged<Buffer>) },
    { weight: 1, arbitrary: byteMutations },
    { weight: 1, arbitrary: hostileJson.map((text) => () => Buffer.from(text)) },
  );
  return fc.tuple(valuesOf(body, known).map(fieldsOf), fieldChange, byteChange).map(
    ([fields, change, spoil]) =>
      (more) =>
        spoil(Buffer.from(objectText([...change(fields), ...more]))),
  );
}

function unchanged<T>(value: T): T {
  return value;
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) return [['"value"', JSON.stringify(value) ?? 'null']];
  return Object.entries(value).map(([key, one]) => [JSON.stringify(key), JSON.stringify(one) ?? 'null']);
}
