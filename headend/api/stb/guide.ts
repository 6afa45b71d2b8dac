import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, invalid } from '../../errors.ts';
import { takeGuide } from '../../guide-file.ts';
import { headendLimits } from '../../limits.ts';
import { unpacked } from '../../unpacked.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { requireAdmin } from './customers.ts';

const answer = v.object({ programmes: v.number(), skipped: v.number() });

/** `PUT /stb/v1/epg`: programme data as an XMLTV file, perhaps packed with gzip. For an ADMIN. */
export async function guideRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): Promise<void> {
  // The body is read as a stream, for a guide may be hundreds of megabytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.put(
    '/stb/v1/epg',
    describe({
      tag: 'Fleet',
      summary: 'Take the programmes of an XMLTV file, also a gzip one (ADMIN)',
      description: 'What it has for a channel and a time replaces what was there.',
      answer,
      errors: [403, 413, 422],
    }),
    async (request) => {
      requireAdmin(authentication.user(request));
      try {
        return await takeGuide(fleet.store, unpacked(request.raw, headendLimits.xmltvBytes));
      } catch (error) {
        if (error instanceof ApiError) throw error;
        throw invalid('body', error instanceof Error ? error.message : String(error));
      }
    },
  );
}
