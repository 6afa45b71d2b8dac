import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSecrets } from '../../headend/secrets.ts';
import { temporaryDirectory } from '../support/temporary.ts';

test('a secret opens again with the key in the file, which only its owner can read', () => {
  const file = join(temporaryDirectory(), 'secrets.key');
  const sealed = openSecrets(file).seal('päss', 'a');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openSecrets(file).open(sealed, 'a')).toBe('päss');
  expect(sealed.includes('ss')).toBe(false);
});

test('the same secret is never sealed the same twice', () => {
  const secrets = openSecrets(join(temporaryDirectory(), 'key'));
  expect(secrets.seal('x', 'a').equals(secrets.seal('x', 'a'))).toBe(false);
});

test('a secret does not open with another key, for another owner, or changed, and says which key is missing', () => {
  const file = join(temporaryDirectory(), 'key');
  const secrets = openSecrets(file);
  const sealed = secrets.seal('secret', 'a');
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => secrets.open(sealed, 'b')).toThrow(file);
  expect(() => secrets.open(changed, 'a')).toThrow(file);
  expect(() => openSecrets(join(temporaryDirectory(), 'other')).open(sealed, 'a')).toThrow(/put the key back/);
});

test('a key file that holds no key is refused, not replaced', () => {
  const file = join(temporaryDirectory(), 'key');
  writeFileSync(file, 'short');
  expect(() => openSecrets(file)).toThrow(/a key has 32/);
});
