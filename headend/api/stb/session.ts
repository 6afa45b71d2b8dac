import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { ApiError } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import { roles } from '../../roles.ts';
import type { User } from '../../store/users.ts';
import { tokenOf } from '../authenticate.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';

const body = v.object({ token: v.string() });
const userView = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  customer: v.nullable(v.string()),
});
const answer = v.object({ user: userView });
const asked = v.object({ user: v.nullable(userView) });

/**
 * `/stb/v1/session`: an operator in a browser. The token lives in a cookie that no script can read and that other sites cannot make the
 * browser send, so a page that is stolen or tricked has nothing.
 */
export function sessionRoutes(app: FastifyInstance, { authentication }: ApiContext): void {
  app.post(
    '/stb/v1/session',
    describe({
      tag: 'Fleet',
      summary: 'Sign in: puts the token into the cookie `token=APP-<TOKEN>`',
      body,
      answer,
      errors: [403],
      open: true,
    }),
    async (request, reply) => {
      const user = authentication.user(request);
      reply.header('Set-Cookie', cookie(request, `APP-${tokenOf(request)}`, headendLimits.sessionSeconds));
      return { user: viewUser(user) };
    },
  );

  app.get(
    '/stb/v1/session',
    describe({ tag: 'Fleet', summary: 'Who is signed in; null when nobody is', answer: asked, open: true }),
    async (request) => ({ user: signedIn(request) }),
  );

  /** Not an error: a page has to ask before it can know. */
  function signedIn(request: FastifyRequest) {
    try {
      return viewUser(authentication.user(request));
    } catch (error) {
      if (error instanceof ApiError) return null;
      throw error;
    }
  }

  app.delete(
    '/stb/v1/session',
    describe({ tag: 'Fleet', summary: 'Sign out', answer: v.object({ success: v.boolean() }), open: true }),
    async (request, reply) => {
      reply.header('Set-Cookie', cookie(request, '', 0));
      return { success: true };
    },
  );
}

/** Behind a proxy that does TLS it never leaves over plain HTTP. */
function cookie(request: FastifyRequest, value: string, seconds: number): string {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `token=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

function viewUser({ id, name, role, customer }: User) {
  return { id, name, role, customer };
}
