import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** One script and one style sheet, nothing inline: the page's content security policy allows no other. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Said here, because a test that builds the page runs with another NODE_ENV.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/stb': process.env.STB_HEADEND_URL ?? 'http://127.0.0.1:8080' } },
});
