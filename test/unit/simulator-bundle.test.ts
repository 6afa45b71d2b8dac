import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBundle, readBundle, readBundleKey } from '../../platform/drivers/simulator/bundle.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const keys = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const key = readBundleKey(keys.publicKey);
const image = { version: '1.1.0', compatible: 'SIM250', payload: Buffer.alloc(5000, 'x'), privateKey: keys.privateKey };

function read(bytes: Uint8Array) {
  const file = join(temporaryDirectory(), 'bundle');
  writeFileSync(file, bytes);
  return readBundle(file, key);
}

test('a bundle says what it is', async () => {
  const bundle = await read(createBundle({ ...image, behaviour: 'crash' }));
  expect(bundle).toMatchObject({ version: '1.1.0', compatible: 'SIM250', size: 5000, behaviour: 'crash' });
});

test('an empty payload is a payload', async () => {
  expect((await read(createBundle({ ...image, payload: Buffer.alloc(0) }))).size).toBe(0);
});

test('a flip of any byte is BUNDLE_INVALID', async () => {
  const good = createBundle({ ...image, payload: Buffer.from('payload') });
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 0x01;
    await expect(read(bad), `byte ${at}`).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
  }
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a line', Buffer.from('{"format":"stb-sim-bundle/1"}\n')],
  ['noise', Buffer.alloc(100_000, 0xa5)],
  ['newlines', Buffer.alloc(100, '\n')],
  ['a bundle that is cut off', createBundle(image).subarray(0, -1)],
  ['a bundle with something behind it', Buffer.concat([createBundle(image), Buffer.from('x')])],
  ['a behaviour that is not known', createBundle({ ...image, behaviour: 'rude' as 'crash' })],
])('%s is BUNDLE_INVALID', async (_, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
});

test('a file that is not there is STORAGE', async () => {
  await expect(readBundle('/nowhere/bundle', key)).rejects.toMatchObject({ code: 'STORAGE' });
});

test('a key of another kind is refused when the box is opened, not when a bundle comes', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
  expect(() => readBundleKey(String(rsa))).toThrow(/Ed25519 public key: its type is rsa/);
  expect(() => readBundleKey('not a key')).toThrow(/Ed25519 public key/);
});
