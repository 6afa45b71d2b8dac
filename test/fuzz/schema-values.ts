import fc from 'fast-check';
import type { Schema } from './operations.ts';

/** Values that exist at the headend, by the name of the field they may stand in. */
export type Known = Record<string, readonly string[]>;

/** Values that a schema allows, more or less: what it cannot say (checks of a text) is often broken. */
export function valuesOf(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const real = known[name];
  const any = bySchema(schema, known);
  if (real === undefined || schema.type === 'array') return real ? fc.oneof(fc.subarray([...real]), any) : any;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...real) }, { weight: 1, arbitrary: any });
}

function bySchema(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return fc.oneof(...choices.map((choice) => bySchema(choice, known)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const { minimum = -10, maximum = 100 } = schema;
  switch (type) {
    case 'string':
      return text(schema.pattern);
    case 'integer':
      return fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.max(minimum, maximum)) });
    case 'number':
      return fc.oneof(
        fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.max(minimum, maximum)) }),
        fc.double(),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, known), { maxLength: 3 });
    case 'object':
      return fc.record(fieldsOf(schema, known), { requiredKeys: schema.required ?? [] });
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function fieldsOf({ properties = {} }: Schema, known: Known): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, known, name)]));
}

/** Text that fits a pattern where that is told, and all that patterns are not told of. */
function text(pattern: string | undefined): fc.Arbitrary<string> {
  const any = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.stringMatching(/^[0-9a-f]{24}$/),
    fc.stringMatching(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/),
    fc.constantFrom('http://box.invalid/a', 'udp://239.1.1.1:1234', '2026-11-22T00:00:00Z', 'OK,MENU', '50', 'true'),
  );
  return pattern?.startsWith('^\\d{4}-') ? fc.oneof(fc.constant('2026-11-22T00:00:00Z'), any) : any;
}
