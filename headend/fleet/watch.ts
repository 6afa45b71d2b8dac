import type { LineupChannel, RadioChannel } from '../../agent/protocol/lineup.ts';
import type { Box } from '../store/boxes.ts';
import type { Programme } from '../store/programmes.ts';
import type { Store } from '../store/store.ts';
import { lineupOf } from './lineup.ts';

/** The TV channels that a device may watch. One that is no set-top box has neither a tuner nor the site's network, so it has base streams only. */
export function channelsFor(store: Store, box: Box): LineupChannel[] {
  return lineupOf(store, asReceiver(box)).channels;
}

/** The programmes that a device may know of: those of the TV channels that it has. */
export function programmesFor(store: Store, box: Box): (id: string) => Programme | undefined {
  const own = new Set(channelsFor(store, box).map(({ id }) => id));
  const guides = new Set(
    store.channels.ofCustomer(box.customer).flatMap(({ id, epgId }) => (own.has(id) ? (epgId ?? []) : [])),
  );
  return (id) => {
    const programme = store.programmes.get(id);
    return programme !== undefined && guides.has(programme.epgId) ? programme : undefined;
  };
}

export function radioFor(store: Store, box: Box): RadioChannel[] {
  return lineupOf(store, asReceiver(box)).radio;
}

/** The addresses at which a device reaches a channel, the best first: those that the way of reception allows, then the base stream. */
export function streamsOf(channel: LineupChannel): string[] {
  const { reception, url, locals = [] } = channel;
  const base = url === undefined ? [] : [url];
  return reception === 'LOCAL' ? [...locals, ...base] : base;
}

function asReceiver(box: Box): Box {
  return box.type === 'STB' ? box : { ...box, streamOnly: true };
}
