import { headendLimits } from '../limits.ts';
import type { Programme } from '../store/programmes.ts';
import type { Store } from '../store/store.ts';

/** How much of the guide a channel list has, as Telecom X names it. */
export const guideModes = ['UP_TO_NOW', 'NOW', 'TODAY', 'REST_OF_DAY', 'WEEK', 'PERIOD', 'NONE'] as const;
export type GuideMode = (typeof guideModes)[number];

/** The programmes after the current one that NOW and UP_TO_NOW have, and how far ahead they are looked for. */
const following = 4;
const dayMs = 24 * 3600 * 1000;

/** The programmes of a channel that a mode asks for, in their order. Days are those of UTC. */
export function guideOf(
  store: Store,
  epgId: string,
  asked: { mode: GuideMode; from?: number | undefined; to?: number | undefined },
  now: number = Date.now(),
): Programme[] {
  const most = headendLimits.programmesPerChannel;
  const today = Math.floor(now / dayMs) * dayMs;
  switch (asked.mode) {
    case 'NONE':
      return [];
    case 'NOW':
    case 'UP_TO_NOW':
      return store.programmes.between(epgId, now, now + 7 * dayMs, 1 + following);
    case 'TODAY':
      return store.programmes.between(epgId, today, today + dayMs, most);
    case 'REST_OF_DAY':
      return store.programmes.between(epgId, now, today + dayMs, most);
    case 'WEEK':
      return store.programmes.between(epgId, today, today + 7 * dayMs, most);
    case 'PERIOD':
      return store.programmes.between(epgId, asked.from ?? today, asked.to ?? (asked.from ?? today) + dayMs, most);
  }
}

/** What is on a channel now. */
export function nowOn(store: Store, epgId: string, now: number = Date.now()): Programme | undefined {
  return store.programmes.between(epgId, now, now + 1, 1)[0];
}
