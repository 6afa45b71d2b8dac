import type { FastifyRequest } from 'fastify';
import { accessDenied, unauthenticated } from '../errors.ts';
import type { Box } from '../store/boxes.ts';
import type { Store } from '../store/store.ts';
import type { TokenOwner } from '../store/tokens.ts';
import type { User } from '../store/users.ts';

/**
 * The token of a request, in any of the four ways of the Telecom X app API: `Authorization: Bearer`, `token` in the JSON body,
 * `token` in the query, or the cookie `token=APP-<TOKEN>`. The first of them that is there counts.
 */
export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? tokenIn(request.body) ?? tokenIn(request.query) ?? cookieToken(request.headers.cookie);
}

export type Authentication = {
  /** The operator who calls. Throws 401 without a valid token, 403 for a box's token. */
  user(request: FastifyRequest): User;
  /** The box that calls. Throws 401 without a valid token, 403 for an operator's token or a disabled box. */
  box(request: FastifyRequest): Box;
  /** Whoever calls: an operator or a box. Throws 401 without a valid token. */
  caller(request: FastifyRequest): { user: User } | { box: Box };
};

export function createAuthentication(store: Store): Authentication {
  function ownerOf(request: FastifyRequest): TokenOwner {
    const token = tokenOf(request);
    const owner = token === undefined ? undefined : store.tokens.owner(token);
    if (owner === undefined) throw unauthenticated();
    return owner;
  }

  function userOf(owner: TokenOwner): User {
    if (owner.kind !== 'user') throw accessDenied();
    const user = store.users.get(owner.id);
    if (user === undefined) throw unauthenticated();
    return user;
  }

  function boxOf(owner: TokenOwner): Box {
    if (owner.kind !== 'box') throw accessDenied();
    const box = store.boxes.get(owner.id);
    if (box === undefined) throw unauthenticated();
    if (!box.enabled) throw accessDenied();
    return box;
  }

  return {
    user: (request) => userOf(ownerOf(request)),
    box: (request) => boxOf(ownerOf(request)),
    caller(request) {
      const owner = ownerOf(request);
      return owner.kind === 'user' ? { user: userOf(owner) } : { box: boxOf(owner) };
    },
  };
}

function tokenIn(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null || !('token' in part)) return undefined;
  return typeof part.token === 'string' && part.token !== '' ? part.token : undefined;
}

function cookieToken(header: string | undefined): string | undefined {
  return /(?:^|;\s*)token=APP-([^;\s]+)/.exec(header ?? '')?.[1];
}
