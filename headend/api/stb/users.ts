import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { conflict, invalid, notFound } from '../../errors.ts';
import { roles } from '../../roles.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, name, pagingEntries, read } from '../read.ts';
import { requireAdmin } from './customers.ts';
import { listOf } from './views.ts';

const userView = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  customer: v.nullable(v.string()),
});
const issued = v.object({
  ...userView.entries,
  token: v.pipe(v.string(), v.description('It cannot be read later.')),
});
const creation = v.object({ name, role: v.picklist(roles), customer: v.optional(v.nullable(looseId), null) });
const change = v.partial(v.object({ name, role: v.picklist(roles), customer: v.nullable(looseId) }));
const query = v.object(pagingEntries);
const params = v.object({ id: looseId });

/** `/stb/v1/users`: who may call the APIs. For an ADMIN. */
export function userRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { customers, tokens, users, transaction } = fleet.store;

  app.get(
    '/stb/v1/users',
    describe({ tag: 'Fleet', summary: 'The users (ADMIN)', query, answer: listOf(userView), errors: [403, 422] }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const { offset, limit } = read(query, request.query);
      return { offset, limit, ...users.list({ offset, limit }) };
    },
  );

  app.post(
    '/stb/v1/users',
    describe({
      tag: 'Fleet',
      summary: 'Create a user (ADMIN)',
      body: creation,
      answer: issued,
      errors: [403, 404, 422],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const asked = read(creation, request.body);
      checkCustomer(asked);
      return transaction(() => {
        const user = users.create(asked);
        return { ...user, token: tokens.issue({ kind: 'user', id: user.id }) };
      });
    },
  );

  app.post(
    '/stb/v1/users/:id',
    describe({
      tag: 'Fleet',
      summary: 'Change a user (ADMIN)',
      description: 'What is left out stays, and so does its token. The last ADMIN stays one: 409 `role`.',
      params,
      body: change,
      answer: userView,
      errors: [403, 404, 409, 422],
    }),
    async (request): Promise<User> => {
      requireAdmin(authentication.user(request));
      const user = find(read(params, request.params).id);
      const { name = user.name, role = user.role, customer = user.customer } = read(change, request.body);
      const changed: User = { id: user.id, name, role, customer };
      checkCustomer(changed);
      if (user.role === 'ADMIN' && role !== 'ADMIN' && !users.isNotAlone(user)) {
        throw conflict('role', 'It is the last ADMIN: make another one first');
      }
      users.update(changed);
      return changed;
    },
  );

  app.post(
    '/stb/v1/users/:id/token',
    describe({
      tag: 'Fleet',
      summary: "Replace a user's token (ADMIN)",
      params,
      answer: issued,
      errors: [403, 404],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const user = find(read(params, request.params).id);
      return transaction(() => {
        tokens.revoke({ kind: 'user', id: user.id });
        return { ...user, token: tokens.issue({ kind: 'user', id: user.id }) };
      });
    },
  );

  app.delete(
    '/stb/v1/users/:id',
    describe({
      tag: 'Fleet',
      summary: 'Delete a user (ADMIN)',
      params,
      answer: v.object({ success: v.boolean() }),
      errors: [403, 404, 409],
    }),
    async (request) => {
      const caller = authentication.user(request);
      requireAdmin(caller);
      const user = find(read(params, request.params).id);
      if (user.id === caller.id) throw conflict('id', 'A user cannot delete itself');
      users.remove(user.id);
      return { success: true };
    },
  );

  function checkCustomer({ role, customer }: Omit<User, 'id'>): void {
    if (customer === null && role !== 'ADMIN') throw invalid('customer', 'Only an ADMIN has no customer');
    if (customer !== null && customers.get(customer) === undefined) throw notFound('customer');
  }

  function find(id: string): User {
    const user = users.get(id);
    if (user === undefined) throw notFound('id');
    return user;
  }
}
