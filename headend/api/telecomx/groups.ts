import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied, conflict, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Group } from '../../store/groups.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, name, read } from '../read.ts';
import { success } from './documented.ts';
import { listQuery, listScope } from './owned.ts';

const groupView = v.object({ _id: v.string(), name: v.string(), customer: v.string() });
const params = v.object({ group: looseId });
const creation = v.object({ name, customer: v.optional(looseId) });
const renaming = v.object({ name });

/**
 * Device groups, in the style of the Telecom X calls: the group action names them, their own calls are not documented.
 * `/iptv/devicegroup` lists and creates; `/iptv/devicegroup/GROUP_ID` gets, renames and deletes.
 */
export function groupRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  app.get(
    '/iptv/devicegroup',
    describe({
      tag: 'Telecom X',
      summary: 'Device group list',
      query: listQuery,
      answer: v.object({ offset: v.number(), limit: v.number(), total: v.number(), groups: v.array(groupView) }),
      errors: [403, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, filter, customer } = read(listQuery, request.query);
      const scope = listScope(fleet, user, customer);
      const found = store.groups.list(scope, filter, { offset, limit });
      return { offset, limit, total: found.total, groups: found.items.map(viewGroup) };
    },
  );

  app.post(
    '/iptv/devicegroup',
    describe({
      tag: 'Telecom X',
      summary: 'Device group create',
      body: creation,
      answer: v.object({ ...success.entries, _id: v.string() }),
      errors: [403, 404, 409, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const asked = read(creation, request.body);
      const customer = asked.customer ?? user.customer;
      if (customer === null || !fleet.access.scope(user).includes(customer)) throw notFound('customer');
      requireFreeName(fleet, customer, asked.name);
      return { success: true, _id: store.groups.create({ name: asked.name, customer }).id };
    },
  );

  app.get(
    '/iptv/devicegroup/:group',
    describe({
      tag: 'Telecom X',
      summary: 'Device group get',
      params,
      answer: v.object({ ...groupView.entries, devices: v.array(v.string()) }),
      errors: [403, 404],
    }),
    async (request) => {
      const group = findGroup(fleet, authentication.user(request), read(params, request.params).group);
      return { ...viewGroup(group), devices: store.groups.members(group.id) };
    },
  );

  app.post(
    '/iptv/devicegroup/:group',
    describe({
      tag: 'Telecom X',
      summary: 'Device group rename',
      params,
      body: renaming,
      answer: success,
      errors: [403, 404, 409, 422],
    }),
    async (request) => {
      const group = changeableGroup(fleet, authentication.user(request), read(params, request.params).group);
      const asked = read(renaming, request.body);
      requireFreeName(fleet, group.customer, asked.name, group.id);
      store.groups.rename(group.id, asked.name);
      return { success: true };
    },
  );

  app.delete(
    '/iptv/devicegroup/:group',
    describe({ tag: 'Telecom X', summary: 'Device group delete', params, answer: success, errors: [403, 404] }),
    async (request) => {
      const group = changeableGroup(fleet, authentication.user(request), read(params, request.params).group);
      store.groups.remove(group.id);
      return { success: true };
    },
  );
}

/** A group that the caller sees. Throws 404 `group`. */
function findGroup(fleet: Fleet, user: User, id: string): Group {
  const group = fleet.store.groups.get(id);
  if (group === undefined || !fleet.access.scope(user).includes(group.customer)) throw notFound('group');
  return group;
}

/** A group that the caller may change. Throws 403 for a VIEWER. */
export function changeableGroup(fleet: Fleet, user: User, id: string): Group {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  return findGroup(fleet, user, id);
}

/** Two groups of a customer that are called the same cannot be told apart. Throws 409 `name`. */
function requireFreeName(fleet: Fleet, customer: string, wanted: string, self?: string): void {
  const taken = fleet.store.groups.named(customer, wanted);
  if (taken !== undefined && taken.id !== self) throw conflict('name', `There is a group “${taken.name}” already`);
}

function viewGroup(group: Group): v.InferOutput<typeof groupView> {
  return { _id: group.id, name: group.name, customer: group.customer };
}
