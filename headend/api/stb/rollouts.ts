import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { boxParamSchemas } from '../../../agent/protocol/params.ts';
import { accessDenied, invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import { mayUse } from '../../roles.ts';
import { rolloutBoxStates } from '../../store/rollout-boxes.ts';
import type { Rollout } from '../../store/rollouts.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, name, pagingEntries, read, wholeNumber } from '../read.ts';
import { isTaken } from './abilities.ts';
import { newAction, readNewAction } from './actions.ts';
import { rolloutBoxView, rolloutView, seenOf, viewRollout, viewRolloutBox } from './rollout-views.ts';
import { listOf } from './views.ts';

const { waves: mostWaves, patienceSeconds, soakSeconds } = headendLimits.rollout;
const firmware = v.pipe(v.string(), v.description('URL of the image.'));
const { boxes, groups, filter, all } = newAction.entries;
const creation = v.strictObject({
  name: v.optional(name),
  firmware,
  boxes,
  groups,
  filter,
  all,
  waves: v.pipe(
    v.array(v.number()),
    v.minLength(1),
    v.maxLength(mostWaves),
    v.check(
      (shares) =>
        shares.at(-1) === 100 && shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 100),
      'Expected growing shares in percent that end with 100, such as 1, 10, 100',
    ),
    v.description('The share of all boxes, in percent, that each wave comes up to.'),
  ),
  gate: v.pipe(
    v.number(),
    v.gtValue(0),
    v.maxValue(100),
    v.description('Percent of a wave that have to be proven healthy before the next.'),
  ),
  patienceSeconds: v.optional(
    v.pipe(
      v.number(),
      v.minValue(patienceSeconds.min),
      v.maxValue(patienceSeconds.max),
      v.description('How long a wave waits for boxes that are off, and a box that took the image may stay away.'),
    ),
    patienceSeconds.default,
  ),
  soakSeconds: v.optional(
    v.pipe(
      v.number(),
      v.minValue(soakSeconds.min),
      v.maxValue(soakSeconds.max),
      v.description('How long a wave whose gate is met has to stay healthy before the next begins.'),
    ),
    soakSeconds.default,
  ),
});
const page = v.object(pagingEntries);
const params = v.object({ id: looseId });
const memberQuery = v.object({
  ...pagingEntries,
  wave: v.optional(v.pipe(wholeNumber, v.minValue(0), v.description('From 0.'))),
  state: v.optional(v.picklist(rolloutBoxStates)),
});
const wayBack = v.object({ firmware: v.pipe(v.string(), v.description('URL of the image to go back to.')) });

