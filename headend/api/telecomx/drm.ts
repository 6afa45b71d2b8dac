import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, accessDenied, conflict, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { DrmAccount, DrmDevice } from '../../store/drm-accounts.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, pagingEntries, read } from '../read.ts';
import { success } from './documented.ts';
import { readCredentials } from './drm-body.ts';

const query = v.object({
  ...pagingEntries,
  filter: v.optional(v.pipe(v.string(), v.description('Part of the user name.')), ''),
  full: v.optional(flag, false),
  customer: v.optional(looseId),
});
const params = v.object({ account: v.pipe(v.string(), v.maxLength(200)) });
const documentedBody = v.object({
  customer: v.optional(looseId),
  username: v.optional(v.pipe(v.string(), v.description('Left out, it is made at random.'))),
  password: v.optional(v.pipe(v.string(), v.description('Left out, it is made at random.'))),
});
const deviceFields = { type: v.string(), name: v.string(), model: v.optional(v.string()) };
const head = { username: v.string(), password: v.string() };
const tail = { created: v.string() };
const condensed = v.object({ ...head, devices: v.number(), ...tail });
const full = v.object({ ...head, devices: v.array(v.object({ id: v.string(), ...deviceFields })), ...tail });
const single = v.object({ ...head, devices: v.array(v.object({ _id: v.string(), ...deviceFields })), ...tail });

/** Telecom X: DRM accounts, list, get, create and delete. */
export function drmRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { drmAccounts } = fleet.store;

  app.get(
    '/iptv/drm',
    describe({
      tag: 'Telecom X',
      summary: 'DRM list: the accounts of a customer',
      query,
      answer: v.object({
        offset: v.number(),
        limit: v.number(),
        total: v.number(),
        accounts: v.array(v.union([condensed, full])),
      }),
      errors: [403, 422, 500],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, filter, full: isFull, customer } = read(query, request.query);
      const scope = scopeOf(fleet, user, customer);
      const found = drmAccounts.list(scope, filter, { offset, limit });
      const accounts = found.items.map((account) => {
        const devices = drmAccounts.devices(account.username);
        return isFull ? viewFull(account, devices) : view(account, devices.length);
      });
      return { offset, limit, total: found.total, accounts };
    },
  );

  app.get(
    '/iptv/drm/:account',
    describe({ tag: 'Telecom X', summary: 'DRM get', params, answer: single, errors: [403, 404] }),
    async (request) => {
      const user = authentication.user(request);
      const account = visibleAccount(fleet, user, read(params, request.params).account);
      if (!mayList(fleet, user, account.customer)) throw accessDenied();
      return viewSingle(account, drmAccounts.devices(account.username));
    },
  );

  app.post(
    '/iptv/drm',
    describe({
      tag: 'Telecom X',
      summary: 'DRM create',
      body: documentedBody,
      answer: single,
      errors: [403, 404, 409, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const given = (request.body ?? {}) as Record<string, unknown>;
      const asked = typeof given.customer === 'string' ? given.customer.toLowerCase() : user.customer;
      if (asked === null || !fleet.access.scope(user).includes(asked)) {
        throw new ApiError(404, 'customer', 'Customer not found');
      }
      if (!mayCreate(fleet, user, asked)) throw accessDenied();
      requireRoom(fleet, asked);
      const credentials = readCredentials(given);
      if (drmAccounts.get(credentials.username) !== undefined) {
        throw conflict('username', 'The username is not available');
      }
      const account = { ...credentials, customer: asked, createdAt: Date.now() };
      drmAccounts.create(account);
      return viewSingle(account, []);
    },
  );

  app.delete(
    '/iptv/drm/:account',
    describe({
      tag: 'Telecom X',
      summary: 'DRM delete',
      description: 'The devices that signed in with the account lose their licenses and their tokens.',
      params,
      answer: success,
      errors: [403, 404],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const account = visibleAccount(fleet, user, read(params, request.params).account);
      if (!mayCreate(fleet, user, account.customer)) throw accessDenied();
      fleet.store.transaction(() => {
        for (const { id } of drmAccounts.devices(account.username)) fleet.store.tokens.revoke({ kind: 'box', id });
        drmAccounts.remove(account.username);
      });
      return { success: true };
    },
  );
}

/**
 * Telecom X DRM list, "Access level": VIEWER, MANAGER or OWNER if the customer has IPTVBUSINESS or IPTVPRIVATE, RESELLER if it has
 * IPTVPRIVATE, ADMIN.
 */
function mayList(fleet: Fleet, user: User, customer: string): boolean {
  const features = fleet.store.customers.get(customer)?.features ?? [];
  if (user.role === 'ADMIN') return true;
  return user.role === 'RESELLER' ? features.includes('IPTVPRIVATE') : features.length > 0;
}

/** Telecom X DRM create, "Access level": MANAGER, OWNER or RESELLER if the customer has IPTVBUSINESS or IPTVPRIVATE, ADMIN. */
function mayCreate(fleet: Fleet, user: User, customer: string): boolean {
  return user.role === 'ADMIN' || (fleet.store.customers.get(customer)?.features ?? []).length > 0;
}

/** Whose accounts are listed: the customer that is asked for, or the own one; everybody's for an ADMIN that has none. Throws 403. */
function scopeOf(fleet: Fleet, user: User, asked: string | undefined): string[] {
  const customer = asked ?? user.customer;
  if (customer === null) return fleet.access.scope(user);
  if (!fleet.access.scope(user).includes(customer) || !mayList(fleet, user, customer)) throw accessDenied();
  return [customer];
}

function visibleAccount(fleet: Fleet, user: User, username: string): DrmAccount {
  const account = fleet.store.drmAccounts.get(username);
  if (account === undefined || !fleet.access.scope(user).includes(account.customer)) throw notFound('id');
  return account;
}

/** "A customer with IPTVPRIVATE feature, can have 1 account"; one that has IPTVBUSINESS, too, can have several. */
function requireRoom(fleet: Fleet, customer: string): void {
  const isBusiness = fleet.store.customers.get(customer)?.features.includes('IPTVBUSINESS') ?? false;
  if (isBusiness || fleet.store.drmAccounts.countOf(customer) < headendLimits.drmAccountsOfPrivate) return;
  throw conflict('customer', 'The customer has its account already');
}

function view({ username, password, createdAt }: DrmAccount, devices: number): v.InferOutput<typeof condensed> {
  return { username, password, devices, created: new Date(createdAt).toISOString() };
}

function viewFull(account: DrmAccount, devices: DrmDevice[]): v.InferOutput<typeof full> {
  return { ...view(account, 0), devices: devices.map(({ id, ...device }) => ({ id, ...viewDevice(device) })) };
}

function viewSingle(account: DrmAccount, devices: DrmDevice[]): v.InferOutput<typeof single> {
  return { ...view(account, 0), devices: devices.map(({ id, ...device }) => ({ _id: id, ...viewDevice(device) })) };
}

function viewDevice({ type, name, model }: Omit<DrmDevice, 'id'>) {
  return { type, name, ...(model === null ? {} : { model }) };
}
