/** What outlives a restart: the token, the profile's figures, and which messages were shown in vain. One small file in the state directory. */
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { isMissing, replaceFile } from '../atomic-file.ts';
import { ministraLimits } from './ministra-limits.ts';
import type { PortalProfile } from './ministra-profile.ts';

const contentSchema = v.object({
  /** Whose token it is: the portal's address and the box's MAC. */
  of: v.string(),
  token: v.optional(v.string()),
  profile: v.optional(
    v.object({
      watchdogSeconds: v.number(),
      slotSeconds: v.number(),
      zone: v.exactOptional(v.string()),
      updateUrl: v.exactOptional(v.string()),
    }),
  ),
  /** Whether the operator had switched the box off when it was last asked for. */
  off: v.optional(v.boolean(), false),
  /** How often each message was on the screen without the end that its confirmation waits for. */
  inVain: v.record(v.string(), v.number()),
});
type Content = v.InferOutput<typeof contentSchema>;

export interface Memory {
  /** The session as it was when last saved; undefined when there is none, or none for this portal and this MAC. */
  session(): { token: string; profile: PortalProfile } | undefined;
  save(session: { token: string; profile: PortalProfile; off: boolean }): Promise<void>;
  isOff(): boolean;
  /** The token was withdrawn; the profile stays. */
  forgetToken(): Promise<void>;
  timesInVain(message: string): number;
  shownInVain(message: string): Promise<void>;
  settled(message: string): Promise<void>;
}

/**
 * Opens the file; without one, or with one that is unreadable or another portal's, it begins anew. A file that cannot be written costs a new token at
 * the next start and no more, so nothing here rejects.
 */
export async function openMemory(file: string | undefined, of: string, log: Logger): Promise<Memory> {
  const empty: Content = { of, off: false, inVain: {} };
  const stored = file === undefined ? empty : await read(file, log);
  let content = stored?.of === of ? stored : empty;
  let last: Promise<void> = Promise.resolve();

  function change(next: Content): Promise<void> {
    content = next;
    if (file === undefined) return last;
    last = last
      .then(() => replaceFile(file, JSON.stringify(content)))
      .catch((error) => log.warn({ file, error: error.message }, 'the session with the portal could not be stored'));
    return last;
  }

  return {
    session: () => {
      const { token, profile } = content;
      return token === undefined || profile === undefined ? undefined : { token, profile };
    },
    save: (session) => change({ ...content, ...session }),
    isOff: () => content.off,
    forgetToken() {
      const { token: _, ...rest } = content;
      return change(rest);
    },
    timesInVain: (message) => content.inVain[message] ?? 0,
    shownInVain(message) {
      const others = Object.entries(content.inVain).filter(([key]) => key !== message);
      const kept = others.slice(1 - ministraLimits.countedMessages);
      const times = (content.inVain[message] ?? 0) + 1;
      return change({ ...content, inVain: { ...Object.fromEntries(kept), [message]: times } });
    },
    async settled(message) {
      const { [message]: times, ...inVain } = content.inVain;
      if (times !== undefined) await change({ ...content, inVain });
    },
  };
}

async function read(file: string, log: Logger): Promise<Content | undefined> {
  try {
    return v.parse(contentSchema, JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!isMissing(error))
      log.warn({ file, error: String(error) }, 'the session with the portal is unreadable; a new one is begun');
    return undefined;
  }
}
