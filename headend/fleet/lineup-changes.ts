import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Lineup } from '../../agent/protocol/lineup.ts';
import type { LineupKey, Told } from '../store/lineup-told.ts';
import type { Store } from '../store/store.ts';
import { lineupOf } from './lineup.ts';
import type { ActionRequest, Scheduled } from './schedule.ts';

export type LineupChanges = {
  /**
   * Runs `work` in a transaction. Of the boxes that `touched` names before or after it, those whose line-up is another one now are sent CHANNELS,
   * and DVB where the tuner has other services.
   */
  during<T>(touched: () => readonly string[], work: () => T): T;
  /** A box that is new has no line-up: within a transaction, notes that it has to be told. The next sweep does it. */
  introduce(box: string): void;
  /** Tells the boxes whose subscription has begun or ended, and those that could not be told before. */
  sweep(): Promise<void>;
};

/** What is compared of a line-up. What has ended is not: boxes with the same packages now may have had others, and a box that is asked for it fetches it. */
type Digests = { lineup: string; services: string };

/**
 * Sends the boxes their new line-up when something changed it.
 *
 * INVARIANTS
 * - That a box has to be told is committed with the change itself; a crash in between tells it after the restart.
 * - A box is told once: while a CHANNELS of its own has not left yet, no second one is made. One that has left may have fetched the line-up before
 *   the change, so the next is made as soon as it has ended.
 * - A box whose line-up is the same as before is not told.
 */
export function createLineupChanges(parts: {
  store: Store;
  schedule(request: ActionRequest): Promise<Scheduled>;
  log: Logger;
}): LineupChanges {
  const { store, schedule, log } = parts;

  /** The digests of the boxes, computed once for all that agree in what their line-up depends on. */
  function digestsOf(boxes: readonly string[], now: number): Map<string, Digests> {
    const known = new Map<string, Digests>();
    const found = new Map<string, Digests>();
    for (const key of store.lineupTold.keys(boxes, now)) {
      const same = [key.customer, key.streamOnly, key.packages, key.channels].join(' ');
      const digests = known.get(same) ?? compute(key, now);
      known.set(same, digests);
      found.set(key.box, digests);
    }
    return found;
  }

  function compute({ box }: LineupKey, now: number): Digests {
    const found = store.boxes.get(box);
    const lineup: Lineup = found === undefined ? { channels: [], radio: [] } : lineupOf(store, found, now);
    const services = lineup.channels.flatMap(({ id, name, number, dvb }) => (dvb ? [{ id, name, number, dvb }] : []));
    const { channels, radio } = lineup;
    return { lineup: digest({ channels, radio }), services: digest(services) };
  }

  /** Notes what a box has now, as if it had just been told, unless that is known. The tuner of one that never had DVB is empty. */
  function remember(boxes: readonly string[], now: number): void {
    const unknown = boxes.filter((box) => store.lineupTold.get(box) === undefined);
    for (const [box, { lineup, services }] of digestsOf(unknown, now)) {
      const configured = store.lineupTold.hasConfiguredTuner(box) ? services : noServices;
      store.lineupTold.put({ box, lineup, services: configured, channelsDue: false, dvbDue: false }, now);
    }
  }

  /** Notes which boxes have to be told. */
  function compare(boxes: readonly string[], now: number): void {
    remember(boxes, now);
    for (const [box, { lineup, services }] of digestsOf(boxes, now)) {
      const told = store.lineupTold.get(box);
      if (told === undefined) continue;
      const isChanged = told.lineup !== lineup;
      const next = isChanged
        ? { lineup, services, channelsDue: true, dvbDue: told.dvbDue || told.services !== services }
        : told;
      store.lineupTold.put({ ...next, box }, now);
    }
  }

  async function tell(): Promise<void> {
    const due = store.lineupTold.due();
    await send(
      'CHANNELS',
      due.filter(({ channelsDue }) => channelsDue),
      store.lineupTold.settleChannels,
    );
    await send(
      'DVB',
      due.filter(({ dvbDue }) => dvbDue),
      store.lineupTold.settleDvb,
    );
  }

  async function send(type: 'CHANNELS' | 'DVB', due: readonly Told[], settle: (told: Told) => void): Promise<void> {
    const ready = due.filter(({ box }) => store.lineupTold.underWay(box, type) !== 'sent');
    if (ready.length === 0) return;
    const { created, skipped } = await schedule({
      boxes: ready.map(({ box }) => box),
      type,
      params: {},
      createdBy: null,
    });
    await store.commit(() => ready.forEach(settle));
    log.info({ type, boxes: created.length, skipped: skipped.length }, 'the line-up of boxes has changed');
  }

  let swept = 0;
  let telling: Promise<void> | undefined;
  let again = false;
  /** One after the other, so that no two of them make the same action. */
  function tellSoon(): Promise<void> {
    again = true;
    telling ??= (async () => {
      while (again) {
        again = false;
        await tell();
      }
    })().finally(() => {
      telling = undefined;
    });
    return telling;
  }

  return {
    during(touched, work) {
      const result = store.transaction(() => {
        const now = Date.now();
        const before = touched();
        remember(before, now);
        const worked = work();
        compare([...new Set([...before, ...touched()])], Date.now());
        return worked;
      });
      tellSoon().catch((error: unknown) =>
        log.warn({ error: String(error) }, 'telling boxes of their line-up failed; it is tried again'),
      );
      return result;
    },

    introduce(box) {
      store.lineupTold.put({ box, lineup: '', services: noServices, channelsDue: false, dvbDue: false }, Date.now());
      compare([box], Date.now());
    },

    async sweep() {
      const now = Date.now();
      const turned = store.lineupTold.turned(swept, now);
      if (turned.length > 0) store.transaction(() => compare(turned, now));
      swept = now;
      if (store.lineupTold.due().length > 0) await tellSoon();
    },
  };
}

const noServices = digest([]);

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
