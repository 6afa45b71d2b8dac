import type { FastifyRequest } from 'fastify';
import { type ActionType, isActionType } from '../../../agent/protocol/params.ts';
import { accessDenied, invalid } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { mayUse } from '../../roles.ts';
import type { User } from '../../store/users.ts';
import { type Raw, readParameters } from './action-parameters.ts';

/** What a GET says in its query and a POST in its body; the body wins. */
export function rawOf({ query, body }: FastifyRequest): Raw {
  return { ...(query as Raw), ...(body as Raw | undefined) };
}

/** Throws 403 when the caller may act on no box at all: a VIEWER, or a MANAGER or OWNER whose customer lacks IPTVBUSINESS. */
export function requireActor(fleet: Fleet, user: User): void {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  const isOfCustomer = user.role === 'MANAGER' || user.role === 'OWNER';
  if (isOfCustomer && !fleet.access.mayActFor(user, user.customer ?? '')) throw accessDenied();
}

/** The action that is asked for: 422 for an unknown type, 403 for one that is not the caller's, then the parameters. */
export function readAction(
  fleet: Fleet,
  user: User,
  raw: Raw,
  customers: readonly string[],
): { type: ActionType; params: Record<string, unknown> } {
  const { type } = raw;
  if (!isActionType(type)) throw invalid('type', 'Type is invalid');
  if (!mayUse(user.role, type)) throw accessDenied();
  const params = readParameters(type, raw);
  requireChannel(fleet, params.channel, { radio: false, customers, field: 'channel' });
  requireChannel(fleet, params.radiochannel, { radio: true, customers, field: 'radiochannel' });
  return { type, params };
}

/** A channel has to be of the right kind, and everybody's or one of the customers' the boxes belong to. */
function requireChannel(
  fleet: Fleet,
  id: unknown,
  wanted: { radio: boolean; customers: readonly string[]; field: string },
): void {
  if (typeof id !== 'string') return;
  const channel = fleet.store.channels.get(id);
  const isTheirs = channel?.customer === null || wanted.customers.includes(channel?.customer ?? '');
  if (channel === undefined || channel.radio !== wanted.radio || !isTheirs) {
    throw invalid(wanted.field, 'Channel is invalid');
  }
}
