import { readFileSync } from 'node:fs';

/**
 * A shell script as mmdebstrap takes it for a hook: its text, as the file may not be readable in mmdebstrap's user namespace, after the
 * variables that it reads.
 */
export function hook(file: string, variables: Record<string, string>): string {
  const quoted = Object.entries(variables).map(([key, value]) => `${key}='${value.replaceAll("'", `'\\''`)}'`);
  return [...quoted, readFileSync(file, 'utf8')].join('\n');
}
