import type { FastifyInstance } from 'fastify';
import { lineupSchema } from '../../../agent/protocol/lineup.ts';
import { lineupOf } from '../../fleet/lineup.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';

/** `GET /stb/v1/lineup`: the channels and tuner configuration of the box that asks. */
export function lineupRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/lineup',
    describe({ tag: 'Box', summary: 'The line-up of this box', answer: lineupSchema, errors: [403] }),
    async (request) => lineupOf(fleet.store, authentication.box(request)),
  );
}
