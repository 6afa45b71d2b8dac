import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { limits } from '../../../agent/protocol/limits.ts';
import { actionTypes, boxParamSchemas, portalActionTypes } from '../../../agent/protocol/params.ts';
import { accessDenied, invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import { mayUse } from '../../roles.ts';
import { actionStates } from '../../store/action-states.ts';
import type { Action } from '../../store/actions.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { before, instant, looseId, pagingEntries, read } from '../read.ts';
import { boxFilter, toQuery, visibleBox } from './boxes.ts';
import { actionView, listOf, reportView, viewAction } from './views.ts';

/** The eighteen, and those that Ministra's events ask for. */
const types = [...actionTypes, ...portalActionTypes];

const ids = v.pipe(v.array(looseId), v.maxLength(headendLimits.boxesPerRequest));

/** What `POST /stb/v1/actions` takes, and nothing else: of a misspelt `when` or filter all boxes would be asked at once. */
export const newAction = v.strictObject({
  boxes: v.optional(v.pipe(ids, v.description('Ids or MACs.'))),
  groups: v.optional(ids),
  filter: v.optional(v.strictObject(boxFilter)),
  all: v.optional(v.pipe(v.boolean(), v.description('Every box that the caller may act on.'))),
  type: v.picklist(types),
  params: v.optional(v.record(v.string(), v.unknown()), {}),
  when: v.optional(v.pipe(instant, v.description('Not before.'))),
  expires: v.optional(v.pipe(instant, v.description('Never after.'))),
  spread: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(limits.spreadSeconds),
      v.description('Seconds to spread the boxes over.'),
    ),
  ),
});

const query = v.object({
  box: v.optional(looseId),
  type: v.optional(v.picklist(types)),
  state: v.optional(v.picklist(actionStates)),
  request: v.optional(v.pipe(looseId, v.description('The id of a fleet action, for those that were asked together.'))),
  ...pagingEntries,
  before,
});
const params = v.object({ id: looseId });

/** `/stb/v1/actions`: to make, list, read and cancel actions. */
export function actionRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.post(
    '/stb/v1/actions',
    describe({
      tag: 'Fleet',
      summary: 'Make an action for boxes, groups, the boxes of a filter, or all',
      description: 'A box for which the same action is scheduled and not yet started is skipped and counted.',
      body: newAction,
      answer: v.object({ actions: v.array(actionView), skipped: v.number() }),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const asked = readNewAction(fleet, user, request.body);
      const made = await fleet.schedule({ ...asked, createdBy: user.id });
      const actions = made.created.map((id) => fleet.store.actions.get(id)).filter((action) => action !== undefined);
      return { actions: actions.map((action) => viewAction(fleet, action)), skipped: made.skipped.length };
    },
  );

  app.get(
    '/stb/v1/actions',
    describe({ tag: 'Fleet', summary: 'Actions, newest first', query, answer: listOf(actionView), errors: [403, 422] }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, before, box, ...filter } = read(query, request.query);
      const scope = fleet.access.scope(user);
      const id = box === undefined ? undefined : (fleet.store.boxes.find(box)?.id ?? box);
      const found = fleet.store.actions.list({ scope, box: id, ...filter }, { offset, limit, before });
      return { offset, limit, total: found.total, items: found.items.map((action) => viewAction(fleet, action)) };
    },
  );

  app.get(
    '/stb/v1/actions/:id',
    describe({
      tag: 'Fleet',
      summary: 'One action with its whole report history',
      params,
      answer: v.object({ ...actionView.entries, reports: v.array(reportView) }),
      errors: [403, 404],
    }),
    async (request) => {
      const action = visibleAction(fleet, authentication.user(request), read(params, request.params).id);
      const reports = fleet.store.reports.ofAction(action.id);
      return {
        ...viewAction(fleet, action),
        reports: reports.map((report) => ({ ...report, receivedAt: new Date(report.receivedAt).toISOString() })),
      };
    },
  );

  app.delete(
    '/stb/v1/actions/:id',
    describe({
      tag: 'Fleet',
      summary: 'Cancel an action',
      description:
        'At once when no box has seen it; else the box is asked, and its report decides. 409 when it has ended.',
      params,
      answer: actionView,
      errors: [403, 404, 409],
    }),
    async (request) => {
      const user = authentication.user(request);
      const action = visibleAction(fleet, user, read(params, request.params).id);
      requireActing(fleet, user, action.box);
      return viewAction(fleet, fleet.cancel(action.id));
    },
  );
}

/** Reads what an operator asks for, and checks that it may. Throws 403, 404 and 422. */
export function readNewAction(fleet: Fleet, user: User, body: unknown) {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  const asked = read(newAction, body);
  if (!mayUse(user.role, asked.type)) throw accessDenied();
  const boxes = targetsOf(fleet, user, asked);
  const params = read(v.strictObject(boxParamSchemas[asked.type].entries), asked.params) as Record<string, unknown>;
  checkTimes(asked);
  const { type, when, expires, spread } = asked;
  return { boxes, type, params, when, expires, spread };
}

/** The action that an operator means. Throws 404 when it is not about a box that it sees. */
export function visibleAction(fleet: Fleet, user: User, id: string): Action {
  const action = fleet.store.actions.get(id);
  const box = action && fleet.store.boxes.get(action.box);
  if (action === undefined || box === undefined || !fleet.access.scope(user).includes(box.customer))
    throw notFound('id');
  return action;
}

function requireActing(fleet: Fleet, user: User, box: string): void {
  const customer = fleet.store.boxes.get(box)?.customer;
  if (customer === undefined || !fleet.access.mayActFor(user, customer)) throw accessDenied();
}

/** The boxes that a request means. Named ones have to exist and to be open to the caller; of `all` and `filter` those that are count. */
function targetsOf(fleet: Fleet, user: User, asked: v.InferOutput<typeof newAction>): string[] {
  const named = new Set<string>();
  for (const id of asked.boxes ?? []) named.add(visibleBox(fleet, user, id, 'boxes').id);
  for (const id of asked.groups ?? []) {
    const group = fleet.store.groups.get(id);
    if (group === undefined || !fleet.access.scope(user).includes(group.customer)) throw notFound('groups');
    if (!fleet.access.mayActFor(user, group.customer)) throw accessDenied();
    for (const box of fleet.store.boxes.targetsOfGroup(id)) named.add(box);
  }
  for (const box of asked.boxes ? named : []) requireActing(fleet, user, box);
  if (asked.all || asked.filter !== undefined) {
    const every = { offset: 0, limit: Number.MAX_SAFE_INTEGER };
    const found = fleet.store.boxes.list({ ...toQuery(fleet, user, asked.filter ?? {}), enabledOnly: true }, every);
    const open = found.items.filter((box) => fleet.access.mayActFor(user, box.customer));
    if (open.length === 0 && found.total > 0) throw accessDenied();
    for (const box of open) named.add(box.id);
  } else if (asked.boxes === undefined && asked.groups === undefined) {
    throw invalid('boxes', 'One of boxes, groups, filter or all has to say which boxes are meant');
  }
  return [...named];
}

function checkTimes({ when, expires }: { when?: number | undefined; expires?: number | undefined }): void {
  const now = Date.now();
  if (when !== undefined && when > now + limits.scheduleAheadMs) {
    throw invalid('when', `Lies more than ${limits.scheduleAheadMs / (24 * 3600 * 1000)} days ahead`);
  }
  if (expires !== undefined && expires <= Math.max(now, when ?? 0)) {
    throw invalid('expires', 'Has passed already, or lies before `when`');
  }
}
