import type { JsonSchema } from '@valibot/to-json-schema';
import { code } from './markdown.ts';

/** How many values are listed before they are only counted. */
const listed = 8;

/** A parameter's type and bounds in words: `integer, 0 to 100`. */
export function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) {
    const values = schema.enum.map((value) => code(String(value)));
    return values.length > listed ? `one of ${values.length} names` : values.join(' or ');
  }
  if (schema.type === 'array') {
    const items = typeOf(schema.items as JsonSchema);
    return `list of ${span(schema.minItems, schema.maxItems)}, each ${items}`;
  }
  if (schema.type === 'string') return `text, ${span(schema.minLength, schema.maxLength)} characters`;
  const bounds = span(schema.minimum, schema.maximum);
  return bounds === '' ? String(schema.type) : `${schema.type}, ${bounds}`;
}

function span(min: number | undefined, max: number | undefined): string {
  const format = (value: number) => value.toLocaleString('en-US', { useGrouping: value >= 10_000 });
  if (min !== undefined && max !== undefined) return `${format(min)} to ${format(max)}`;
  if (max !== undefined) return `at most ${format(max)}`;
  return min === undefined ? '' : `at least ${format(min)}`;
}
