import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { subscribe } from '../../fleet/subscribe.ts';
import type { Box } from '../../store/boxes.ts';
import type { Subscription } from '../../store/subscriptions.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read, toInstant } from '../read.ts';
import { period } from '../telecomx/assignments.ts';
import { success } from '../telecomx/documented.ts';
import { packageFor } from '../telecomx/package-body.ts';
import { visibleBox } from './boxes.ts';

const params = v.object({ id: looseId });
const oneParams = v.object({ id: looseId, package: looseId });
const creation = v.object({ package: looseId, ...period });
const subscriptionView = v.object({
  package: v.string(),
  name: v.nullable(v.string()),
  main: v.boolean(),
  start: v.nullable(v.string()),
  end: v.nullable(v.string()),
  state: v.picklist(['coming', 'running', 'ended']),
});

/** `/stb/v1/boxes/{id}/subscriptions`: which packages a box has, from when and until when. */
export function subscriptionRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;
  const list = v.object({ items: v.array(subscriptionView) });

  app.get(
    '/stb/v1/boxes/:id/subscriptions',
    describe({ tag: 'Fleet', summary: "A box's packages", params, answer: list, errors: [403, 404] }),
    async (request) => {
      const box = visibleBox(fleet, authentication.user(request), read(params, request.params).id);
      return { items: store.subscriptions.ofBox(box.id).map((one) => view(fleet, one)) };
    },
  );

  app.post(
    '/stb/v1/boxes/:id/subscriptions',
    describe({
      tag: 'Fleet',
      summary: 'Give a box a package, or another beginning and end of it',
      description: 'The box is sent CHANNELS, and DVB where it needs it, now and when the subscription begins or ends.',
      params,
      body: creation,
      answer: list,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const box = changeableBox(fleet, authentication.user(request), read(params, request.params).id);
      const { package: id, start = null, end = null } = read(creation, request.body);
      const found = packageFor(store, box.customer, id, 'package');
      fleet.lineups.during(
        () => [box.id],
        () => subscribe(store, box.id, { package: found.id, start, end }, 'package'),
      );
      return { items: store.subscriptions.ofBox(box.id).map((one) => view(fleet, one)) };
    },
  );

  app.delete(
    '/stb/v1/boxes/:id/subscriptions/:package',
    describe({
      tag: 'Fleet',
      summary: 'End a subscription now',
      params: oneParams,
      answer: success,
      errors: [403, 404],
    }),
    async (request) => {
      const { id, package: ended } = read(oneParams, request.params);
      const box = changeableBox(fleet, authentication.user(request), id);
      const known = store.subscriptions.ofBox(box.id).find((one) => one.package === ended);
      if (known === undefined) throw notFound('package');
      fleet.lineups.during(
        () => [box.id],
        () => store.subscriptions.end(box.id, known.package, Date.now()),
      );
      return { success: true };
    },
  );
}

function changeableBox(fleet: Fleet, user: User, id: string): Box {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  return visibleBox(fleet, user, id);
}

function view(fleet: Fleet, { package: id, start, end }: Subscription): v.InferOutput<typeof subscriptionView> {
  const found = fleet.store.packages.get(id);
  const now = Date.now();
  const isOver = found === undefined || (end !== null && end <= now);
  const state = isOver ? 'ended' : start !== null && start > now ? 'coming' : 'running';
  return {
    package: id,
    name: found?.name ?? null,
    main: found?.main ?? false,
    start: toInstant(start),
    end: toInstant(end),
    state,
  };
}
