/** Whether the operator has cut this box off, in one file of the state directory. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Platform } from '../platform/contract.ts';
import type { CutOff, CutOffStore } from './action.ts';
import { isMissing, replaceFile } from './atomic-file.ts';
import { AgentError, messageOf } from './errors.ts';

const contentSchema = v.nullable(v.object({ html: v.string(), since: v.string() }));

/**
 * Opens the store. A missing file is a box that is not cut off; so is an unreadable one, and `raiseFault` is told why: a box that is paid for
 * must not stay dark for a damaged file.
 */
export async function openCutOff(file: string, raiseFault: (sentence: string) => void): Promise<CutOffStore> {
  let current = await read(file, raiseFault);
  return {
    current: () => current,
    async replace(cutOff) {
      await replaceFile(file, JSON.stringify(cutOff)).catch((cause) => {
        throw new AgentError('STORAGE', `storing whether the box is cut off: ${cause.message}; free space on the box`, {
          cause,
        });
      });
      current = cutOff;
    },
  };
}

/** Blocks the screen of a box that is cut off again, as the agent starts: a block is gone with the process that made it. */
export async function blockAgain(
  platform: Platform,
  cutOff: CutOffStore,
  raiseFault: (sentence: string) => void,
): Promise<void> {
  const blocked = cutOff.current();
  if (blocked === null) return;
  await platform.ui?.block?.(blocked.html).catch((error) => {
    raiseFault(`the box is cut off, but its screen could not be blocked again: ${error.message}`);
  });
}

async function read(file: string, raiseFault: (sentence: string) => void): Promise<CutOff | null> {
  try {
    return v.parse(contentSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return null;
    const reason = messageOf(error);
    raiseFault(`${file} is unreadable (${reason}); the box counts as not cut off, send CUT_OFF again if it should be`);
    return null;
  }
}
