/** What `config check` finds in the files that a configuration names; a running agent finds it where it needs them. */
import { existsSync, readFileSync } from 'node:fs';
import { type Config, ConfigError, shown } from './config.ts';
import { type Option, type OptionName, options } from './config-options.ts';
import { isToken } from './config-values.ts';

/** Throws ConfigError with a line for each file that is not what its key is for. The token's may be missing: it is written by `enroll`. */
export function checkFiles(config: Config): void {
  const names = (Object.entries(options) as [OptionName, Option][]).flatMap(([key, { isPem }]) => (isPem ? [key] : []));
  const tokenFile = config['headend.token_file'];
  const faults = [
    ...names.map((key) => faultOf(config, key, 'a PEM file', (text) => text.includes('-----BEGIN '))),
    tokenFile !== null && existsSync(tokenFile)
      ? faultOf(config, 'headend.token_file', 'a file with a token', (text) => isToken(text.trim()))
      : undefined,
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
}

function faultOf(config: Config, key: OptionName, expected: string, accepts: (text: string) => boolean) {
  const file = config[key];
  if (typeof file !== 'string') return undefined;
  const fault = `${key} = ${shown(key, file)}: expected ${expected}`;
  try {
    return accepts(readFileSync(file, 'utf8')) ? undefined : fault;
  } catch (error) {
    return `${fault}: ${(error as Error).message}`;
  }
}
