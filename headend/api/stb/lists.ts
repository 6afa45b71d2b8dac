import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, pagingEntries, read } from '../read.ts';
import { listOf } from './views.ts';

const groupView = v.object({ id: v.string(), customer: v.string(), name: v.string(), boxes: v.number() });
const channelView = v.object({
  id: v.string(),
  customer: v.nullable(v.string()),
  number: v.number(),
  name: v.string(),
  radio: v.boolean(),
  baseChannel: v.nullable(v.string()),
  locals: v.array(v.string()),
  dvbOnly: v.boolean(),
  dvb: v.nullable(v.record(v.string(), v.union([v.string(), v.number()]))),
});

const groupQuery = v.object({ q: v.optional(v.string(), ''), ...pagingEntries });
const channelQuery = v.object({ q: v.optional(v.string(), ''), radio: v.optional(flag), ...pagingEntries });

/** `GET /stb/v1/groups` and `GET /stb/v1/channels`: what an action can name. */
export function listRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/groups',
    describe({
      tag: 'Fleet',
      summary: 'The device groups',
      query: groupQuery,
      answer: listOf(groupView),
      errors: [403, 422],
    }),
    async (request) => {
      const scope = fleet.access.scope(authentication.user(request));
      const { q, offset, limit } = read(groupQuery, request.query);
      const found = fleet.store.groups.list(scope, q, { offset, limit });
      const items = found.items.map((group) => ({
        ...group,
        boxes: fleet.store.boxes.targetsOfGroup(group.id).length,
      }));
      return { offset, limit, total: found.total, items };
    },
  );

  app.get(
    '/stb/v1/channels',
    describe({
      tag: 'Fleet',
      summary: 'The TV and radio channels',
      query: channelQuery,
      answer: listOf(channelView),
      errors: [403, 422],
    }),
    async (request) => {
      const scope = fleet.access.scope(authentication.user(request));
      const { q, radio, offset, limit } = read(channelQuery, request.query);
      const query = { filter: q, ...(radio === undefined ? {} : { radio }) };
      const found = fleet.store.channels.list(scope, query, { offset, limit });
      return { offset, limit, total: found.total, items: found.items };
    },
  );
}
