import type { HeadendMessage } from '../../agent/protocol/messages.ts';
import { headendLimits } from '../limits.ts';
import type { FleetEvents } from './events.ts';

/** An open way to one box on which the headend may speak first. */
export type BoxLink = {
  readonly box: string;
  readonly upstream: 'mqtt' | 'websocket';
  /** Resolves when the message has left for the box; rejects when the link is broken. */
  send(message: HeadendMessage): Promise<void>;
  /** Ends it, because the box may not be here any more. */
  cut(reason: string): void;
};

export type Presence = {
  /** The link is open. The function returned says that it is not any more. */
  attach(link: BoxLink): () => void;
  /** Something was heard over a link: it is the best one now. */
  heard(link: BoxLink): void;
  /**
   * The box polled over HTTP; the function returned says that its poll has been answered. `intervalSeconds` is when the next is due,
   * where that is known; else it is as long as since the last one.
   */
  polled(box: string, intervalSeconds?: number): () => void;
  /** The link heard from last, and since when it is open. */
  best(box: string): { link: BoxLink; since: number } | undefined;
  /** Ends every link of a box whose token or right to be here is gone. */
  disconnect(box: string, reason: string): void;
  isOnline(box: string): boolean;
  /** The ids of the boxes that are online. */
  online(): string[];
  close(): void;
};

type Entry = {
  /** In the order they were last heard from. */
  links: Map<BoxLink, number>;
  openPolls: number;
  lastPollAt: number | undefined;
  lapse: NodeJS.Timeout | undefined;
};

/** Who can be reached now, and how. A box is online while a link is open, a poll is open, or its next poll is not yet overdue. */
export function createPresence(events: FleetEvents): Presence {
  const entries = new Map<string, Entry>();

  function entryOf(box: string): Entry {
    let entry = entries.get(box);
    if (entry === undefined) {
      entry = { links: new Map(), openPolls: 0, lastPollAt: undefined, lapse: undefined };
      entries.set(box, entry);
      events.publish({ event: 'box', box, online: true });
    }
    return entry;
  }

  function dropIfGone(box: string, entry: Entry): void {
    if (entry.links.size > 0 || entry.openPolls > 0 || entry.lapse !== undefined) return;
    if (entries.get(box) !== entry) return;
    entries.delete(box);
    events.publish({ event: 'box', box, online: false });
  }

  return {
    attach(link) {
      const entry = entryOf(link.box);
      entry.links.set(link, Date.now());
      return () => {
        entry.links.delete(link);
        dropIfGone(link.box, entry);
      };
    },

    heard(link) {
      const links = entries.get(link.box)?.links;
      const since = links?.get(link);
      if (links === undefined || since === undefined) return;
      links.delete(link);
      links.set(link, since);
    },

    polled(box, intervalSeconds) {
      const entry = entryOf(box);
      const now = performance.now();
      const measured = entry.lastPollAt === undefined ? undefined : (now - entry.lastPollAt) / 1000;
      entry.lastPollAt = now;
      entry.openPolls += 1;
      clearTimeout(entry.lapse);
      entry.lapse = undefined;
      const { first, min, max } = headendLimits.pollSeconds;
      const seconds = Math.min(max, Math.max(min, intervalSeconds ?? measured ?? first));
      return () => {
        entry.openPolls -= 1;
        clearTimeout(entry.lapse);
        entry.lapse = setTimeout(
          () => {
            entry.lapse = undefined;
            dropIfGone(box, entry);
          },
          seconds * headendLimits.pollGrace * 1000,
        ).unref();
      };
    },

    best(box) {
      const links = entries.get(box)?.links;
      if (links === undefined) return undefined;
      let last: { link: BoxLink; since: number } | undefined;
      for (const [link, since] of links) last = { link, since };
      return last;
    },

    disconnect(box, reason) {
      for (const link of [...(entries.get(box)?.links.keys() ?? [])]) link.cut(reason);
    },

    isOnline: (box) => entries.has(box),
    online: () => [...entries.keys()],
    close() {
      for (const entry of entries.values()) clearTimeout(entry.lapse);
      entries.clear();
    },
  };
}