/** `/stb/v1/rollouts`: firmware for many boxes, wave by wave. */
export function rolloutRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { rollouts } = fleet;

  app.post(
    '/stb/v1/rollouts',
    describe({
      tag: 'Fleet',
      summary: 'Begin a firmware rollout',
      description:
        'The boxes are those of `POST /stb/v1/actions`, resolved now. Each wave asks its boxes for FIRMWARE; the next one begins when the gate is met, and it stops by itself when the gate cannot be met any more. A box is in one rollout at a time: 409 `boxes` where one is in another that runs or is paused.',
      body: creation,
      answer: rolloutView,
      errors: [403, 404, 409, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user) || !mayUse(user.role, 'FIRMWARE')) throw accessDenied();
      const { name, firmware, waves, gate, patienceSeconds, soakSeconds, ...target } = read(creation, request.body);
      const { boxes } = readNewAction(fleet, user, { ...target, type: 'FIRMWARE', params: { firmware } });
      const takers = boxes.filter((box) => takesFirmware(fleet, box, firmware));
      if (takers.length === 0) throw invalid('boxes', 'Not one of the boxes that are meant takes firmware');
      const id = await rollouts.create({
        name: name ?? (firmware.split('/').at(-1) || firmware),
        firmware,
        boxes: takers,
        shares: waves,
        gate,
        patienceMs: patienceSeconds * 1000,
        soakMs: soakSeconds * 1000,
        createdBy: user.id,
        customers: customersOf(fleet, takers),
        leftOut: boxes.length - takers.length,
      });
      return view(user, id);
    },
  );

  app.get(
    '/stb/v1/rollouts',
    describe({
      tag: 'Fleet',
      summary: 'The firmware rollouts, newest first',
      description: 'Those that have boxes which the caller sees; the numbers are of these boxes only.',
      query: page,
      answer: listOf(rolloutView),
      errors: [403, 422],
    }),
    async (request) => {
      const scope = fleet.access.scope(authentication.user(request));
      const { offset, limit } = read(page, request.query);
      const found = fleet.store.rollouts.list(scope, { offset, limit });
      const items = found.items.map((rollout) => viewRollout(fleet, scope, rollout));
      return { offset, limit, total: found.total, items };
    },
  );

  app.get(
    '/stb/v1/rollouts/:id',
    describe({
      tag: 'Fleet',
      summary: 'One rollout: how far each wave is, why it stopped, and its boxes with their actions',
      params,
      query: memberQuery,
      answer: v.object({ ...rolloutView.entries, members: listOf(rolloutBoxView) }),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const scope = fleet.access.scope(user);
      const rollout = visible(user, read(params, request.params).id);
      const { offset, limit, wave, state } = read(memberQuery, request.query);
      const chosen = { rollout: rollout.id, scope: seenOf(rollout, scope), wave, state };
      const found = fleet.store.rolloutBoxes.list(chosen, { offset, limit });
      const items = found.items.map((box) => viewRolloutBox(fleet, box));
      return { ...viewRollout(fleet, scope, rollout), members: { offset, limit, total: found.total, items } };
    },
  );

  const orders = {
    pause: ['Pause it: no further box begins', ({ id }: Rollout, user: User) => rollouts.pause(id, user.name)],
    resume: ['Let it go on; who failed so far counts no more', ({ id }: Rollout) => rollouts.resume(id)],
    stop: [
      'Stop it: no further box begins, and what has not begun is taken back',
      ({ id }: Rollout, user: User) => rollouts.stop(id, user.name),
    ],
  } as const;
  for (const [order, [summary, give]] of Object.entries(orders)) {
    app.post(
      `/stb/v1/rollouts/:id/${order}`,
      describe({ tag: 'Fleet', summary, params, answer: rolloutView, errors: [403, 404, 409] }),
      async (request) => {
        const user = authentication.user(request);
        const rollout = steerable(user, read(params, request.params).id);
        await give(rollout, user);
        return view(user, rollout.id);
      },
    );
  }

  app.post(
    '/stb/v1/rollouts/:id/rollback',
    describe({
      tag: 'Fleet',
      summary: 'Stop it, and give the boxes that run its image another one',
      params,
      body: wayBack,
      answer: rolloutView,
      errors: [403, 404, 409, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const rollout = steerable(user, read(params, request.params).id);
      const { firmware } = read(boxParamSchemas.FIRMWARE, read(wayBack, request.body));
      if (firmware === undefined || firmware === rollout.firmware) {
        throw invalid('firmware', 'Expected the URL of another image than the one that was rolled out');
      }
      await rollouts.rollBack(rollout.id, firmware, user.id);
      return view(user, rollout.id);
    },
  );

  function view(user: User, id: string) {
    return viewRollout(fleet, fleet.access.scope(user), visible(user, id));
  }

  /** Throws 404 for one that has no box which the user may see. */
  function visible(user: User, id: string): Rollout {
    const rollout = fleet.store.rollouts.get(id);
    const scope = fleet.access.scope(user);
    if (rollout === undefined || !rollout.customers.some((customer) => scope.includes(customer))) throw notFound('id');
    return rollout;
  }

  /** Throws 403, too, for a user who may not upgrade each of its boxes. */
  function steerable(user: User, id: string): Rollout {
    const rollout = visible(user, id);
    const may = mayUse(user.role, 'FIRMWARE') && fleet.access.mayChange(user);
    const scope = fleet.access.scope(user);
    const isAll = rollout.customers.every((each) => scope.includes(each) && fleet.access.mayActFor(user, each));
    if (!may || !isAll) throw accessDenied();
    return rollout;
  }
}

/** Whether a box is asked at all: one of which it is known that it cannot take this would only fail. */
function takesFirmware(fleet: Fleet, id: string, firmware: string): boolean {
  const box = fleet.store.boxes.get(id);
  return box !== undefined && isTaken(fleet.store, box, { type: 'FIRMWARE', params: { firmware } });
}

function customersOf(fleet: Fleet, boxes: readonly string[]): string[] {
  const customers = boxes.map((box) => fleet.store.boxes.get(box)?.customer);
  return [...new Set(customers.filter((customer) => customer !== undefined))];
}
