import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, read } from '../read.ts';

const record = v.record(v.string(), v.unknown());
const params = v.object({ customer: looseId });
const fields = {
  ntpServer: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(253)))),
  stbStreamOnly: v.optional(v.pipe(flag, v.description('Only base streams to the boxes, whatever packages say.'))),
  customFields: v.optional(
    v.pipe(
      record,
      v.check(
        (value) => JSON.stringify(value).length <= headendLimits.customFieldBytes,
        `Expected at most ${headendLimits.customFieldBytes} bytes`,
      ),
    ),
  ),
};
const change = v.object(fields);
const settingsView = v.object({
  customer: v.string(),
  ntpServer: v.optional(v.string()),
  stbStreamOnly: v.boolean(),
  customFields: record,
  groups: v.array(v.object({ _id: v.string(), name: v.string() })),
});

/** Telecom X: `GET` and `POST /iptv/settings/CUSTOMER_ID`. */
export function settingsRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { documents, boxes } = fleet.store;

  app.get(
    '/iptv/settings/:customer',
    describe({ tag: 'Telecom X', summary: 'Settings get', params, answer: settingsView, errors: [403, 404] }),
    async (request) =>
      view(fleet, visibleCustomer(fleet, authentication.user(request), read(params, request.params).customer)),
  );

  app.post(
    '/iptv/settings/:customer',
    describe({
      tag: 'Telecom X',
      summary: 'Settings update',
      description: 'One property suffices. `stbStreamOnly` sends CHANNELS and DVB to every box that it touches.',
      params,
      body: change,
      answer: settingsView,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const customer = changeableCustomer(fleet, authentication.user(request), read(params, request.params).customer);
      const given = Object.entries(read(change, request.body)).filter(([, value]) => value !== undefined);
      const changed = { ...documents.own(customer, 'settings'), ...Object.fromEntries(given) };
      fleet.lineups.during(
        () => boxes.targets([customer]),
        () => documents.put(customer, 'settings', changed),
      );
      return view(fleet, customer);
    },
  );
}

/** A customer that the caller sees. Throws 404 `id`. */
export function visibleCustomer(fleet: Fleet, user: User, customer: string): string {
  if (!fleet.access.scope(user).includes(customer)) throw notFound('id');
  return customer;
}

/** A customer whose settings the caller may change. Throws 403 for a VIEWER and without the features. */
export function changeableCustomer(fleet: Fleet, user: User, id: string): string {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  const customer = visibleCustomer(fleet, user, id);
  if (!fleet.access.mayActFor(user, customer)) throw accessDenied();
  return customer;
}

function view(fleet: Fleet, customer: string): v.InferOutput<typeof settingsView> {
  const { ntpServer, stbStreamOnly, customFields } = fleet.store.documents.own(customer, 'settings') ?? {};
  const every = { offset: 0, limit: pageOf };
  const groups = fleet.store.groups.list([customer], '', every).items.map(({ id, name }) => ({ _id: id, name }));
  return {
    customer,
    ...(typeof ntpServer === 'string' && ntpServer !== '' ? { ntpServer } : {}),
    stbStreamOnly: stbStreamOnly === true,
    customFields: (customFields ?? {}) as Record<string, unknown>,
    groups,
  };
}

/** As many as a list shows at most. */
const pageOf = headendLimits.page.max;
