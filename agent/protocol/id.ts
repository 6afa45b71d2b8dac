import { randomBytes } from 'node:crypto';

/**
 * A new id: 24 hexadecimal characters, the first 12 the time in milliseconds, so that ids sort by age.
 * `now` is a wall time in milliseconds.
 */
export function newId(now: number = Date.now()): string {
  return Math.max(0, Math.floor(now)).toString(16).padStart(12, '0').slice(-12) + randomBytes(6).toString('hex');
}
