/** What a box keeps of its enrolment in the state directory: the id by which the headend knows it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { replaceFile } from './atomic-file.ts';
import { idSchema } from './protocol/messages.ts';

const contentSchema = v.object({ box: idSchema });

/** The id that the headend gave this box; undefined for a box that was not enrolled. An unreadable file is none. */
export function enrolledId(stateDir: string): string | undefined {
  const file = fileIn(stateDir);
  if (!existsSync(file)) return undefined;
  try {
    return v.parse(contentSchema, JSON.parse(readFileSync(file, 'utf8'))).box;
  } catch {
    return undefined;
  }
}

/** Keeps the id that the headend gave this box. */
export function keepEnrolledId(stateDir: string, box: string): Promise<void> {
  return replaceFile(fileIn(stateDir), JSON.stringify({ box }));
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'enrolled.json');
}
