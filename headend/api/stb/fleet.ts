import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';

/** `GET /stb/v1/fleet`: every box that the caller sees, one line of JSON each, for a page that searches and sorts by itself. */
export function fleetRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/fleet',
    describe({
      tag: 'Fleet',
      summary: 'The whole fleet in short',
      description: 'Lines of JSON (`application/x-ndjson`), a few hundred bytes per box, in no promised order.',
      errors: [403],
    }),
    (request, reply) => {
      const scope = fleet.access.scope(authentication.user(request));
      return reply
        .type('application/x-ndjson')
        .header('Cache-Control', 'no-store')
        .send(Readable.from(linesOf(fleet, scope), { objectMode: false }));
    },
  );
}

/** Read in turns: with many thousand boxes other requests are served in between. */
async function* linesOf(fleet: Fleet, scope: readonly string[]): AsyncGenerator<string> {
  const limit = headendLimits.page.max;
  for (let part = fleet.store.fleetRows.next(scope, 0, limit); part; ) {
    yield part.rows.map((row) => `${JSON.stringify({ ...row, online: fleet.presence.isOnline(row.id) })}\n`).join('');
    await turn();
    part = fleet.store.fleetRows.next(scope, part.last, limit);
  }
}
