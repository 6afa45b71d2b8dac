import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const saltBytes = 16;
const keyBytes = 32;

/** The salted scrypt hash of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return `scrypt:${salt.toString('base64url')}:${(await derive(password, salt)).toString('base64url')}`;
}

/** Whether a password is the one that was hashed; never for null. */
export async function isPassword(given: string, hashed: string | null): Promise<boolean> {
  const [, salt = '', key = ''] = hashed?.split(':') ?? [];
  const derived = await derive(given, Buffer.from(salt, 'base64url'));
  const expected = Buffer.from(key, 'base64url');
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, keyBytes, (error, key) => (error === null ? resolve(key) : reject(error))),
  );
}
