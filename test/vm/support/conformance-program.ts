import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The conformance suite and the linux driver in one file, as the box's Node runs it. koffi is not in it. */
export async function bundleConformance(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('conformance-guest.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node22.12',
    external: ['koffi', '*.node'],
    // Bundled CommonJS packages call require for Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild made nothing of conformance-guest.ts');
  return bundle.contents;
}
