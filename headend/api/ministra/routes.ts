import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { abridge } from '../../abridge.ts';
import { ApiError } from '../../errors.ts';
import { MinistraError } from '../../ministra/errors.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import type { NewAuditEntry } from '../../store/audit.ts';
import type { Audit } from '../audit/audit.ts';
import { addressOf } from '../audit/hooks.ts';
import { accountSubscription } from './account-subscription.ts';
import { accounts } from './accounts.ts';
import { failure, success, toJson, unauthorized } from './answer.ts';
import { itv } from './itv.ts';
import { itvSubscription } from './itv-subscription.ts';
import { type Resource, readRequest } from './request.ts';
import { reseller } from './reseller.ts';
import { sendEventResource } from './send-event.ts';
import { servicesPackage } from './services-package.ts';
import { stb } from './stb.ts';
import { stbModules } from './stb-modules.ts';
import { stbMsg } from './stb-msg.ts';
import { tariffs } from './tariffs.ts';
import { users } from './users.ts';

const prefixes = ['/stalker_portal/api/v1', '/stalker_portal/api'];

/**
 * Ministra's REST API, version 1, for operators: `HTTP_METHOD /RESOURCE/[IDENTIFIERS]` under both of its addresses. Every answer but 401 has the HTTP status
 * 200 and says in its envelope how it went.
 */
export async function ministraRoutes(app: FastifyInstance, ministra: Ministra, audit: Audit): Promise<void> {
  const { settings } = ministra;
  const resources: Record<string, Resource> = {
    stb: stb(ministra),
    accounts: accounts(ministra),
    users: users(ministra),
    stb_msg: stbMsg(ministra),
    send_event: sendEventResource(ministra),
    stb_modules: stbModules(ministra),
    itv: itv(ministra),
    itv_subscription: itvSubscription(ministra),
    tariffs: tariffs(ministra),
    services_package: servicesPackage(ministra),
    account_subscription: accountSubscription(ministra),
    reseller: reseller(ministra),
  };

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { login, password } = settings;
    if (login === undefined || password === undefined) {
      return reply.code(404).type('text/plain; charset=utf-8').send('API not enabled');
    }
    reply.type('application/json');
    if (!isSame(request.headers.authorization, basic(login, password))) {
      return reply.code(401).header('WWW-Authenticate', 'Basic realm="Stalker API"').send(toJson(unauthorized));
    }
    if (request.method === 'GET' || request.method === 'HEAD') return reply.send(toJson(await outcome(request)));
    const end = await audit.begin(entryOf(request, login));
    try {
      const answered = await outcome(request);
      await end({ status: 200, outcome: 'error' in answered ? { error: answered.error } : {} });
      return reply.send(toJson(answered));
    } catch (error) {
      await end({ status: 500, outcome: { error: 'internal_error' } });
      throw error;
    }
  }

  async function outcome(request: FastifyRequest): Promise<object> {
    try {
      const read = readRequest(
        request.method,
        pathOf(request.url),
        typeof request.body === 'string' ? request.body : '',
      );
      const resource = Object.hasOwn(resources, read.resource) ? resources[read.resource] : undefined;
      if (resource === undefined) throw new MinistraError(noClass(read.resource));
      const run = resource[read.action];
      if (run === undefined) {
        throw new MinistraError(`Resource "${read.resource}" does not support action "${read.action}"`);
      }
      return success(await run(read));
    } catch (error) {
      if (error instanceof MinistraError) return failure(error.results, error.message);
      if (error instanceof ApiError) return failure(null, error.message);
      throw error;
    }
  }

  await app.register(async (scope) => {
    // PHP reads a form out of every body, whatever its content type says.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    for (const prefix of prefixes) {
      for (const url of [prefix, `${prefix}/*`]) scope.all(url, { schema: { hide: true } }, answer);
    }
  });
}

/** What follows the longest prefix, as it was sent. */
function pathOf(url: string): string {
  const path = url.split('?')[0] ?? '';
  const prefix = prefixes.find((one) => path === one || path.startsWith(`${one}/`)) ?? '';
  return path.slice(prefix.length).replace(/^\/+/, '');
}

/** All that speak Ministra's API share one login, so that is who asks. */
function entryOf(request: FastifyRequest, login: string): NewAuditEntry {
  const [resource = '', identifiers = ''] = pathOf(request.url).split('/');
  const form = typeof request.body === 'string' ? Object.fromEntries(new URLSearchParams(request.body)) : {};
  return {
    actor: {
      kind: 'billing',
      id: null,
      name: login,
      role: null,
      customer: null,
      token: null,
      address: addressOf(request),
    },
    call: `${request.method} ${prefixes[0]}/${resource.slice(0, 100)}`,
    type: null,
    target: String(abridge(identifiers)),
    given: abridge(form) as Record<string, unknown>,
  };
}

/** Ministra's own words, with the name of the class that it looks for. */
function noClass(resource: string): string {
  const name = resource
    .split('_')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
  return `Class file for "RESTCommand${name}" not found`;
}

function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** Compares in a time that says nothing of where they differ. */
function isSame(given: string | undefined, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given?.replace(/^basic +/i, 'Basic ') ?? ''), digest(expected));
}
