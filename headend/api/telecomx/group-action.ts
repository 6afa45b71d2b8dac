import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { accessDenied, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import type { Raw } from './action-parameters.ts';
import { rawOf, readAction, requireActor } from './action-request.ts';
import { actionFields } from './documented.ts';

const fields = v.object({
  group: v.pipe(v.string(), v.description('Id of a device group, ALL, or WORLD.')),
  reseller: v.optional(
    v.pipe(
      v.string(),
      v.description('With ALL and for an ADMIN: the reseller or customer that the devices belong to.'),
    ),
  ),
  ...actionFields,
});

const answer = v.object({
  success: v.boolean(),
  devices: v.pipe(v.number(), v.description('Devices that the action has been scheduled for.')),
  skipped: v.pipe(v.number(), v.description('Devices that the action was skipped for.')),
});

/**
 * Telecom X, `GET /iptv/device/action`: one action for the set-top boxes of a group. The checks come in this order: token, caller,
 * group, type, access to the type, parameters.
 */
export function groupActionRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const act = async (request: FastifyRequest) => {
    const user = authentication.user(request);
    requireActor(fleet, user);
    const raw = rawOf(request);
    const { boxes, customers } = targetsOf(fleet, user, raw);
    const { type, params } = readAction(fleet, user, raw, customers);
    const { created, skipped } = await fleet.schedule({ boxes, type, params, createdBy: user.id });
    return { success: true, devices: created.length, skipped: skipped.length };
  };
  const about = {
    tag: 'Telecom X',
    summary: 'Group action',
    description: 'Performs an action on the set-top boxes of a group.',
    answer,
    errors: [403, 404, 422, 500],
  } as const;
  app.get('/iptv/device/action', describe({ ...about, query: fields }), act);
  app.post('/iptv/device/action', describe({ ...about, body: fields }), act);
}

type Targets = { boxes: string[]; customers: string[] };

function targetsOf(fleet: Fleet, user: User, raw: Raw): Targets {
  const { group } = raw;
  if (group === 'WORLD') {
    if (user.role !== 'ADMIN') throw accessDenied();
    return all(fleet, fleet.access.scope(user));
  }
  if (group === 'ALL') return all(fleet, customersOfAll(fleet, user, raw.reseller));
  const found = typeof group === 'string' ? fleet.store.groups.get(group.toLowerCase()) : undefined;
  if (found === undefined || !fleet.access.scope(user).includes(found.customer)) throw notFound('group');
  if (!fleet.access.mayActFor(user, found.customer)) throw accessDenied();
  return { boxes: fleet.store.boxes.targetsOfGroup(found.id), customers: [found.customer] };
}

/**
 * Whose boxes ALL are: for a MANAGER or OWNER those of its customer, for a RESELLER those of its customers with IPTVBUSINESS or
 * IPTVPRIVATE, for an ADMIN those of the `reseller` it names and of everybody below, or else of its own customer in the same way.
 */
function customersOfAll(fleet: Fleet, user: User, reseller: unknown): string[] {
  if (user.role === 'ADMIN') {
    const root = typeof reseller === 'string' && reseller !== '' ? reseller.toLowerCase() : user.customer;
    const customers = root === null ? fleet.access.scope(user) : fleet.store.customers.tree(root);
    if (customers.length === 0) throw notFound('group');
    return customers;
  }
  const customers = fleet.access.scope(user).filter((customer) => fleet.access.mayActFor(user, customer));
  if (customers.length === 0) throw accessDenied();
  return customers;
}

function all(fleet: Fleet, customers: string[]): Targets {
  return { boxes: fleet.store.boxes.targets(customers), customers };
}
