import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { isTaken } from './abilities.ts';
import { newAction, readNewAction } from './actions.ts';

const answer = v.object({
  boxes: v.pipe(v.number(), v.description('How many are meant.')),
  off: v.pipe(v.number(), v.description('Of these, for how many it would wait until they are online.')),
  skipped: v.pipe(v.number(), v.description('For how many the same is scheduled already.')),
  unsupported: v.pipe(
    v.number(),
    v.description('How many cannot be asked for it, as they have said or as Ministra’s protocol has it.'),
  ),
  rollouts: v.pipe(
    v.array(v.object({ id: v.string(), name: v.string(), boxes: v.number() })),
    v.description('Of FIRMWARE: the rollouts that run or are paused, and how many of the boxes are in each.'),
  ),
});

/** `POST /stb/v1/actions/preview`: what `POST /stb/v1/actions` would do with the same body. Nothing is made. */
export function previewRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.post(
    '/stb/v1/actions/preview',
    describe({
      tag: 'Fleet',
      summary: 'What an action would reach',
      body: newAction,
      answer,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const { boxes, type, params, when } = readNewAction(fleet, authentication.user(request), request.body);
      const online = new Set(fleet.presence.online());
      const encoded = JSON.stringify(params);
      let [off, skipped, unsupported] = [0, 0, 0];
      for (const box of boxes) {
        if (!online.has(box)) off++;
        if (fleet.store.actions.twin({ box, type, params: encoded, when: when ?? null }) !== undefined) skipped++;
        const known = fleet.store.boxes.get(box);
        if (known !== undefined && !isTaken(fleet.store, known, { type, params })) unsupported++;
      }
      const rollouts = type === 'FIRMWARE' ? fleet.store.rolloutBoxes.underWay(boxes) : [];
      return { boxes: boxes.length, off, skipped, unsupported, rollouts };
    },
  );
}
