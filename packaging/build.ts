/**
 * Builds what a box runs: `dist/stb-agent.mjs`, the agent in one file, and beside it the one native module it needs.
 *
 * better-sqlite3's binary is not bundled but copied from its package for each of the box's possible architectures; the
 * simulator's drawing library and fonts stay out, so a bundled simulator has no screen.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist');

/**
 * Takes Node's own modules as `require` would. An ES import of `node:http` reads every export, and one of them is made by
 * loading all of `fetch`: 45 ms of a start and 10 MB. And what is not imported is loaded when it is needed.
 */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node' }));
    onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }));
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(root, 'agent/cli.ts')],
  outfile: join(out, 'stb-agent.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.12',
  minify: true,
  legalComments: 'linked',
  external: ['better-sqlite3', 'koffi', '@napi-rs/canvas', '@expo-google-fonts/inter', 'cpu-features', '*.node'],
  // Bundled CommonJS packages call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [nodeModules],
  logLevel: 'warning',
});
chmodSync(join(out, 'stb-agent.mjs'), 0o755);
copySqlite();
copyKoffi();
cpSync(join(root, 'platform/drivers/simulator/tv'), join(out, 'tv'), { recursive: true });
for (const name of readdirSync(out))
  process.stdout.write(`${name.padEnd(28)} ${Math.round(sizeOf(join(out, name)) / 1024)} kB\n`);

/** better-sqlite3 as a package of its own beside the bundle, with the Linux binaries only. */
function copySqlite(): void {
  const source = join(root, 'node_modules/better-sqlite3');
  const target = join(out, 'node_modules/better-sqlite3');
  for (const name of ['package.json', 'LICENSE', 'lib'])
    cpSync(join(source, name), join(target, name), { recursive: true });
  for (const name of readdirSync(join(source, 'prebuilds')).filter((file) => file.startsWith('linux'))) {
    cpSync(join(source, 'prebuilds', name), join(target, 'prebuilds', name));
  }
}

/** koffi likewise, with the binaries for Linux that npm has installed: those of this machine's architecture. */
function copyKoffi(): void {
  const modules = join(root, 'node_modules');
  const target = join(out, 'node_modules');
  for (const name of ['package.json', 'LICENSE.txt', 'index.js', 'src/koffi/index.js', 'src/koffi/src/static.js'])
    cpSync(join(modules, 'koffi', name), join(target, 'koffi', name));
  for (const name of readdirSync(join(modules, '@koromix')).filter((each) => each.startsWith('koffi-linux-')))
    cpSync(join(modules, '@koromix', name), join(target, '@koromix', name), { recursive: true });
}

/** Bytes of a file, or of everything in a folder. */
function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
