import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiContext } from './context.ts';
import { metricsText } from './metrics.ts';
import { describe } from './openapi.ts';

/** `/healthz` and `/metrics`. */
export function serviceRoutes(app: FastifyInstance, { fleet }: ApiContext): void {
  app.get(
    '/healthz',
    describe({
      tag: 'Service',
      summary: 'Whether the headend serves, and its store can be read',
      answer: v.object({ status: v.literal('ok'), boxesOnline: v.number() }),
      open: true,
    }),
    async () => {
      fleet.store.boxes.count();
      return { status: 'ok' as const, boxesOnline: fleet.presence.online().length };
    },
  );

  app.get(
    '/metrics',
    describe({ tag: 'Service', summary: 'Figures in the Prometheus text format', open: true }),
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(fleet)),
  );
}
