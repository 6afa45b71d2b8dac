import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BoxActionType } from '../../../agent/protocol/params.ts';
import { boxParamSchemas } from '../../../agent/protocol/params.ts';
import { abridge } from '../../abridge.ts';
import { ApiError } from '../../errors.ts';
import type { Actor, AuditOutcome, NewAuditEntry } from '../../store/audit.ts';
import type { Box } from '../../store/boxes.ts';
import type { User } from '../../store/users.ts';
import { tokenOf } from '../authenticate.ts';
import type { ApiContext } from '../context.ts';
import type { Audit } from './audit.ts';
import { isAudited } from './calls.ts';
import { sayOutcome } from './outcome.ts';
import { actionType, namedIn, restOf, sayTarget } from './target.ts';

/** A call under way. `end` is missing where nobody was known when it came, as when a device signs in. */
type Call = { end?: (outcome: AuditOutcome) => Promise<void>; outcome: Record<string, unknown> };

/**
 * Writes every call that changes something into the audit, in one place for all APIs: that it was asked for before its handler runs, and how it
 * ended before the answer leaves.
 *
 * INVARIANTS
 * - Nothing an operator or a device asks for is done before it is on disk that it was asked for.
 * - Whoever has an answer finds the outcome in the audit.
 * - Who is nobody that is known leaves no entry, unless it has become somebody: else anyone could fill the disk.
 */
export function auditCalls(app: FastifyInstance, { fleet, authentication }: ApiContext, audit: Audit): void {
  const calls = new WeakMap<FastifyRequest, Call>();

  app.addHook('preHandler', async (request) => {
    if (!isAudited(request.method, pathOf(request))) return;
    const call: Call = { outcome: {} };
    const caller = callerOf(request);
    if (caller !== undefined) call.end = await audit.begin(entryOf(request, caller));
    calls.set(request, call);
  });

  app.addHook('preSerialization', async (request, _reply, payload) => {
    const call = calls.get(request);
    if (call !== undefined) call.outcome = sayOutcome(payload);
    return payload;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const call = calls.get(request);
    calls.delete(request);
    if (call === undefined) return payload;
    const status = reply.statusCode;
    const end = call.end ?? (status < 400 ? await signedIn(request, call.outcome) : undefined);
    await end?.({ status, outcome: call.outcome });
    return payload;
  });

  function callerOf(request: FastifyRequest): { user: User } | { box: Box } | undefined {
    try {
      return authentication.caller(request);
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  /** The entry of a device that was nobody until now: that is who it is. */
  async function signedIn(request: FastifyRequest, outcome: Record<string, unknown>) {
    const box = typeof outcome.id === 'string' ? fleet.store.boxes.get(outcome.id) : undefined;
    return box && audit.begin(entryOf(request, { box }));
  }

  function entryOf(request: FastifyRequest, caller: { user: User } | { box: Box }): NewAuditEntry {
    const actor = actorOf(request, caller);
    const given = givenOf(request);
    const scope = 'user' in caller ? fleet.access.scope(caller.user) : [caller.box.customer];
    const named = namedIn(request.params, given);
    const type = typeOf(given.type) ?? actionType(fleet, scope, named);
    return {
      actor,
      call: `${request.method} ${pathOf(request)}`,
      type,
      target: sayTarget(fleet, scope, named),
      given: abridge(type === null ? given : restOf(given)) as Record<string, unknown>,
    };
  }

  function actorOf(request: FastifyRequest, caller: { user: User } | { box: Box }): Actor {
    const token = tokenOf(request);
    const common = {
      token: token === undefined ? null : fleet.store.tokens.nameOf(token),
      address: addressOf(request),
    };
    if ('box' in caller) {
      const { id, name, customer } = caller.box;
      return { kind: 'box', id, name, customer, role: null, ...common };
    }
    const { id, name, role, customer } = caller.user;
    return { kind: 'user', id, name, role, customer, ...common };
  }
}

/** The path as it is in the router, with `:name` for each part that varies. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '';
}

/** Where a call comes from. Of a proxy, whom it says it speaks for comes first. */
export function addressOf(request: FastifyRequest): string {
  const forwarded = request.headers['x-forwarded-for'];
  return forwarded === undefined ? request.ip : `${String(forwarded).slice(0, 100)} via ${request.ip}`;
}

/** The fields of the body, or of the query where there is no body of fields. */
function givenOf({ body, query }: FastifyRequest): Record<string, unknown> {
  if (Buffer.isBuffer(body)) return { body };
  const isFields = typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  const fields = { ...(query as Record<string, unknown>), ...(isFields ? (body as Record<string, unknown>) : {}) };
  // That is how it signed in, and stands with the caller.
  const { token: _, ...given } = fields;
  return given;
}

function typeOf(type: unknown): BoxActionType | null {
  return typeof type === 'string' && Object.hasOwn(boxParamSchemas, type) ? (type as BoxActionType) : null;
}
