/** Uploads one artifact, resuming where an attempt broke off. */
import type { Artifact } from './action.ts';
import { type HeadendAccess, persist, request } from './headend-request.ts';

/** An artifact with its SHA-256, in hexadecimal. */
export type DigestedArtifact = Artifact & { sha256: string };

/** Carries an artifact over an upstream; rejects where none can. */
export type Fallback = (action: string, artifact: DigestedArtifact) => Promise<void>;

/** Uploads `artifact` over HTTP; when that keeps failing, over `fallback` where that works. */
export async function uploadArtifact(
  access: HeadendAccess,
  action: string,
  artifact: DigestedArtifact,
  signal: AbortSignal,
  fallback?: Fallback,
): Promise<void> {
  const { pace, log } = access;
  await persist(access, pace.uploadMs, signal, async (failures) => {
    if (failures === pace.failuresBeforeFallback && fallback) {
      try {
        return await fallback(action, artifact);
      } catch (error) {
        log.warn({ err: error }, 'no upstream carries the artifact either');
      }
    }
    const start = failures === 0 ? 0 : await storedBytes(access, action, artifact, signal);
    if (start < artifact.bytes.length) await put(access, action, artifact, start, signal);
  });
}

/** Sends the artifact from byte `start` on. */
async function put(
  access: HeadendAccess,
  action: string,
  { bytes, contentType, sha256 }: DigestedArtifact,
  start: number,
  signal: AbortSignal,
): Promise<void> {
  const range = start === 0 ? {} : { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
  const headers = { 'Content-Type': contentType, 'Content-Digest': digestField(sha256), ...range };
  const response = await request(
    access,
    path(action),
    { method: 'PUT', headers, body: Buffer.from(bytes.subarray(start)) },
    signal,
  );
  if (response.status === 308) throw new Error('the headend has only a part of the artifact');
}

/** Asks how much of the artifact the headend has. */
async function storedBytes(
  access: HeadendAccess,
  action: string,
  { bytes, contentType, sha256 }: DigestedArtifact,
  signal: AbortSignal,
): Promise<number> {
  const headers = {
    'Content-Type': contentType,
    'Content-Digest': digestField(sha256),
    'Content-Range': `bytes */${bytes.length}`,
  };
  const response = await request(access, path(action), { method: 'PUT', headers, body: '' }, signal);
  if (response.status !== 308) return bytes.length;
  const match = /^bytes=0-(\d+)$/.exec(response.headers.get('range') ?? '');
  return match === null ? 0 : Math.min(Number(match[1]) + 1, bytes.length);
}

function path(action: string): string {
  return `/stb/v1/artifacts/${encodeURIComponent(action)}`;
}

/** RFC 9530: the digest of the whole artifact, as a structured field. */
function digestField(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}
