import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { notFound } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import { type DocumentKind, documentKinds } from '../../store/documents.ts';
import { appsDocument } from '../app/apps-document.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';
import { changeableCustomer, visibleCustomer } from '../telecomx/settings.ts';

/** The settings have a call of their own, which tells the boxes. */
const kinds = documentKinds.filter((kind) => kind !== 'settings');
const params = v.object({ id: looseId, kind: v.picklist(kinds) });
const record = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check(
    (body) => JSON.stringify(body).length <= headendLimits.documentBytes,
    `Expected at most ${headendLimits.documentBytes} bytes`,
  ),
);
const schemas: Record<string, v.GenericSchema<unknown, Record<string, unknown>>> = { apps: appsDocument };

/** `/stb/v1/customers/{id}/documents/{kind}`: what the devices of a customer get as branding, launcher config, tablet profile and apps. */
export function customerDocumentRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { documents } = fleet.store;
  const path = '/stb/v1/customers/:id/documents/:kind';

  app.get(
    path,
    describe({
      tag: 'Fleet',
      summary: "A customer's branding, launcher config, tablet profile or apps",
      params,
      answer: v.record(v.string(), v.unknown()),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { id, kind } = read(params, request.params);
      const found = documents.own(visibleCustomer(fleet, user, id), kind);
      if (found === undefined) throw notFound('kind');
      return found;
    },
  );

  app.put(
    path,
    describe({
      tag: 'Fleet',
      summary: "Replace a customer's branding, launcher config, tablet profile or apps",
      params,
      body: record,
      answer: v.record(v.string(), v.unknown()),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { id, kind } = read(params, request.params);
      const customer = changeableCustomer(fleet, user, id);
      const body = read(schemas[kind] ?? record, read(record, request.body));
      documents.put(customer, kind satisfies DocumentKind, body);
      return body;
    },
  );
}
