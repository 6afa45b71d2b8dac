/** The line-up and the tuner configuration of this box, in one file of the state directory. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { LineupStore } from './action.ts';
import { isMissing, replaceFile } from './atomic-file.ts';
import { AgentError, messageOf } from './errors.ts';
import { lineupSchema } from './protocol/lineup.ts';

const serviceSchema = v.object({
  channel: v.string(),
  name: v.string(),
  number: v.number(),
  dvb: v.record(v.string(), v.union([v.string(), v.number()])),
});

const contentSchema = v.object({ lineup: lineupSchema, services: v.array(serviceSchema) });
type Content = v.InferOutput<typeof contentSchema>;

/**
 * Opens the store. A missing file is an empty line-up, as on a new box; an unreadable one is too, and `raiseFault` is told
 * why. The agent serves either way, and the next CHANNELS and DVB mend it.
 *
 * INVARIANT: the file is the old content or the new one, whole, whenever the power is cut.
 */
export async function openLineup(file: string, raiseFault: (sentence: string) => void): Promise<LineupStore> {
  let content = await read(file, raiseFault);
  // One after the other, or a replaced line-up and replaced services could each undo the other.
  let last: Promise<void> = Promise.resolve();
  const update = (part: Partial<Content>) => {
    const next = last.then(async () => {
      const changed = { ...content, ...part };
      await replaceFile(file, JSON.stringify(changed)).catch((cause) => {
        throw new AgentError('STORAGE', `storing the line-up: ${cause.message}; free space on the box`, { cause });
      });
      content = changed;
    });
    last = next.catch(() => {});
    return next;
  };
  return {
    current: () => content.lineup,
    replace: (lineup) => update({ lineup }),
    services: () => content.services,
    replaceServices: (services) => update({ services }),
  };
}

async function read(file: string, raiseFault: (sentence: string) => void): Promise<Content> {
  const empty: Content = { lineup: { channels: [], radio: [] }, services: [] };
  try {
    return v.parse(contentSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return empty;
    const reason = messageOf(error);
    raiseFault(
      `the line-up in ${file} is unreadable (${reason}); the box has no channels until CHANNELS and DVB are sent`,
    );
    return empty;
  }
}
