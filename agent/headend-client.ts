/** The headend as an HTTP service, beside the upstreams: the line-up in, artifacts out. */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { HeadendClient } from './action.ts';
import { type Fallback, uploadArtifact } from './artifact-upload.ts';
import { AgentError, messageOf } from './errors.ts';
import { type HeadendAccess, headendPace, persist, Refused, request } from './headend-request.ts';
import { limits } from './protocol/limits.ts';
import { type Lineup, lineupSchema } from './protocol/lineup.ts';
import type { ChannelSource } from './upstream.ts';

export type HeadendOptions = {
  /** The HTTP(S) address without a trailing slash. */
  url?: string | undefined;
  /** Read for each request: an enrolment may give a running agent one. */
  readonly token?: string | undefined;
  /** The way for artifacts where no HTTP upload is reachable. */
  fallback?: Fallback;
  /** The channels of a portal, where one is configured. */
  channels?: () => Promise<ChannelSource | undefined>;
  log: Logger;
  pace?: typeof headendPace;
};

export function createHeadendClient(options: HeadendOptions): HeadendClient {
  const { url, fallback, channels, log, pace = headendPace } = options;
  const access: HeadendAccess | undefined =
    url === undefined
      ? undefined
      : {
          url,
          log,
          pace,
          get token() {
            return options.token;
          },
        };
  return {
    url,
    async fetchLineup(signal) {
      const portal = access ? undefined : await channels?.();
      if (portal) return portal.fetchLineup(signal);
      if (!access) throw notConfigured('fetch the line-up');
      try {
        return await persist(access, pace.lineupMs, signal, () => fetchLineup(access, signal));
      } catch (cause) {
        throw failure('HEADEND_FAILED', `fetching the line-up from ${url}`, cause, signal);
      }
    },
    radioByNumber: async (number, signal) => (await channels?.())?.radioByNumber(number, signal),
    addressOf: async (address, signal) => (await (await channels?.())?.addressOf(address, signal)) ?? address,
    async upload(action, { contentType, bytes }, signal) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const artifact = { contentType, bytes, sha256 };
      try {
        if (access) await uploadArtifact(access, action, artifact, signal, fallback);
        else if (fallback) await fallback(action, artifact);
        else throw notConfigured('upload an artifact');
      } catch (cause) {
        if (cause instanceof AgentError) throw cause;
        throw failure('UPLOAD_FAILED', `uploading ${bytes.length} bytes to ${url ?? 'an upstream'}`, cause, signal);
      }
      return { bytes: bytes.length, sha256 };
    },
  };
}

async function fetchLineup(access: HeadendAccess, signal: AbortSignal): Promise<Lineup> {
  const init = { headers: { Accept: 'application/json' }, size: limits.lineupBytes };
  const response = await request(access, '/stb/v1/lineup', init, signal);
  const text = await response.text().catch((cause) => {
    throw cause.type === 'max-size' ? new Refused(`more than ${limits.lineupBytes} bytes`, { cause }) : cause;
  });
  try {
    return v.parse(lineupSchema, JSON.parse(text));
  } catch (cause) {
    throw new Refused(`the answer is not a line-up: ${messageOf(cause)}`, { cause });
  }
}

function notConfigured(what: string): AgentError {
  return new AgentError(
    'NOT_CONFIGURED',
    `no headend address to ${what}: set headend.url, or the url of an upstream over HTTP`,
  );
}

function failure(
  code: 'HEADEND_FAILED' | 'UPLOAD_FAILED',
  attempted: string,
  cause: unknown,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  return new AgentError(code, `${attempted}: ${messageOf(cause)}`, { cause });
}
