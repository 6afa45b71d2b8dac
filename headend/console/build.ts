/** Builds the ops console into `dist`, with every file compressed beside it. `npm run build:console` calls it, `npm start` when it is out of date. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = join(here, 'dist');
const project = join(here, '../..');
/** What the page is made of; the newest of it decides whether it has to be built. */
const sources = [
  join(here, 'src'),
  join(here, 'index.html'),
  join(here, 'vite.config.ts'),
  join(project, 'agent/protocol'),
  join(project, 'headend/fleet/rollout-waves.ts'),
  join(project, 'headend/roles.ts'),
  join(project, 'headend/store/action-states.ts'),
  join(project, 'platform/drivers/simulator/screen'),
  join(project, 'platform/drivers/simulator/tv/shared'),
  join(project, 'package-lock.json'),
];
/** Below it compressing makes nothing smaller. */
const smallestCompressed = 512;

/** Builds when something is newer than what was built. Resolves with whether it did. */
export async function buildConsoleIfOutdated(): Promise<boolean> {
  const index = join(out, 'index.html');
  if (existsSync(index) && Math.max(...sources.map(newest)) <= statSync(index).mtimeMs) return false;
  await buildConsole();
  return true;
}

/** Builds beside `dist` and puts it there whole, for several may build at once. */
export async function buildConsole(): Promise<void> {
  // Only when it is needed: nothing else of the project loads the bundler.
  const { build } = await import('vite');
  const made = join(here, `dist-${process.pid}`);
  try {
    await build({ configFile: join(here, 'vite.config.ts'), root: here, logLevel: 'warn', build: { outDir: made } });
    await Promise.all(filesIn(made).map(compress));
    rmSync(out, { recursive: true, force: true });
    renameSync(made, out);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const isThereAlready = (error as NodeJS.ErrnoException).code === 'ENOTEMPTY';
    if (!isThereAlready) throw error;
  }
}

async function compress(file: string): Promise<void> {
  const bytes = readFileSync(file);
  if (bytes.length < smallestCompressed) return;
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes));
  writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function newest(path: string): number {
  const stat = statSync(path);
  return stat.isDirectory() ? Math.max(...filesIn(path).map((file) => statSync(file).mtimeMs)) : stat.mtimeMs;
}

if (import.meta.main) {
  await buildConsole();
  const sum = (end: string) =>
    filesIn(out).reduce((bytes, file) => bytes + (file.endsWith(end) ? statSync(file).size : 0), 0);
  process.stdout.write(
    `${out}: ${Math.round(sum('.gz') / 1024)} kB as gzip, ${Math.round(sum('.br') / 1024)} kB as brotli\n`,
  );
}
