import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied, conflict, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { mayUse } from '../../roles.ts';
import { failedStates } from '../../store/action-states.ts';
import type { Action } from '../../store/actions.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';
import { visibleAction } from './actions.ts';

const params = v.object({ id: looseId });
const answer = v.object({
  id: v.nullable(v.pipe(v.string(), v.description('The first of the new actions; null when all were skipped.'))),
  boxes: v.pipe(v.number(), v.description('How many boxes are asked again.')),
  skipped: v.pipe(v.number(), v.description('For how many the same is scheduled already.')),
});

/** `POST …/{id}/repeat` of an action and of a fleet action: the same again, now, for the boxes on which it failed. */
export function repeatRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.post(
    '/stb/v1/actions/:id/repeat',
    describe({
      tag: 'Fleet',
      summary: 'Ask one box again for what it did not do',
      description:
        'Makes the same action, for now and without an expiry. 409 unless it has failed, was refused or expired.',
      params,
      answer,
      errors: [403, 404, 409],
    }),
    async (request) => {
      const user = authentication.user(request);
      const action = visibleAction(fleet, user, read(params, request.params).id);
      requireRepeating(fleet, user, action);
      if (!mayActOn(fleet, user, action.box)) throw accessDenied();
      if (!failedStates.includes(action.state))
        throw conflict('state', `The action has not failed: it is ${action.state}`);
      return repeat(fleet, user, action, [action.box]);
    },
  );

  app.post(
    '/stb/v1/fleet-actions/:id/repeat',
    describe({
      tag: 'Fleet',
      summary: 'Ask again those boxes that did not do it',
      description:
        'Those of its boxes on which it failed, was refused or expired; for now, without an expiry, with its spread.',
      params,
      answer,
      errors: [403, 404, 409],
    }),
    async (request) => {
      const user = authentication.user(request);
      const scope = fleet.access.scope(user);
      const { id } = read(params, request.params);
      const first = fleet.store.actions.get(id);
      if (first === undefined || fleet.store.fleetActions.get(scope, id) === undefined) throw notFound('id');
      requireRepeating(fleet, user, first);
      const failed = fleet.store.fleetActions.members(scope, id, failedStates, Number.MAX_SAFE_INTEGER);
      if (failed.length === 0) throw conflict('state', 'None of its actions has failed');
      const boxes = failed.map(({ box }) => box).filter((box) => mayActOn(fleet, user, box));
      if (boxes.length === 0) throw accessDenied();
      return repeat(fleet, user, first, boxes);
    },
  );
}

function requireRepeating(fleet: Fleet, user: User, { type }: Action): void {
  if (!fleet.access.mayChange(user) || !mayUse(user.role, type)) throw accessDenied();
}

function mayActOn(fleet: Fleet, user: User, box: string): boolean {
  const customer = fleet.store.boxes.get(box)?.customer;
  return customer !== undefined && fleet.access.mayActFor(user, customer);
}

async function repeat(fleet: Fleet, user: User, { type, params, spread }: Action, boxes: string[]) {
  const asked = { boxes, type, params, spread: spread ?? undefined, createdBy: user.id };
  const { created, skipped } = await fleet.schedule(asked);
  return { id: created[0] ?? null, boxes: created.length, skipped: skipped.length };
}
