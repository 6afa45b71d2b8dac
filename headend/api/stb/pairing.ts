import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { pairForOperator } from '../app/codes.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, name, read } from '../read.ts';

const body = v.object({
  code: v.pipe(v.string(), v.description('The four characters on the screen of the box.')),
  customer: v.optional(v.pipe(looseId, v.description('Whose box it becomes; by default the own customer.'))),
  name: v.optional(name),
});
const answer = v.object({
  id: v.string(),
  mac: v.nullable(v.string()),
  name: v.string(),
  customer: v.string(),
  isKnown: v.pipe(v.boolean(), v.description('Whether the customer had this box already; it has a new token then.')),
});

/** `POST /stb/v1/pair`: an operator enters the code that a box shows, and the box is one of the customer's. */
export function pairingRoute(app: FastifyInstance, { fleet, authentication, log }: ApiContext): void {
  app.post(
    '/stb/v1/pair',
    describe({
      tag: 'Fleet',
      summary: 'Pair the box that shows a code',
      body,
      answer,
      errors: [403, 404, 409, 422, 429],
    }),
    async (request) => {
      const user = authentication.user(request);
      const asked = read(body, request.body);
      const { box, isKnown } = pairForOperator(fleet, user, {
        code: asked.code,
        customer: asked.customer,
        name: asked.name,
      });
      log.info({ box: box.id, customer: box.customer, user: user.id, isKnown }, 'device paired');
      return { id: box.id, mac: box.mac, name: box.name, customer: box.customer, isKnown };
    },
  );
}
