import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where `npm run build:console` puts the page. */
const built = fileURLToPath(new URL('../console/dist', import.meta.url));

/** Scripts, styles, pictures and calls of this origin only, and nothing inline: what a box says can never become code. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** The ops console at `/`. Its files carry their hash in their name and may be kept for ever; the page itself is asked for each time. */
export async function consoleRoutes(app: FastifyInstance, directory: string = built): Promise<void> {
  const page = join(directory, 'index.html');
  if (!existsSync(page)) return notBuilt(app);
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ ...headers, 'Cache-Control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(await readFile(page)),
  );
  await app.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    index: false,
    // Beside each file lie its .br and .gz, made at build time.
    preCompressed: true,
    decorateReply: false,
    schemaHide: true,
    maxAge: '365d',
    immutable: true,
    setHeaders(reply) {
      for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    },
  });
}

/** A clone whose console was never built serves everything else all the same. */
function notBuilt(app: FastifyInstance): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers(headers)
      .type('text/plain; charset=utf-8')
      .send(
        'The console is not built: run "npm run build:console" and start the headend again.\nThe API is at /docs.\n',
      ),
  );
}
