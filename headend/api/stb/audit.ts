import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { auditedBy, roles } from '../../roles.ts';
import type { AuditEntry, AuditQuery } from '../../store/audit.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { instant, looseId, pagingEntries, read, toInstant } from '../read.ts';
import { listOf } from './views.ts';

const object = v.record(v.string(), v.unknown());
const entryView = v.object({
  id: v.number(),
  at: v.string(),
  who: v.object({
    kind: v.pipe(
      v.picklist(['user', 'box', 'billing', 'headend']),
      v.description(
        "An operator; a viewer's device; the billing system that speaks Ministra's API; or the headend by itself.",
      ),
    ),
    id: v.nullable(v.string()),
    name: v.string(),
    role: v.nullable(v.picklist(roles)),
    fingerprint: v.nullable(v.pipe(v.string(), v.description('The start of the hash of the token it came with.'))),
    address: v.string(),
  }),
  call: v.pipe(
    v.string(),
    v.description('The method, and the path with `:name` for each part that varies; of the headend, what it did.'),
  ),
  type: v.nullable(v.pipe(v.string(), v.description('The type of the action, where it is one.'))),
  target: v.pipe(v.string(), v.description('Whom or what it is about.')),
  given: v.pipe(object, v.description('The rest of what was asked, without secrets, long things in short.')),
  status: v.nullable(
    v.pipe(v.number(), v.description('Of the answer; null when the headend ended before it could answer.')),
  ),
  outcome: v.nullable(object),
});

const text = v.pipe(v.string(), v.trim(), v.maxLength(200));
const query = v.object({
  q: v.optional(v.pipe(text, v.description('Part of whatever an entry holds.'))),
  user: v.optional(v.pipe(looseId, v.description('The id of who asked.'))),
  fingerprint: v.optional(v.pipe(text, v.description('Of the token.'))),
  type: v.optional(v.pipe(text, v.description('The type of the action.'))),
  from: v.optional(instant),
  to: v.optional(instant),
  ...pagingEntries,
});

/** `GET /stb/v1/audit`: who did what. For those who answer for others: OWNER, RESELLER and ADMIN. */
export function auditRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/audit',
    describe({
      tag: 'Fleet',
      summary: 'Who did what, newest first (OWNER, RESELLER, ADMIN)',
      description:
        'An OWNER sees what was asked for its customer, a RESELLER also for those below, an ADMIN everything.',
      query,
      answer: listOf(entryView),
      errors: [403, 422],
    }),
    async (request) => {
      const within = withinOf(fleet, authentication.user(request));
      const { offset, limit, q, user, fingerprint, ...wanted } = read(query, request.query);
      const found = fleet.store.audit.list(
        { within, text: q, actor: user, token: fingerprint, ...wanted },
        { offset, limit },
      );
      return { offset, limit, total: found.total, items: found.items.map(view) };
    },
  );
}

function withinOf(fleet: Fleet, user: User): AuditQuery['within'] {
  const seen = auditedBy[user.role];
  if (seen === undefined) throw accessDenied();
  return user.role === 'ADMIN' ? undefined : { customers: fleet.access.scope(user), roles: seen };
}

function view({
  seq,
  at,
  actor,
  call,
  type,
  target,
  given,
  status,
  outcome,
}: AuditEntry): v.InferOutput<typeof entryView> {
  const { kind, id, name, role, token, address } = actor;
  const who = { kind, id, name, role: kind === 'headend' ? null : role, fingerprint: token, address };
  return { id: seq, at: toInstant(at) ?? '', who, call, type, target, given, status, outcome };
}
