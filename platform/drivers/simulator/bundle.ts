/**
 * The simulator's firmware bundles: a line of JSON, the manifest; a line of base64, the Ed25519 signature over the manifest line;
 * and the payload, whose size and SHA-256 the manifest gives.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf, PlatformError } from '../../contract.ts';

const format = 'stb-sim-bundle/1';
/** The two lines before the payload have to fit into this. */
const headerBytes = 8 * 1024;

/** What the image does once it runs; `crash` dies while it boots, for trying the fall back. */
export type BundleBehaviour = 'healthy' | 'crash';

export type Bundle = {
  version: string;
  /** The model it is for. */
  compatible: string;
  behaviour: BundleBehaviour;
  /** Bytes of the payload, and where it begins in the file. */
  size: number;
  offset: number;
};

/** Makes a bundle. `privateKey` is the PEM of an Ed25519 key. */
export function createBundle(image: {
  version: string;
  compatible: string;
  payload: Uint8Array;
  privateKey: string;
  behaviour?: BundleBehaviour;
}): Buffer {
  const { version, compatible, payload, privateKey, behaviour = 'healthy' } = image;
  const sha256 = createHash('sha256').update(payload).digest('hex');
  const manifest = JSON.stringify({ format, compatible, version, size: payload.length, sha256, behaviour });
  const signature = sign(null, Buffer.from(manifest), privateKey).toString('base64');
  return Buffer.concat([Buffer.from(`${manifest}\n${signature}\n`), payload]);
}

/** The key bundles are checked with; throws a sentence for anything but the PEM of an Ed25519 public key. */
export function readBundleKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`its type is ${key.asymmetricKeyType}`);
    return key;
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`platform.simulator.bundle_key_file: expected the PEM of an Ed25519 public key: ${reason}`, {
      cause: error,
    });
  }
}

/** Reads and checks a whole bundle: the signature before anything it says is believed, then the payload. Rejects BUNDLE_INVALID. */
export async function readBundle(file: string, key: KeyObject, signal?: AbortSignal): Promise<Bundle> {
  const handle = await open(file).catch((cause: Error) => {
    throw new PlatformError('STORAGE', `opening the bundle ${file}: ${cause.message}; download it again`, { cause });
  });
  try {
    const { bundle, sha256 } = await readHeader(handle, key);
    const { size: total } = await handle.stat();
    const size = total - bundle.offset;
    if (size !== bundle.size) throw invalid(`the payload has ${size} bytes, the manifest says ${bundle.size}`);
    const actual = await hashOf(file, bundle.offset, signal);
    if (actual !== sha256) throw invalid(`the payload's SHA-256 is ${actual}, the manifest says ${sha256}`);
    return bundle;
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, key: KeyObject): Promise<{ bundle: Bundle; sha256: string }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
  const head = buffer.subarray(0, bytesRead);
  const first = head.indexOf('\n');
  const second = head.indexOf('\n', first + 1);
  if (first === -1 || second === -1) throw invalid('it does not begin with a manifest and a signature');
  const manifest = head.subarray(0, first);
  const encoded = head.toString('latin1', first + 1, second);
  const signature = Buffer.from(encoded, 'base64');
  // Node reads sloppy base64 too; one signature has one spelling.
  if (signature.toString('base64') !== encoded || !verify(null, manifest, key, signature))
    throw invalid('it is not signed by the key this box trusts');
  return parseManifest(manifest.toString(), second + 1);
}

function parseManifest(text: string, offset: number): { bundle: Bundle; sha256: string } {
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw invalid('its manifest is not JSON');
  }
  const { format: given, version, compatible, size, sha256, behaviour = 'healthy' } = manifest;
  if (given !== format) throw invalid(`its format is ${JSON.stringify(given)}, expected ${format}`);
  if (typeof version !== 'string' || typeof compatible !== 'string' || typeof sha256 !== 'string') {
    throw invalid('its manifest lacks version, compatible or sha256');
  }
  if (!Number.isSafeInteger(size)) throw invalid('its manifest lacks the size');
  if (behaviour !== 'healthy' && behaviour !== 'crash') throw invalid(`its behaviour ${behaviour} is not known`);
  return { bundle: { version, compatible, behaviour, size: size as number, offset }, sha256 };
}

async function hashOf(file: string, start: number, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { start, ...(signal && { signal }) })) hash.update(chunk);
  return hash.digest('hex');
}

function invalid(reason: string): PlatformError {
  return new PlatformError('BUNDLE_INVALID', `the firmware bundle is refused: ${reason}; nothing was written`);
}
