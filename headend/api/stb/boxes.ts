import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Box, BoxQuery } from '../../store/boxes.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, pagingEntries, read } from '../read.ts';
import { boxView, listOf, viewBox } from './views.ts';

const text = v.pipe(v.string(), v.maxLength(200));

/** What boxes can be chosen by, in a list and for an action. */
export const boxFilter = {
  q: v.optional(
    v.pipe(
      text,
      v.description('Part of the id, MAC, name, notes or custom fields; capitals and accents mean nothing.'),
    ),
  ),
  online: v.optional(flag),
  group: v.optional(looseId),
  customer: v.optional(looseId),
  model: v.optional(text),
  upstream: v.optional(v.pipe(text, v.description('mqtt, websocket, heartbeat or ministra.'))),
  firmware: v.optional(text),
};

const query = v.object({ ...boxFilter, ...pagingEntries });
const params = v.object({ id: looseId });

/** `GET /stb/v1/boxes` and `GET /stb/v1/boxes/{id}`. */
export function boxRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/boxes',
    describe({ tag: 'Fleet', summary: 'The boxes', query, answer: listOf(boxView), errors: [403, 422] }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, ...filter } = read(query, request.query);
      const found = fleet.store.boxes.list(toQuery(fleet, user, filter), { offset, limit });
      return { offset, limit, total: found.total, items: found.items.map((box) => viewBox(fleet, box)) };
    },
  );

  app.get(
    '/stb/v1/boxes/:id',
    describe({ tag: 'Fleet', summary: 'One box, by id or MAC', params, answer: boxView, errors: [403, 404] }),
    async (request) => {
      const user = authentication.user(request);
      return viewBox(fleet, visibleBox(fleet, user, read(params, request.params).id));
    },
  );
}

/** The set-top box that an operator means by an id or MAC. Throws 404 when there is none among those it sees. */
export function visibleBox(fleet: Fleet, user: User, idOrMac: string, field = 'id'): Box {
  const box = fleet.store.boxes.find(idOrMac);
  if (box === undefined || box.type !== 'STB' || !fleet.access.scope(user).includes(box.customer))
    throw notFound(field);
  return box;
}

/** A filter as a query of the store, within what the operator sees. */
export function toQuery(
  fleet: Fleet,
  user: User,
  filter: v.InferOutput<v.ObjectSchema<typeof boxFilter, undefined>>,
): BoxQuery {
  const scope = fleet.access.scope(user);
  return {
    scope: filter.customer === undefined ? scope : scope.filter((id) => id === filter.customer),
    types: ['STB'],
    text: filter.q,
    group: filter.group,
    model: filter.model,
    firmware: filter.firmware,
    upstream: filter.upstream,
    among: filter.online === undefined ? undefined : { ids: fleet.presence.online(), inside: filter.online },
  };
}
