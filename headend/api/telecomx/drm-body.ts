import { randomBytes, randomInt } from 'node:crypto';
import { invalid } from '../../errors.ts';

/** Telecom X DRM create: at least 6 characters of a-z A-Z 0-9 . _ - and @. */
export const usernameLength = 6;
const longest = 200;

export function isUsername(text: string): boolean {
  return text.length >= usernameLength && text.length <= longest && /^[A-Za-z0-9._@-]+$/.test(text);
}

export function isPassword(text: string): boolean {
  return text.length >= usernameLength && text.length <= longest;
}

/** The user name and password of a new account; what is left out is made at random. Throws 422 in Telecom X's words. */
export function readCredentials(body: unknown): { username: string; password: string } {
  const { username, password } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (username !== undefined && !(typeof username === 'string' && isUsername(username))) {
    throw invalid('username', 'Username must be at least 6 chars and only contain a-z A-Z 0-9 _ - @ .');
  }
  if (password !== undefined && !(typeof password === 'string' && isPassword(password))) {
    throw invalid('password', 'Password must be at least 6 chars');
  }
  return { username: username ?? randomUsername(), password: password ?? randomBytes(12).toString('base64url') };
}

/** Ten digits, as short to type with a remote control as a customer number. */
function randomUsername(): string {
  return Array.from({ length: 10 }, () => randomInt(10)).join('');
}
