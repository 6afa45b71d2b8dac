import * as v from 'valibot';
import { type ActionType, paramSchemas } from '../../../agent/protocol/params.ts';
import { type ApiError, invalid } from '../../errors.ts';

/** What a caller sent: strings in a query, any JSON in a body. */
export type Raw = Record<string, unknown>;

/** How a parameter is spelt in a query string. */
const kinds: Record<string, 'text' | 'id' | 'number' | 'boolean' | 'list'> = {
  message: 'text',
  video: 'text',
  channel: 'id',
  script: 'text',
  port: 'number',
  js: 'text',
  firmware: 'text',
  radiochannel: 'id',
  volume: 'number',
  debugserver: 'text',
  keys: 'list',
  notify: 'text',
  repeat: 'boolean',
  duration: 'number',
  gap: 'number',
  lifetime: 'number',
};

/** Telecom X group action, "Errors": the description of each 422. The last five are ours, in the same style: the document has none. */
const descriptions: Record<string, string> = {
  message: 'Message is missing',
  video: 'Video is missing or URL is invalid',
  channel: 'Channel is invalid',
  script: 'Script is missing or URL is invalid',
  port: 'Port is invalid',
  js: 'Javascript code is missing',
  firmware: 'URL is invalid',
  radiochannel: 'Channel is invalid',
  volume: 'Volume is invalid',
  debugserver: 'Invalid server',
  keys: 'Invalid key detected',
  notify: 'Notify is invalid',
  repeat: 'Repeat is invalid',
  duration: 'Duration is invalid',
  gap: 'Gap is invalid',
  lifetime: 'Lifetime is invalid',
};

/** The parameters of an action, validated. Throws 422 with the documented field and description. Those of other types are ignored. */
export function readParameters(type: ActionType, raw: Raw): Record<string, unknown> {
  const schema: v.GenericSchema<unknown, Record<string, unknown>> = paramSchemas[type];
  const given = Object.keys(paramSchemas[type].entries)
    .map((name): [string, unknown] => [name, convert(raw, name)])
    .filter(([, value]) => value !== undefined);
  const result = v.safeParse(schema, Object.fromEntries(given), { abortEarly: true });
  if (result.success) return result.output;
  throw refusal(result.issues[0], raw);
}

function refusal(issue: v.BaseIssue<unknown>, raw: Raw): ApiError {
  const field = String(issue.path?.[0]?.key ?? 'type');
  if (field === 'keys' && listOf(raw).length === 0) return invalid('keys', 'No keys specified');
  const isTooLong = issue.type === 'max_length' && (field === 'message' || field === 'js' || field === 'keys');
  if (isTooLong) return invalid(field, `Longer than the ${String(issue.requirement)} that are taken`);
  return invalid(field, descriptions[field] ?? 'Is invalid');
}

/** A parameter as its schema expects it; undefined when it is missing or blank. What cannot be converted is left to the schema. */
function convert(raw: Raw, name: string): unknown {
  if (kinds[name] === 'list') return listOf(raw);
  const value = raw[name];
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return undefined;
  if (typeof value !== 'string' || kinds[name] === 'text') return value;
  const text = value.trim();
  if (kinds[name] === 'id') return text.toLowerCase();
  if (kinds[name] === 'number') return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : text;
}

/** The keys, however they were sent: `keys` repeated, `keys[]`, a comma list, or a JSON array. */
function listOf(raw: Raw): unknown[] {
  return [raw.keys, raw['keys[]']]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? namesIn(value) : [value]))
    .filter((value) => value !== undefined && value !== null && value !== '');
}

/** `MENU,OK` or `["MENU","OK"]`. */
function namesIn(text: string): string[] {
  const list = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1] ?? text;
  return list.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}
