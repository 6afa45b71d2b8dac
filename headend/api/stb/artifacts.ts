import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { accessDenied, notFound } from '../../errors.ts';
import { mayUse } from '../../roles.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';
import { visibleAction } from './actions.ts';

const params = v.object({ action: looseId });

/** `GET /stb/v1/artifacts/{action}`: the bytes that belong to an action's result. */
export function artifactRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/artifacts/:action',
    describe({ tag: 'Fleet', summary: 'The artifact of an action', params, errors: [403, 404] }),
    async (request, reply) => {
      const user = authentication.user(request);
      const action = visibleAction(fleet, user, read(params, request.params).action);
      // Telecom X get screenshot: whoever may not take one may not look at one.
      if (action.type === 'SCREENSHOT' && !mayUse(user.role, action.type)) throw accessDenied();
      const artifact = fleet.store.artifacts.get(action.id);
      if (artifact === undefined) throw notFound('action');
      // A box chose the content type: nothing of it may run in a browser that looks at it.
      return reply
        .header('Content-Length', artifact.bytes)
        .header('X-Content-Type-Options', 'nosniff')
        .header('Content-Security-Policy', "sandbox; default-src 'none'")
        .header('ETag', `"${artifact.sha256}"`)
        .type(artifact.contentType)
        .send(fleet.uploads.read(artifact));
    },
  );
}
