import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { limits } from '../../../agent/protocol/limits.ts';
import { ApiError, notFound } from '../../errors.ts';
import type { UploadState } from '../../fleet/uploads.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';

const params = v.object({ action: looseId });
const answer = v.object({ bytes: v.number(), sha256: v.pipe(v.string(), v.description('Hexadecimal.')) });

/**
 * `PUT /stb/v1/artifacts/{action}`: an artifact, whole or in pieces. `Content-Digest: sha-256=:…:` (RFC 9530) is the digest of the whole.
 * A piece says its place in `Content-Range: bytes a-b/total`; while some is missing the answer is 308 with `Range: bytes=0-N`, what is there.
 * `Content-Range: bytes *\/total` with an empty body only asks.
 */
export async function artifactRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): Promise<void> {
  // The body is read as a stream, whatever its type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.put(
    '/stb/v1/artifacts/:action',
    describe({
      tag: 'Box',
      summary: 'Upload an artifact, resumable',
      description: '308 with `Range` while bytes are missing, 200 or 201 when whole and the digest is right.',
      params,
      answer,
      errors: [400, 403, 404, 411, 413],
    }),
    async (request, reply) => {
      const box = authentication.box(request);
      const { action } = read(params, request.params);
      if (fleet.store.actions.get(action)?.box !== box.id) throw notFound('action');
      const range = rangeOf(request);
      if (range.asks) {
        request.raw.resume();
        return progressAnswer(reply, await fleet.uploads.state(action), 200);
      }
      const state = await fleet.uploads.put({
        action,
        box: box.id,
        contentType: request.headers['content-type']?.slice(0, 100) ?? 'application/octet-stream',
        sha256: digestOf(request),
        start: range.start,
        total: range.total,
        bytes: request.raw,
      });
      return progressAnswer(reply, state, 201);
    },
  );
}

function progressAnswer(reply: FastifyReply, state: UploadState, status: number) {
  if (state.whole) return reply.code(status).send({ bytes: state.artifact.bytes, sha256: state.artifact.sha256 });
  if (state.received > 0) reply.header('Range', `bytes=0-${state.received - 1}`);
  return reply.code(308).send({ received: state.received });
}

type Range = { asks: true } | { asks: false; start: number; total: number };

/** The place of the body in the artifact; without `Content-Range` the body is all of it. */
function rangeOf(request: FastifyRequest): Range {
  const header = request.headers['content-range'];
  if (header === undefined) return { asks: false, start: 0, total: lengthOf(request) };
  const [, start, end, total] = /^bytes (?:(\d{1,10})-(\d{1,10})|\*)\/(\d{1,10})$/.exec(header) ?? [];
  if (total === undefined) throw new ApiError(400, 'content-range', `Expected "bytes a-b/total", received "${header}"`);
  if (start === undefined || end === undefined) return { asks: true };
  if (Number(end) < Number(start) || Number(end) >= Number(total)) {
    throw new ApiError(400, 'content-range', `The range ${header} does not lie in the artifact`);
  }
  return { asks: false, start: Number(start), total: Number(total) };
}

function lengthOf(request: FastifyRequest): number {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isSafeInteger(length) && length > 0 && length <= limits.artifactBytes) return length;
  if (length > limits.artifactBytes) {
    throw new ApiError(413, 'artifact', `${length} bytes, at most ${limits.artifactBytes} are taken`);
  }
  throw new ApiError(411, 'content-length', 'An artifact has a length of at least one byte, and says it');
}

/** RFC 9530: `sha-256=:<base64>:`, among other digests perhaps. Returned in hexadecimal. */
function digestOf(request: FastifyRequest): string {
  const header = request.headers['content-digest'];
  const base64 = /(?:^|,\s*)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header ?? ''))?.[1];
  if (base64 === undefined) {
    throw new ApiError(400, 'content-digest', 'Expected "sha-256=:…:" with the digest of the whole artifact in base64');
  }
  return Buffer.from(base64, 'base64').toString('hex');
}
