import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { limits } from '../../../agent/protocol/limits.ts';
import { isFinal } from '../../../agent/protocol/messages.ts';
import { accessDenied, invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Box } from '../../store/boxes.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { instant, looseId, read } from '../read.ts';
import { rawOf, readAction, requireActor } from './action-request.ts';
import { findDevice } from './device.ts';
import { actionFields, deviceParams, success } from './documented.ts';

const fields = v.object({
  ...actionFields,
  when: v.optional(v.pipe(v.string(), v.description('When to carry it out: RFC 3339, or milliseconds since 1970.'))),
});

const answer = v.object({
  success: v.boolean(),
  _id: v.pipe(v.string(), v.description('The action; when it was skipped, the one that is waiting.')),
  devices: v.number(),
  skipped: v.number(),
});

const actionParams = v.object({ ...deviceParams.entries, action: looseId });

/** Telecom X, `GET /iptv/device/DEVICE_ID/action` and `DELETE /iptv/device/DEVICE_ID/action/ACTION_ID`. */
export function deviceActionRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const act = async (request: FastifyRequest) => {
    const user = authentication.user(request);
    requireActor(fleet, user);
    const box = actionableBox(fleet, user, read(deviceParams, request.params).device);
    const raw = rawOf(request);
    const { type, params } = readAction(fleet, user, raw, [box.customer]);
    const when = readWhen(raw.when);
    const { created, skipped } = await fleet.schedule({ boxes: [box.id], type, params, when, createdBy: user.id });
    return { success: true, _id: created[0] ?? skipped[0], devices: created.length, skipped: skipped.length };
  };
  const about = {
    tag: 'Telecom X',
    summary: 'Device action',
    description: 'Queues an action for one device, at once or for `when`.',
    params: deviceParams,
    answer,
    errors: [403, 404, 422],
  } as const;
  app.get('/iptv/device/:device/action', describe({ ...about, query: fields }), act);
  app.post('/iptv/device/:device/action', describe({ ...about, body: fields }), act);

  app.delete(
    '/iptv/device/:device/action/:action',
    describe({ tag: 'Telecom X', summary: 'Delete action', params: actionParams, answer: success, errors: [403, 404] }),
    async (request) => {
      const user = authentication.user(request);
      requireActor(fleet, user);
      const params = read(actionParams, request.params);
      const box = actionableBox(fleet, user, params.device);
      const action = fleet.store.actions.get(params.action);
      if (action === undefined || action.box !== box.id || isFinal(action.state)) throw notFound('id');
      fleet.cancel(action.id);
      return { success: true };
    },
  );
}

/** The set-top box that is meant. Telecom X: "Actions can only be performed on devices of type STB", so any other is not found. */
function actionableBox(fleet: Fleet, user: User, idOrMac: string): Box {
  const box = findDevice(fleet, user, idOrMac);
  if (box.type !== 'STB' || !box.enabled) throw notFound('id');
  if (!fleet.access.mayActFor(user, box.customer)) throw accessDenied();
  return box;
}

function readWhen(given: unknown): number | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  const isMs = typeof given === 'number' || (typeof given === 'string' && /^\d{12,14}$/.test(given));
  const result = v.safeParse(instant, given);
  const at = isMs ? Number(given) : result.success ? result.output : Number.NaN;
  if (Number.isSafeInteger(at) && at >= 0 && at <= Date.now() + limits.scheduleAheadMs) return at;
  throw invalid('when', 'When is invalid');
}
