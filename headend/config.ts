import { parse } from 'smol-toml';
import * as v from 'valibot';
import { explain } from '../agent/protocol/messages.ts';

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const lifetime = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(366 * 24 * 3600));
const timezone = v.pipe(text, v.check(isTimezone, 'Expected a time zone: Europe/Kiev'));
const address = (...schemes: string[]) =>
  v.pipe(
    text,
    v.check(
      (url) => schemes.includes(URL.parse(url)?.protocol.slice(0, -1) ?? ''),
      `Expected a URL: ${schemes.join(', ')}`,
    ),
  );

/** The configuration, as `headend.toml` has it. `docs/headend.md` explains each key. */
export const configSchema = v.strictObject({
  data_dir: v.optional(text, '/var/lib/stb-headend'),
  /** The administrator's token, taken over at the first start. */
  admin_token: v.optional(
    v.pipe(text, v.regex(/^[!-~]+$/, 'Expected a token of letters, digits and signs without spaces')),
  ),
  demo: v.optional(v.boolean(), false),
  demo_boxes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(3), v.maxValue(10_000)), 3),
  http: v.optional(v.strictObject({ host: v.optional(text, '127.0.0.1'), port: v.optional(port, 8080) }), {}),
  broker: v.optional(
    v.strictObject({
      host: v.optional(text, '127.0.0.1'),
      port: v.optional(port, 1883),
      url: v.optional(address('mqtt', 'mqtts', 'ws', 'wss')),
      /** PEM: the authorities to trust at `url`, instead of the system's. */
      ca_file: v.optional(text),
      username: v.optional(v.string()),
      password: v.optional(v.string()),
    }),
    {},
  ),
  management: v.optional(
    v.strictObject({
      host: v.optional(text, '127.0.0.1'),
      port: v.optional(port, 2222),
      /** Made when it is missing; by default in `data_dir`. */
      host_key_file: v.optional(text),
      /** Public keys of the boxes, as in an `authorized_keys` file. */
      authorized_keys: v.pipe(v.array(text), v.minLength(1)),
    }),
  ),
  ministra: v.optional(
    v.strictObject({
      /** Of operators at the REST API, which is off without both. */
      login: v.optional(text),
      password: v.optional(text),
      allow_resellers_info: v.optional(v.boolean(), false),
      /** Whether `load.php` serves boxes. */
      boxes: v.optional(v.boolean(), true),
      register_unknown: v.optional(v.boolean(), true),
      login_required: v.optional(v.boolean(), false),
      mac_prefix: v.optional(v.pipe(v.string(), v.regex(/^([0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){0,5})?$/)), '00:1A:79'),
      links: v.optional(v.picklist(['direct', 'temporary']), 'direct'),
      watchdog_seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_600)), 120),
      command_seconds: v.optional(lifetime, 24 * 3600),
      message_seconds: v.optional(lifetime, 7 * 24 * 3600),
      update_url: v.optional(address('http', 'https')),
      timezone: v.optional(timezone),
      /** The customer of boxes that nobody gave to one. */
      customer: v.optional(v.pipe(text, v.regex(/^[0-9a-f]{24}$/))),
    }),
    {},
  ),
  /** Programme data: an XMLTV file, read at the start and whenever it has changed. */
  epg: v.optional(v.strictObject({ file: text })),
  retention: v.optional(
    v.strictObject({
      action_days: v.optional(count, 90),
      action_count: v.optional(count, 1_000_000),
      telemetry_days: v.optional(count, 14),
      telemetry_count: v.optional(count, 2_000_000),
    }),
    {},
  ),
  log: v.optional(
    v.strictObject({
      level: v.optional(v.picklist(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), 'info'),
    }),
    {},
  ),
});

export type HeadendConfig = v.InferOutput<typeof configSchema>;
/** A configuration as it may be written: what is left out gets its default. */
export type HeadendConfigInput = v.InferInput<typeof configSchema>;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A mistake in the configuration; the message names the key, the value and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks a configuration and fills in the defaults. Throws ConfigError. */
export function parseConfig(input: unknown): HeadendConfig {
  const result = v.safeParse(configSchema, input, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = v.getDotPath(issue);
  if (issue.expected === 'never') throw new ConfigError(`${key}: there is no such key; docs/headend.md lists them all`);
  throw new ConfigError(explain(issue));
}

/** Reads TOML and the environment (`STB_HEADEND_HTTP__PORT=8081`), which wins. Throws ConfigError. */
export function readConfig(toml: string, environment: Record<string, string | undefined>): HeadendConfig {
  let table: Record<string, unknown>;
  try {
    table = parse(toml);
  } catch (error) {
    throw new ConfigError(`not TOML: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !name.startsWith(prefix)) continue;
    set(table, name.slice(prefix.length).toLowerCase().split('__'), value, name);
  }
  return parseConfig(table);
}

const prefix = 'STB_HEADEND_';

/** Puts a value of the environment at its place, as the type that the schema expects there. */
function set(table: Record<string, unknown>, path: string[], value: string, name: string): void {
  let place = table;
  for (const key of path.slice(0, -1)) {
    place[key] ??= {};
    if (typeof place[key] !== 'object') throw new ConfigError(`${name}: ${key} is not a table`);
    place = place[key] as Record<string, unknown>;
  }
  const schema = schemaAt(path);
  if (schema === undefined) throw new ConfigError(`${name}: there is no such key; docs/headend.md lists them all`);
  place[path.at(-1) as string] = typed(schema, value);
}

type Schema = { type: string; wrapped?: Schema; entries?: Record<string, Schema> };

function schemaAt(path: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = configSchema as unknown as Schema;
  for (const key of path) schema = unwrap(schema)?.entries?.[key];
  return unwrap(schema);
}

function unwrap(schema: Schema | undefined): Schema | undefined {
  return schema?.wrapped === undefined ? schema : unwrap(schema.wrapped);
}

function typed({ type }: Schema, value: string): unknown {
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (type === 'array' && value.trimStart().startsWith('[')) return fromJson(value);
  if (type === 'array') return value.split(',').map((part) => part.trim());
  return value;
}

/** The value of a JSON text, or the text where it is none. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
