import { statfs } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { headendLimits } from '../limits.ts';
import type { ApiContext } from './context.ts';
import { metricsText } from './metrics.ts';
import { describe } from './openapi.ts';

/** `/healthz` and `/metrics`. On a full disk what is known can still be read, and nothing be asked for: 503. */
export function serviceRoutes(app: FastifyInstance, { fleet }: ApiContext, dataDir: string): void {
  app.get(
    '/healthz',
    describe({
      tag: 'Service',
      summary:
        'Whether the headend serves, its store can be read, and there is space to write: 200, or 503 on a full disk',
      answer: v.object({ status: v.picklist(['ok', 'disk full']), boxesOnline: v.number() }),
      open: true,
    }),
    async (_request, reply) => {
      fleet.store.boxes.count();
      const { bavail, bsize } = await statfs(dataDir);
      const isFull = bavail * bsize < headendLimits.leastFreeBytes;
      const boxesOnline = fleet.presence.online().length;
      return reply.code(isFull ? 503 : 200).send({ status: isFull ? 'disk full' : 'ok', boxesOnline });
    },
  );

  app.get(
    '/metrics',
    describe({ tag: 'Service', summary: 'Figures in the Prometheus text format', open: true }),
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(fleet)),
  );
}
