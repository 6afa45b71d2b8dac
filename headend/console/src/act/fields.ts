import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { type ActionType, paramSchemas } from '../../../../agent/protocol/params.ts';
import { isBlank } from '../../../../platform/drivers/simulator/screen/message-layout.ts';
import { showNumber } from '../format.ts';
import { texts } from '../texts.ts';

/** One parameter of an action type, as a form shows it. Made from the schema that the agent validates with. */
export type Field = {
  name: string;
  required: boolean;
} & (
  | { kind: 'text'; maxLength: number | undefined; long: boolean }
  | { kind: 'number'; min: number | undefined; max: number | undefined; whole: boolean }
  | { kind: 'flag' }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'keys'; options: readonly string[]; most: number | undefined }
);

type Property = {
  type?: string;
  enum?: string[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  items?: Property;
};

const conversion: ConversionConfig = { errorMode: 'ignore', typeMode: 'input' };
/** A text that may be longer than this gets a field of several lines. */
const longText = 2_100;

/** The parameters of a type, the required ones first. */
export function fieldsOf(type: ActionType): Field[] {
  const schema = toJsonSchema(paramSchemas[type] as Parameters<typeof toJsonSchema>[0], conversion);
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => toField(name, property as Property, required.includes(name)))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

function toField(name: string, property: Property, required: boolean): Field {
  const head = { name, required };
  if (property.type === 'array') {
    return { ...head, kind: 'keys', options: property.items?.enum ?? [], most: property.maxItems };
  }
  if (property.enum !== undefined) return { ...head, kind: 'choice', options: property.enum };
  if (property.type === 'boolean') return { ...head, kind: 'flag' };
  if (property.type === 'number' || property.type === 'integer') {
    const { minimum: min, maximum: max } = property;
    return { ...head, kind: 'number', min, max, whole: property.type === 'integer' };
  }
  const { maxLength } = property;
  return { ...head, kind: 'text', maxLength, long: (maxLength ?? 0) > longText };
}

/** What a parameter is called, and whether it may be left out. */
export function labelOf({ name, required }: Field): string {
  return `${texts.params[name] ?? name}${required ? '' : ` (${texts.common.optional})`}`;
}

/** What is wrong with the parameters, field by field; empty when nothing is. */
export function problemsOf(type: ActionType, params: Record<string, unknown>): Record<string, string> {
  const result = v.safeParse(paramSchemas[type], params);
  const problems: Record<string, string> = {};
  for (const issue of result.issues ?? []) {
    const name = v.getDotPath(issue)?.split('.')[0] ?? '';
    problems[name] ??= say(name, issue);
  }
  const { message } = params;
  if (typeof message === 'string' && isBlank(message)) problems.message ??= texts.paramProblems.noText;
  return problems;
}

/** What the validator found, in the console's words. */
function say(name: string, { type, input, requirement }: v.BaseIssue<unknown>): string {
  const words = texts.paramProblems;
  const limit = showNumber(Number(requirement));
  if (input === undefined || type === 'min_length') return words.missing;
  if (type === 'number') return words.number;
  if (type === 'integer') return words.whole;
  if (type === 'min_value') return words.least(limit);
  if (type === 'max_value') return words.most(limit);
  if (type === 'max_length' && typeof input === 'string') return words.tooLong(limit);
  return words.forms[name] ?? words.other;
}
