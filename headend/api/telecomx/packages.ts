import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type Package, receptions } from '../../store/packages.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, read } from '../read.ts';
import { success } from './documented.ts';
import { changeable, listQuery, listScope, ownerOfNew, visible } from './owned.ts';
import { readPackage } from './package-body.ts';

const params = v.object({ package: looseId });
const channels = v.array(v.object({ _id: v.string(), type: v.picklist(receptions) }));
const packageView = v.object({ _id: v.string(), name: v.string(), main: v.boolean(), channels });
const documentedBody = v.object({
  name: v.optional(v.pipe(v.string(), v.description('Name of package.'))),
  channels: v.optional(v.pipe(channels, v.description('The whole list of channels, at most 1000.'))),
});
const creation = v.object({ main: v.optional(flag, false), customer: v.optional(looseId) });

/** Telecom X: package list, get, create, update and delete. */
export function packageRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { packages, subscriptions } = fleet.store;

  app.get(
    '/iptv/package',
    describe({
      tag: 'Telecom X',
      summary: 'Package list',
      query: listQuery,
      answer: v.object({ offset: v.number(), limit: v.number(), total: v.number(), packages: v.array(packageView) }),
      errors: [403, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, filter, customer } = read(listQuery, request.query);
      const scope = listScope(fleet, user, customer);
      const found = packages.list(scope, filter, { offset, limit });
      return { offset, limit, total: found.total, packages: found.items.map(viewPackage) };
    },
  );

  app.get(
    '/iptv/package/:package',
    describe({ tag: 'Telecom X', summary: 'Package get', params, answer: packageView, errors: [403, 404] }),
    async (request) =>
      viewPackage(findPackage(fleet, authentication.user(request), read(params, request.params).package)),
  );

  app.post(
    '/iptv/package',
    describe({
      tag: 'Telecom X',
      summary: 'Package create',
      description: 'Left out by an ADMIN, `customer` is everybody.',
      body: v.object({ ...documentedBody.entries, ...creation.entries }),
      answer: packageView,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const asked = read(creation, request.body);
      const customer = ownerOfNew(fleet, user, asked.customer);
      const given = { name: null, ...(request.body as object | undefined) };
      const { name = '', channels: listed = [] } = readPackage(fleet.store, customer, given);
      return viewPackage(packages.create({ customer, name, main: asked.main, channels: listed }));
    },
  );

  app.post(
    '/iptv/package/:package',
    describe({
      tag: 'Telecom X',
      summary: 'Package update',
      description:
        'One property suffices, `channels` is always the whole list. Boxes that it touches are sent CHANNELS and DVB.',
      params,
      body: documentedBody,
      answer: packageView,
      errors: [403, 404, 422, 500],
    }),
    async (request) => {
      const found = changeablePackage(fleet, authentication.user(request), read(params, request.params).package);
      const change = readPackage(fleet.store, found.customer, request.body);
      fleet.lineups.during(
        () => subscriptions.boxesOf(found.id),
        () => packages.update(found.id, change),
      );
      return viewPackage({ ...found, ...packages.get(found.id) });
    },
  );

  app.delete(
    '/iptv/package/:package',
    describe({ tag: 'Telecom X', summary: 'Package delete', params, answer: success, errors: [403, 404] }),
    async (request) => {
      const { id } = changeablePackage(fleet, authentication.user(request), read(params, request.params).package);
      fleet.lineups.during(
        () => subscriptions.boxesOf(id),
        () => packages.remove(id, Date.now()),
      );
      return { success: true };
    },
  );
}

function findPackage(fleet: Fleet, user: User, id: string): Package {
  return visible(fleet, user, fleet.store.packages.get(id));
}

function changeablePackage(fleet: Fleet, user: User, id: string): Package {
  return changeable(fleet, user, fleet.store.packages.get(id));
}

function viewPackage({ id, name, main, channels: listed }: Package): v.InferOutput<typeof packageView> {
  return { _id: id, name, main, channels: listed.map(({ id: channel, type }) => ({ _id: channel, type })) };
}
