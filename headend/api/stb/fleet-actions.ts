import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { actionTypes } from '../../../agent/protocol/params.ts';
import { accessDenied, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { actionStates } from '../../store/action-states.ts';
import type { Action } from '../../store/actions.ts';
import type { FleetAction } from '../../store/fleet-actions.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { before, looseId, pagingEntries, read, toInstant, wholeNumber } from '../read.ts';
import { actionView, viewAction } from './views.ts';

const object = v.record(v.string(), v.unknown());
const state = v.picklist(actionStates);
const fleetActionView = v.object({
  seq: v.pipe(v.number(), v.description('Its place in the list: what `before` takes.')),
  id: v.pipe(v.string(), v.description('The id of its first action.')),
  type: v.picklist(actionTypes),
  params: object,
  createdAt: v.string(),
  createdBy: v.nullable(v.pipe(v.string(), v.description('The name of the user who asked.'))),
  when: v.nullable(v.string()),
  expires: v.nullable(v.string()),
  total: v.pipe(v.number(), v.description('How many boxes it is for.')),
  states: v.pipe(v.record(v.string(), v.number()), v.description('How many of its actions are in each state.')),
});
const reasonView = v.object({
  state,
  code: v.nullable(v.string()),
  message: v.nullable(v.string()),
  count: v.number(),
});

const query = v.object({
  type: v.optional(v.picklist(actionTypes)),
  least: v.optional(v.pipe(wholeNumber, v.minValue(1), v.description('Only those for at least so many boxes.')), 1),
  limit: pagingEntries.limit,
  before,
});
const memberQuery = v.object({ state: v.optional(state), limit: pagingEntries.limit });
const params = v.object({ id: looseId });

/** `/stb/v1/fleet-actions`: what was asked of many boxes at once, and how far it is. */
export function fleetActionRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { fleetActions } = fleet.store;

  app.get(
    '/stb/v1/fleet-actions',
    describe({
      tag: 'Fleet',
      summary: 'What was asked of many boxes at once, newest first',
      query,
      answer: v.object({ items: v.array(fleetActionView) }),
      errors: [403, 422],
    }),
    async (request) => {
      const scope = fleet.access.scope(authentication.user(request));
      return { items: fleetActions.list(scope, read(query, request.query)).map((found) => view(fleet, found)) };
    },
  );

  app.get(
    '/stb/v1/fleet-actions/:id',
    describe({
      tag: 'Fleet',
      summary: 'One of them: why boxes did not do it, and its actions',
      params,
      query: memberQuery,
      answer: v.object({
        ...fleetActionView.entries,
        reasons: v.array(reasonView),
        actions: v.array(actionView),
      }),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const scope = fleet.access.scope(authentication.user(request));
      const { id } = read(params, request.params);
      const wanted = read(memberQuery, request.query);
      const states = wanted.state === undefined ? actionStates : [wanted.state];
      const actions = fleetActions
        .members(scope, id, states, wanted.limit)
        .map((member) => fleet.store.actions.get(member.id))
        .filter((action): action is Action => action !== undefined);
      return {
        ...view(fleet, find(scope, id)),
        reasons: fleetActions.reasons(scope, id),
        actions: actions.map((action) => viewAction(fleet, action)),
      };
    },
  );

  app.delete(
    '/stb/v1/fleet-actions/:id',
    describe({
      tag: 'Fleet',
      summary: 'Cancel what of it has not ended',
      params,
      answer: v.object({ cancelled: v.number() }),
      errors: [403, 404],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const { id } = read(params, request.params);
      find(fleet.access.scope(user), id);
      return { cancelled: cancelOpen(fleet, user, id) };
    },
  );

  function find(scope: readonly string[], id: string): FleetAction {
    const found = fleetActions.get(scope, id);
    if (found === undefined) throw notFound('id');
    return found;
  }
}

/** Cancels the open actions of boxes that the user may act on; returns how many. */
function cancelOpen(fleet: Fleet, user: User, id: string): number {
  const open = ['queued', 'delivered', 'accepted', 'started'] as const;
  const found = fleet.store.fleetActions.members(fleet.access.scope(user), id, open, Number.MAX_SAFE_INTEGER);
  const mine = found.filter(({ box }) => {
    const customer = fleet.store.boxes.get(box)?.customer;
    return customer !== undefined && fleet.access.mayActFor(user, customer);
  });
  if (found.length > 0 && mine.length === 0) throw accessDenied();
  for (const member of mine) fleet.cancel(member.id);
  return mine.length;
}

function view(fleet: Fleet, found: FleetAction): v.InferOutput<typeof fleetActionView> {
  const by = found.createdBy;
  return {
    ...found,
    createdAt: new Date(found.createdAt).toISOString(),
    createdBy: by === null ? null : (fleet.store.users.get(by)?.name ?? by),
    when: toInstant(found.when),
    expires: toInstant(found.expires),
  };
}
