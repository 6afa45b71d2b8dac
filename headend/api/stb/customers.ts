import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { accessDenied, invalid, notFound } from '../../errors.ts';
import { type Customer, features } from '../../store/customers.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, name, pagingEntries, read } from '../read.ts';
import { listOf } from './views.ts';

const featureList = v.array(v.picklist(features));
const parent = v.nullable(v.pipe(looseId, v.description('The reseller it belongs to.')));

const customerView = v.object({
  id: v.string(),
  name: v.string(),
  features: featureList,
  parent: v.nullable(v.string()),
});
const creation = v.object({ name, features: v.optional(featureList, []), parent: v.optional(parent, null) });
const change = v.object({ name: v.optional(name), features: v.optional(featureList), parent: v.optional(parent) });
const query = v.object(pagingEntries);
const params = v.object({ id: looseId });

/** `/stb/v1/customers`: whom the headend serves. For an ADMIN; others see those in their scope. */
export function customerRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { customers } = fleet.store;

  app.get(
    '/stb/v1/customers',
    describe({ tag: 'Fleet', summary: 'The customers', query, answer: listOf(customerView), errors: [403, 422] }),
    async (request) => {
      const scope = new Set(fleet.access.scope(authentication.user(request)));
      const { offset, limit } = read(query, request.query);
      const visible = customers.all().filter((customer) => scope.has(customer.id));
      return { offset, limit, total: visible.length, items: visible.slice(offset, offset + limit) };
    },
  );

  app.post(
    '/stb/v1/customers',
    describe({
      tag: 'Fleet',
      summary: 'Create a customer (ADMIN)',
      body: creation,
      answer: customerView,
      errors: [403, 404, 422],
    }),
    async (request): Promise<Customer> => {
      requireAdmin(authentication.user(request));
      const asked = read(creation, request.body);
      if (asked.parent !== null && customers.get(asked.parent) === undefined) throw notFound('parent');
      return customers.create(asked);
    },
  );

  app.post(
    '/stb/v1/customers/:id',
    describe({
      tag: 'Fleet',
      summary: 'Change a customer (ADMIN)',
      description: 'What is left out stays.',
      params,
      body: change,
      answer: customerView,
      errors: [403, 404, 422],
    }),
    async (request: FastifyRequest): Promise<Customer> => {
      requireAdmin(authentication.user(request));
      const customer = customers.get(read(params, request.params).id);
      if (customer === undefined) throw notFound('id');
      const asked = read(change, request.body);
      const changed: Customer = {
        id: customer.id,
        name: asked.name ?? customer.name,
        features: asked.features ?? customer.features,
        parent: asked.parent === undefined ? customer.parent : asked.parent,
      };
      if (changed.parent !== null) {
        if (customers.get(changed.parent) === undefined) throw notFound('parent');
        if (customers.tree(customer.id).includes(changed.parent)) {
          throw invalid('parent', 'A customer cannot be below itself');
        }
      }
      customers.update(changed);
      return changed;
    },
  );
}

/** Throws 403 for everybody but an ADMIN. */
export function requireAdmin(user: User): void {
  if (user.role !== 'ADMIN') throw accessDenied();
}
