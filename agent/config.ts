import { existsSync, readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { type Config, type Option, type OptionName, options } from './config-options.ts';

export type { Config } from './config-options.ts';

export const defaultConfigFile = '/etc/stb-agent/agent.toml';
const environmentPrefix = 'STB_AGENT_';

/** A configuration that cannot be used: one line per fault, each with the key, the value and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Where a value came from, for `config check`. */
export type LoadedConfig = {
  config: Config;
  sources: Record<OptionName, 'file' | 'environment' | 'default'>;
  file: string | null;
};

/**
 * Reads the file, then lets the environment override it key by key. Without `file` the default one is read if it exists.
 * Throws ConfigError with every fault there is.
 */
export function loadConfig(file: string | undefined, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const path = file ?? (existsSync(defaultConfigFile) ? defaultConfigFile : null);
  const inFile = path === null ? new Map<string, unknown>() : flatten(readToml(path));
  const inEnvironment = fromEnvironment(environment);
  const faults: string[] = [];
  for (const key of [...inFile.keys()].filter(isUnknown)) faults.push(`${path}: unknown key ${key}${suggest(key)}`);
  for (const [key, { name }] of inEnvironment)
    if (isUnknown(key)) faults.push(`${name}: unknown key ${key}${suggest(key)}`);

  const config: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const [key, option] of Object.entries<Option>(options)) {
    const overridden = inEnvironment.get(key);
    const value = overridden ? fromText(overridden.text, option) : inFile.get(key);
    const fault = value === undefined ? undefined : check(value, option);
    const from = overridden ? overridden.name : `${path}: ${key}`;
    const how = overridden && option.kind === 'list' ? ', separated by commas or a JSON array' : '';
    if (fault) faults.push(`${from} = ${shown(key, value)}: expected ${fault}${how}`);
    config[key] = value ?? option.fallback;
    sources[key] = overridden ? 'environment' : value === undefined ? 'default' : 'file';
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return { config: config as Config, sources: sources as LoadedConfig['sources'], file: path };
}

/** A value fit for the eye: secrets are not, nor what a URL has before its host. */
export function shown(key: string, value: unknown): string {
  if (value !== null && /(^|[._])(token|password)$/.test(key)) return '[secret]';
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value).replaceAll(/:\/\/[^/"]*@/g, '://[secret]@');
}

/** The environment variable that overrides a key. */
export function environmentName(key: string): string {
  return environmentPrefix + key.toUpperCase().replaceAll('.', '__');
}

function readToml(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `cannot read the configuration ${path}: ${(error as Error).message}; name another with --config FILE`,
    );
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError(`${path}:${error.line}:${error.column}: not TOML: ${error.message.split('\n')[0]}`);
  }
}

/** `{ box: { id: 'x' } }` as `box.id → x`. */
function flatten(table: Record<string, unknown>, prefix = '', into = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, value] of Object.entries(table)) {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (isTable) flatten(value as Record<string, unknown>, `${prefix}${key}.`, into);
    else into.set(prefix + key, value);
  }
  return into;
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Map<string, { name: string; text: string }> {
  const found = new Map<string, { name: string; text: string }>();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(environmentPrefix) || text === undefined) continue;
    const key = name.slice(environmentPrefix.length).toLowerCase().replaceAll('__', '.');
    found.set(key, { name, text });
  }
  return found;
}

/** What a text from the environment means for an option; a list is separated by commas, or a JSON array. */
function fromText(text: string, { kind }: Option): unknown {
  if (kind === 'list' && text.trimStart().startsWith('[')) return fromJson(text);
  if (kind === 'list') return text === '' ? [] : text.split(',').map((item) => item.trim());
  if (kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** The value of a JSON text, or the text where it is none. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What was expected instead of `value`, or nothing when it fits. */
function check(value: unknown, option: Option): string | undefined {
  const { kind, oneOf, range, isWhole, expected } = option;
  if (kind === 'list') {
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return expected ?? 'a list of texts';
    if (oneOf && !value.every((item) => oneOf.includes(item))) return `a list of ${oneOf.join(', ')}`;
    return (option.accepts?.(value) ?? true) ? undefined : expected;
  }
  if (oneOf) return oneOf.includes(value as string) ? undefined : `one of ${oneOf.join(', ')}`;
  if (range) {
    const isIn = typeof value === 'number' && value >= range[0] && value <= range[1];
    return isIn && (!isWhole || Number.isInteger(value))
      ? undefined
      : `a ${isWhole ? 'whole ' : ''}number from ${range[0]} to ${range[1]}`;
  }
  if (typeof value !== kind) return expected ?? `a ${kind}`;
  if (option.accepts?.(value as string) ?? true) return undefined;
  return expected ?? 'a text in one line that is not empty';
}

function isUnknown(key: string): boolean {
  return !Object.hasOwn(options, key);
}

/** The known key that looks most like an unknown one, or the keys of its section. */
function suggest(key: string): string {
  const scored = Object.keys(options).map((known) => ({
    known,
    score: sharedEnds(key, known) / Math.max(key.length, known.length),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score >= 0.7) return `; did you mean ${best.known}?`;
  const section = Object.keys(options).filter((known) => known.startsWith(`${key.split('.')[0]}.`));
  return section.length > 0 ? `; known there: ${section.join(', ')}` : '; see docs/configuration.md';
}

/** How many characters two texts have in common at their beginning and their end. */
function sharedEnds(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let front = 0;
  while (front < shorter && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < shorter - front && a.at(-1 - back) === b.at(-1 - back)) back += 1;
  return front + back;
}
