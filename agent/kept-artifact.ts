import { createHash } from 'node:crypto';
import type { HeadendClient } from './action.ts';
import { replaceFile } from './atomic-file.ts';

/** Keeps the newest artifact of the actions given on the box itself, in a file that their results name: no headend knows those actions. */
export function keepIn(file: string): HeadendClient['upload'] {
  return async (_action, { bytes }) => {
    await replaceFile(file, bytes);
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), file };
  };
}
