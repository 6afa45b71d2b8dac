/** What becomes of good messages on their way through a hostile hand. */
import fc from 'fast-check';
import { hostileJson, hostileKey } from './hostile-json.ts';

/** A message as the text of its fields, in their order. */
export type Fields = readonly (readonly [key: string, value: string])[];
type FieldMutation = (fields: Fields) => Fields;
type ByteMutation = (bytes: Buffer) => Buffer;

/** Any whole number, to choose a place with. */
const place = fc.nat();

const fieldMutation: fc.Arbitrary<FieldMutation> = fc.oneof(
  fc.tuple(place, hostileJson).map(
    ([at, value]): FieldMutation =>
      (fields) =>
        replaced(fields, at, ([key]) => [key, value]),
  ),
  fc.tuple(place, hostileKey).map(
    ([at, key]): FieldMutation =>
      (fields) =>
        replaced(fields, at, ([, value]) => [key, value]),
  ),
  place.map(
    (at): FieldMutation =>
      (fields) =>
        fields.filter((_, index) => index !== at % fields.length),
  ),
  fc.tuple(place, hostileJson).map(
    ([at, value]): FieldMutation =>
      (fields) => [...fields, [fields[at % fields.length]?.[0] ?? '""', value]],
  ),
  fc.tuple(hostileKey, hostileJson).map(
    ([key, value]): FieldMutation =>
      (fields) => [...fields, [key, value]],
  ),
  fc.tuple(hostileKey, hostileJson).map(
    ([key, value]): FieldMutation =>
      (fields) => [[key, value], ...fields],
  ),
  fc.constant<FieldMutation>((fields) => fields.toReversed()),
);

const foreign = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0x80],
  [0xef, 0xbb, 0xbf],
  [0x00],
  [0x1b, 0x5b, 0x32, 0x4a],
  [0x0d, 0x0a],
].map((bytes) => Buffer.from(bytes));

const byteMutation: fc.Arbitrary<ByteMutation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(place, { minLength: 1, maxLength: 8 }).map(
      (bits): ByteMutation =>
        (bytes) =>
          flipped(bytes, bits),
    ),
  },
  {
    weight: 2,
    arbitrary: place.map(
      (at): ByteMutation =>
        (bytes) =>
          bytes.subarray(0, at % (bytes.length + 1)),
    ),
  },
  {
    weight: 1,
    arbitrary: place.map(
      (at): ByteMutation =>
        (bytes) =>
          bytes.subarray(at % (bytes.length + 1)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...foreign)).map(
      ([at, piece]): ByteMutation =>
        (bytes) =>
          inserted(bytes, at, piece),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(
      ([at, piece]): ByteMutation =>
        (bytes) =>
          inserted(bytes, at, Buffer.from(piece)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place, fc.integer({ min: 1, max: 300 })).map(
      ([from, length, times]): ByteMutation =>
        (bytes) =>
          repeated(bytes, from, length, times),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ByteMutation>(
      (bytes) => Buffer.concat([bytes, bytes]),
      (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
      (bytes) => Buffer.from(bytes.toString('base64')),
    ),
  },
);

/** Changes fields of a message: other values, other keys, fields gone, twice, or too many. */
export const fieldMutations: fc.Arbitrary<FieldMutation> = fc
  .array(fieldMutation, { minLength: 1, maxLength: 3 })
  .map((mutations) => (fields) => mutations.reduce((changed, mutate) => mutate(changed), fields));

/** Changes bytes: flipped bits, what is missing, what is foreign, what is there again. */
export const byteMutations: fc.Arbitrary<ByteMutation> = fc
  .array(byteMutation, { minLength: 1, maxLength: 2 })
  .map((mutations) => (bytes) => mutations.reduce((changed, mutate) => mutate(changed), bytes));

function replaced(fields: Fields, at: number, change: (field: Fields[number]) => Fields[number]): Fields {
  return fields.map((field, index) => (index === at % fields.length ? change(field) : field));
}

function flipped(bytes: Buffer, bits: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const bit of copy.length === 0 ? [] : bits) {
    const at = (bit >> 3) % copy.length;
    copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  }
  return copy;
}

function inserted(bytes: Buffer, at: number, piece: Buffer): Buffer {
  const cut = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, cut), piece, bytes.subarray(cut)]);
}

function repeated(bytes: Buffer, from: number, length: number, times: number): Buffer {
  const start = from % (bytes.length + 1);
  const piece = bytes.subarray(start, start + (length % 64));
  return inserted(bytes, start, Buffer.concat(Array.from({ length: times }, () => piece)));
}
