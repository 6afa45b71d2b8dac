import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Seals what the store keeps and an API has to show again, so that the store's file alone tells nobody. */
export type Secrets = {
  /** `context` says what the secret belongs to; it opens nowhere else. */
  seal(secret: string, context: string): Buffer;
  /** Throws when it was sealed with another key or for something else. */
  open(sealed: Buffer, context: string): string;
};

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Reads the key from its file beside the database, or makes one (mode 0600) when the file is missing. Whoever has a copy of the database and not
 * this file has no password.
 */
export function openSecrets(file: string): Secrets {
  const key = existsSync(file) ? readKey(file) : createKey(file);
  return {
    seal(secret, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, context) {
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      const text = decipher.update(sealed.subarray(nonceBytes + tagBytes));
      try {
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error(
          `a secret of ${context} does not open with the key in ${file}: put the key back that sealed it`,
          {
            cause,
          },
        );
      }
    },
  };
}

function readKey(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== keyBytes) throw new Error(`${file} holds ${key.length} bytes in base64, a key has ${keyBytes}`);
  return key;
}

function createKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  writeFileSync(`${file}.new`, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return key;
}
