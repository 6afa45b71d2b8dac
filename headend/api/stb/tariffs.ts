import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, invalid, notFound } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, name, read, wholeNumber } from '../read.ts';
import { requireAdmin } from './customers.ts';

const externalId = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(64),
  v.regex(/^[^,/]+$/, 'Expected no comma and no slash'),
  v.description('What billing calls it.'),
);
const terms = {
  description: v.optional(v.pipe(v.string(), v.maxLength(1_000)), ''),
  serviceType: v.optional(v.picklist(['periodic', 'single']), 'periodic'),
  rentDuration: v.optional(v.pipe(wholeNumber, v.minValue(0), v.description('For `single`.')), 0),
  price: v.optional(v.pipe(v.string(), v.maxLength(32)), '0'),
};
const service = v.object({
  externalId,
  name,
  type: v.picklist(['video', 'radio', 'module', 'option']),
  allServices: v.optional(flag, false),
  services: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(1_000)), []),
  ...terms,
});
const serviceChange = v.object({
  externalId: v.optional(externalId),
  description: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  serviceType: v.optional(v.picklist(['periodic', 'single'])),
  rentDuration: v.optional(v.pipe(wholeNumber, v.minValue(0))),
  price: v.optional(v.pipe(v.string(), v.maxLength(32))),
});
const tariff = v.object({
  externalId,
  name,
  userDefault: v.optional(flag, false),
  daysToExpires: v.optional(v.pipe(wholeNumber, v.minValue(0)), 0),
  services: v.optional(
    v.pipe(v.array(v.object({ number: wholeNumber, optional: v.optional(flag, false) })), v.maxLength(1_000)),
    [],
  ),
});
const params = v.object({ number: v.pipe(wholeNumber, v.minValue(1)) });
const numbered = v.object({ number: v.pipe(v.number(), v.description('Its id in the Ministra API.')) });
const success = v.object({ success: v.boolean() });

/**
 * `/stb/v1/services` and `/stb/v1/tariffs`: what the Ministra API only shows, for an ADMIN to make. A services package of type `tv` comes with its package of
 * channels and goes with it; only what billing says of it is changed here.
 */
export function tariffRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { services, tariffs, transaction } = fleet.store;

  function requireFree(taken: { number: number } | undefined, own?: number): void {
    if (taken !== undefined && taken.number !== own) throw invalid('externalId', 'Another one has this externalId');
  }

  app.post(
    '/stb/v1/services',
    describe({
      tag: 'Fleet',
      summary: 'Create a services package (ADMIN)',
      body: service,
      answer: numbered,
      errors: [403, 422],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const asked = read(service, request.body);
      return transaction(() => {
        requireFree(services.withExternalId(asked.externalId));
        return { number: services.create(asked) };
      });
    },
  );

  app.post(
    '/stb/v1/services/:number',
    describe({
      tag: 'Fleet',
      summary: 'Change what billing says of a services package (ADMIN)',
      description: 'What is left out stays.',
      params,
      body: serviceChange,
      answer: success,
      errors: [403, 404, 422],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const found = services.get(read(params, request.params).number);
      if (found === undefined) throw notFound('number');
      const given = Object.entries(read(serviceChange, request.body)).filter(([, value]) => value !== undefined);
      const changed = { ...found, ...Object.fromEntries(given) };
      transaction(() => {
        requireFree(services.withExternalId(changed.externalId), found.number);
        services.update(changed);
      });
      return { success: true };
    },
  );

  app.delete(
    '/stb/v1/services/:number',
    describe({
      tag: 'Fleet',
      summary: 'Delete a services package (ADMIN)',
      params,
      answer: success,
      errors: [403, 404, 409],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const found = services.get(read(params, request.params).number);
      if (found === undefined) throw notFound('number');
      if (found.package !== null)
        throw new ApiError(409, 'number', 'It goes with its package of channels: delete that');
      services.remove(found.number);
      return { success: true };
    },
  );

  app.post(
    '/stb/v1/tariffs',
    describe({
      tag: 'Fleet',
      summary: 'Create a tariff plan (ADMIN)',
      body: tariff,
      answer: numbered,
      errors: [403, 404, 422],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const { services: planned, ...asked } = read(tariff, request.body);
      return transaction(() => {
        requireFree(tariffs.withExternalId(asked.externalId));
        for (const { number } of planned) if (services.get(number) === undefined) throw notFound('services');
        if (new Set(planned.map(({ number }) => number)).size < planned.length) {
          throw invalid('services', 'A services package is listed twice');
        }
        return { number: tariffs.create(asked, planned) };
      });
    },
  );

  app.delete(
    '/stb/v1/tariffs/:number',
    describe({ tag: 'Fleet', summary: 'Delete a tariff plan (ADMIN)', params, answer: success, errors: [403, 404] }),
    async (request) => {
      requireAdmin(authentication.user(request));
      const { number } = read(params, request.params);
      if (tariffs.get(number) === undefined) throw notFound('number');
      tariffs.remove(number);
      return { success: true };
    },
  );
}
