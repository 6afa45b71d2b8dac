import * as v from 'valibot';
import { explain, isTime } from '../../agent/protocol/messages.ts';
import { invalid } from '../errors.ts';
import { headendLimits } from '../limits.ts';

/** Validates what a caller sent. Throws 422 that names the field and says what was expected. */
export function read<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input ?? {}, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue) ?? 'body';
  const isUnknown = issue.expected === 'never';
  throw invalid(path.split('.')[0] ?? path, isUnknown ? `${path}: there is no such field` : explain(issue));
}

/** A whole number, also as a query string spells it. */
export const wholeNumber = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d{1,15}$/), v.transform(Number))], 'Expected a whole number'),
  v.safeInteger('Expected a whole number'),
);

/** A boolean, also as a query string spells it: true, 1, false, 0. */
export const flag = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(['true', 'false', '1', '0']),
    v.transform((text) => text === 'true' || text === '1'),
  ),
]);

/** `offset` and `limit` of a list, as Telecom X has them: 0 and 100 by default, `limit` 1 to 500. */
export const pagingEntries = {
  offset: v.optional(v.pipe(wholeNumber, v.minValue(0)), 0),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(headendLimits.page.max)), headendLimits.page.default),
};

/** Where a list of what is ever added to goes on: with what is older than the item of this `seq`. */
export const before = v.optional(
  v.pipe(wholeNumber, v.description('The `seq` of an item, for those that are older: where the next page begins.')),
);

/** An id as it may stand in a path, query or body: it is looked up, not trusted. It is hexadecimal, so capitals mean the same. */
export const looseId = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), v.toLowerCase());

const nameExpected = `Expected a name of 1 to ${headendLimits.nameLength} characters`;
export const name = v.pipe(
  v.string(nameExpected),
  v.trim(),
  v.minLength(1, nameExpected),
  v.maxLength(headendLimits.nameLength, nameExpected),
);

/** An instant as RFC 3339 with a zone, read as milliseconds since 1970. */
export const instant = v.pipe(
  v.string(),
  v.maxLength(40),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/, 'Expected an RFC 3339 time with a zone'),
  v.check(isTime, 'Expected an existing time'),
  v.transform((text) => Date.parse(text)),
);

/** A time as the answers carry it. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
