import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { boxMessageSchema } from '../../../agent/protocol/messages.ts';
import { ApiError, invalid } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { readJsonBodies } from '../json-body.ts';
import { describe } from '../openapi.ts';

const answer = v.object({
  acks: v.pipe(v.array(v.string()), v.description('The ids of the reports that are stored.')),
  refused: v.pipe(
    v.array(v.object({ index: v.number(), reason: v.string() })),
    v.description('The messages of a list that could not be read; sending them again does not help.'),
  ),
});

/** `POST /stb/v1/reports`: one message of the box protocol, or a list of them. Success means stored. */
export async function reportsRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): Promise<void> {
  readJsonBodies(app, { lists: true });
  app.post(
    '/stb/v1/reports',
    {
      bodyLimit: headendLimits.reportsPostBytes,
      ...describe({
        tag: 'Box',
        summary: 'Reports, hello and telemetry',
        body: v.union([boxMessageSchema, v.array(boxMessageSchema)]),
        answer,
        errors: [403, 413, 422],
      }),
    },
    async (request) => {
      const box = authentication.box(request);
      const messages: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
      if (messages.length > headendLimits.reportsPerPost) {
        throw new ApiError(
          413,
          'body',
          `${messages.length} messages, at most ${headendLimits.reportsPerPost} are taken`,
        );
      }
      const received = await Promise.all(
        messages.map((message) =>
          fleet.inbox.receive(box.id, 'heartbeat', Buffer.from(JSON.stringify(message ?? null))),
        ),
      );
      const refused = received.flatMap((one, index) => (one.ok ? [] : [{ index, reason: one.reason }]));
      if (refused.length > 0 && !Array.isArray(request.body)) throw invalid('body', refused[0]?.reason ?? '');
      if (received.some((one) => one.ok && one.kind === 'hello')) fleet.delivery.renewed(box.id);
      const acks = received.flatMap((one) => (one.ok && one.report !== undefined ? [one.report] : []));
      return { acks, refused };
    },
  );
}
