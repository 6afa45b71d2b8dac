/**
 * Writes the pages and schemas that are made from the code; with `--check` it writes nothing, says which are stale, and ends
 * with exit code 1 if any is.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generate/files.ts';

const directory = import.meta.dirname;
const files = generatedFiles();

const stale = [...files].filter(([name, content]) => read(name) !== content).map(([name]) => name);
const orphaned = readSchemas().filter((name) => !files.has(name));

if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`docs/${name} is not what the code says: run npm run fix`);
  for (const name of orphaned) console.error(`docs/${name} describes nothing any more: run npm run fix`);
  process.exitCode = stale.length + orphaned.length > 0 ? 1 : 0;
} else {
  for (const name of stale) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), files.get(name) ?? '');
    console.log(`wrote docs/${name}`);
  }
  for (const name of orphaned) {
    rmSync(join(directory, name));
    console.log(`removed docs/${name}`);
  }
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(directory, name), 'utf8');
  } catch {
    return undefined;
  }
}

function readSchemas(): string[] {
  try {
    return readdirSync(join(directory, 'schemas')).map((name) => `schemas/${name}`);
  } catch {
    return [];
  }
}
