import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { limits } from '../../agent/protocol/limits.ts';
import { ApiError } from '../errors.ts';
import { headendLimits } from '../limits.ts';
import type { Artifact } from '../store/artifacts.ts';
import type { Store } from '../store/store.ts';

/** One piece of an artifact, or all of it: bytes from `start` of `total`, with the SHA-256 (hex) of the whole. */
export type Piece = {
  action: string;
  box: string;
  contentType: string;
  sha256: string;
  start: number;
  total: number;
  bytes: Readable;
};

/** How far an artifact is: whole, or the number of bytes that are there. */
export type UploadState = { whole: true; artifact: Artifact } | { whole: false; received: number };

export type Uploads = {
  state(action: string): Promise<UploadState>;
  /** Takes a piece. Throws 400 for a wrong digest or length, 503 while another upload of the same action runs, 413 when it is too big. */
  put(piece: Piece): Promise<UploadState>;
  /** The bytes of a whole artifact. */
  read(artifact: Artifact): Readable;
  /** Deletes the files of actions that are gone, and uploads that were given up. */
  clean(gone: readonly string[]): Promise<void>;
};

/**
 * The artifacts' bytes: one file each, `<action>` when whole and `<action>.part` before.
 *
 * INVARIANTS
 * - A file without `.part` is whole, on disk, and has the digest that its row says.
 * - A half-uploaded one is continued from what is there, also after a restart of the headend.
 */
export function createUploads(directory: string, store: Store): Uploads {
  mkdirSync(directory, { recursive: true });
  const running = new Set<string>();
  const wholeFile = (action: string) => join(directory, action);
  const partFile = (action: string) => join(directory, `${action}.part`);

  async function state(action: string): Promise<UploadState> {
    const artifact = store.artifacts.get(action);
    if (artifact !== undefined) return { whole: true, artifact };
    return { whole: false, received: await sizeOf(partFile(action)) };
  }

  async function append(piece: Piece): Promise<UploadState> {
    const known = await state(piece.action);
    if (known.whole && known.artifact.sha256 === piece.sha256) {
      piece.bytes.resume();
      return known;
    }
    const file = partFile(piece.action);
    const received = known.whole ? 0 : known.received;
    if (piece.start > received) {
      piece.bytes.resume();
      return { whole: false, received };
    }
    const size = await write(file, piece);
    if (size < piece.total) return { whole: false, received: size };
    return { whole: true, artifact: await finish(piece, file) };
  }

  async function finish(piece: Piece, file: string): Promise<Artifact> {
    const sha256 = await digestOf(file);
    if (sha256 !== piece.sha256) {
      await rm(file, { force: true });
      throw new ApiError(400, 'digest', `The bytes have the SHA-256 ${sha256}, not ${piece.sha256}: send them again`);
    }
    await rename(file, wholeFile(piece.action));
    await syncDirectory(directory);
    const artifact: Artifact = {
      action: piece.action,
      box: piece.box,
      contentType: piece.contentType,
      bytes: piece.total,
      sha256,
      storedAt: Date.now(),
    };
    await store.commit(() => store.artifacts.put(artifact));
    return artifact;
  }

  return {
    state,

    async put(piece) {
      if (piece.total > limits.artifactBytes) {
        throw new ApiError(413, 'artifact', `${piece.total} bytes, at most ${limits.artifactBytes} are taken`);
      }
      if (running.has(piece.action)) {
        throw new ApiError(503, 'artifact', 'Another upload of this artifact is running: try again when it has ended');
      }
      running.add(piece.action);
      try {
        return await append(piece);
      } finally {
        running.delete(piece.action);
      }
    },

    read: (artifact) => createReadStream(wholeFile(artifact.action)),

    async clean(gone) {
      for (const action of gone) {
        await rm(wholeFile(action), { force: true });
        await rm(partFile(action), { force: true });
      }
      for (const name of await readdir(directory)) {
        if (!name.endsWith('.part')) continue;
        const { mtimeMs } = await stat(join(directory, name));
        if (Date.now() - mtimeMs > headendLimits.uploadMs) await rm(join(directory, name), { force: true });
      }
    },
  };
}

/** Writes a piece at its place and returns how much is there now; what was behind it is cut off. Synced before it returns. */
async function write(file: string, piece: Piece): Promise<number> {
  const handle = await open(file, 'a').then(async (created) => {
    await created.close();
    await truncate(file, piece.start);
    return open(file, 'r+');
  });
  let position = piece.start;
  try {
    for await (const chunk of piece.bytes) {
      const bytes = chunk as Buffer;
      if (position + bytes.length > piece.total) {
        throw new ApiError(400, 'artifact', `More bytes than the ${piece.total} that were announced`);
      }
      await handle.write(bytes, 0, bytes.length, position);
      position += bytes.length;
    }
  } finally {
    await handle.sync();
    await handle.close();
  }
  return position;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
