import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import type { FastifySchema } from 'fastify';
import * as v from 'valibot';

/** The head of the OpenAPI document. */
export const openApi = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'stb-headend',
      version: '1',
      description: 'The reference headend: the Telecom X calls under /iptv, its own API under /stb/v1.',
    },
    tags: [
      { name: 'Telecom X', description: 'The documented calls of the Telecom X IPTV API.' },
      { name: 'App', description: 'The App API of Telecom X, with the token of a device; by GET and by POST.' },
      { name: 'Fleet', description: "The headend's own API for operators." },
      { name: 'Box', description: 'What boxes call, with a box token.' },
      { name: 'Service', description: 'Health and figures of the headend itself.' },
    ],
    components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
};

export const errorSchema = v.object({
  code: v.pipe(v.number(), v.description('The HTTP status.')),
  message: v.pipe(v.string(), v.description('The field that is wrong, or the kind of failure.')),
  description: v.string(),
});

/** Checks and transformations that JSON Schema cannot say are left out of the document. */
const conversion: ConversionConfig = { errorMode: 'ignore', typeMode: 'input', target: 'draft-2020-12' };

type Route = {
  tag: 'Telecom X' | 'App' | 'Fleet' | 'Box' | 'Service';
  summary: string;
  description?: string;
  params?: v.GenericSchema;
  query?: v.GenericSchema;
  body?: v.GenericSchema;
  answer?: v.GenericSchema;
  /** The errors that the route documents, besides 401. */
  errors?: readonly number[];
  /** Whether it may be called without a token. */
  open?: boolean;
};

/** The OpenAPI description of one route, made from the schemas that the route reads with. */
export function describe(route: Route): { schema: FastifySchema } {
  const errors = [...(route.open ? [] : [401]), ...(route.errors ?? [])];
  return {
    schema: {
      tags: [route.tag],
      summary: route.summary,
      ...(route.description === undefined ? {} : { description: route.description }),
      ...(route.open ? { security: [] } : {}),
      ...(route.params === undefined ? {} : { params: jsonSchema(route.params) }),
      ...(route.query === undefined ? {} : { querystring: jsonSchema(route.query) }),
      ...(route.body === undefined ? {} : { body: jsonSchema(route.body) }),
      response: {
        200: route.answer === undefined ? { description: 'Success' } : jsonSchema(route.answer),
        ...Object.fromEntries(errors.map((code) => [code, jsonSchema(errorSchema)])),
      },
    },
  };
}

function jsonSchema(schema: v.GenericSchema): Record<string, unknown> {
  const { $schema: _, ...rest } = toJsonSchema(schema as Parameters<typeof toJsonSchema>[0], conversion);
  return { description: 'Success', ...rest };
}
