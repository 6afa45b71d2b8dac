/** JSON as text, because the worst of it no serialiser would write. */
import fc from 'fast-check';

const prototypeKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'hasOwnProperty', 'then', ''];

const numbers = [
  ...['0', '-0', '1', '1e999', '-1e999', '1e-400', '0.1e1', '9007199254740993', '123456789012345678901234567890'],
  ...['-1', '2147483648', '4294967296', '1.7976931348623157e308', '5e-324', '1795266000000'],
];

const strings = [
  ...[
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u202e"',
    '"\\uFEFF"',
    '" "',
    '"\\n"',
    '"a/b"',
    '"#"',
    '"+"',
  ],
  ...[
    '"."',
    '".."',
    '"../../etc/passwd"',
    '"/"',
    '"%2e%2e%2f"',
    '"%"',
    '"$(reboot)"',
    '"; rm -rf /"',
    '"{{7*7}}"',
    '"$HOME"',
  ],
  ...[
    '"<script>alert(1)</script>"',
    '"<img src=x onerror=alert(1)>"',
    '"\'; DROP TABLE action;--"',
    '"now"',
    '"-1"',
    '"1"',
  ],
];

const instants = [
  ...['"1970-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999999Z"', '"0000-00-00T00:00:00Z"', '"2026-02-30T00:00:00Z"'],
  ...['"2026-11-21T24:00:00Z"', '"2026-11-21T12:00:00"', '"2026-11-21 12:00:00Z"', '"+275760-09-13T00:00:00Z"'],
  ...['"2026-11-21T12:00:00+99:99"', '"2026-11-21T12:00:60Z"'],
];

const words = ['null', 'true', 'false', '[]', '{}', '[[]]', '{"a":{}}', '[null]', '{"":null}'];

/** What only looks like JSON. */
const broken = [
  ...['01', '+1', '.5', '1.', 'NaN', 'Infinity', '0x10', '1_000', '"\\"', '"\\x41"', "'a'", '"\n"', 'undefined', ''],
  ...['/* */ 1', '[1,]', '{"a":1,}', '{a:1}', '[1 2]', '"a" "b"', '}{'],
];

/** Values whose danger is their size. Each is made only when it is drawn. */
const giants: (() => string)[] = [
  () => JSON.stringify('a'.repeat(9_000)),
  () => JSON.stringify('<b>'.repeat(3_000)),
  () => JSON.stringify('\u{1f4fa}'.repeat(20_000)),
  () => JSON.stringify('&'.repeat(100_000)),
  () => '9'.repeat(50_000),
  () => `[${'0,'.repeat(30_000)}0]`,
  () => `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
];

/** A value nested `levels` deep. */
export function nested(levels: number, [open, close]: readonly [string, string] = ['[', ']']): string {
  return open.repeat(levels) + (open.endsWith(':') ? '1' : '') + close.repeat(levels);
}

const nestings = fc
  .tuple(
    fc.constantFrom(2, 15, 16, 17, 18, 100, 5_000, 40_000),
    fc.constantFrom(['[', ']'] as const, ['{"a":', '}'] as const),
  )
  .map(([levels, brackets]) => nested(levels, brackets));

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).map((value) => JSON.stringify(value));

/** A key of an object, as text. */
export const hostileKey: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom(...prototypeKeys), fc.constantFrom('v', 'kind', 'id', 'type', 'params', 'when'), fc.string())
  .map((key) => JSON.stringify(key));

const scalar: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...strings) },
  { weight: 4, arbitrary: fc.constantFrom(...numbers) },
  { weight: 1, arbitrary: fc.constantFrom(...broken) },
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.constantFrom(...instants) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.double().map(String) },
  { weight: 2, arbitrary: text },
);

const collection: fc.Arbitrary<string> = fc.oneof(
  fc.array(scalar, { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  fc.array(fc.tuple(hostileKey, scalar), { maxLength: 4 }).map(objectText),
);

/** The text of any value, most of it JSON. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: scalar },
  { weight: 20, arbitrary: collection },
  { weight: 4, arbitrary: nestings },
  { weight: 1, arbitrary: fc.constantFrom(...giants).map((make) => make()) },
);

/** An object of entries as they come, keys twice and all. Keys and values are text already. */
export function objectText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`;
}
