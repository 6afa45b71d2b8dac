import { createHash } from 'node:crypto';
import { lineupOf } from '../fleet/lineup.ts';
import type { Box } from '../store/boxes.ts';
import type { Programme } from '../store/programmes.ts';
import { ministraLimits } from './limits.ts';
import type { Ministra } from './ministra.ts';
import { toDateTime } from './times.ts';

/** A channel as a client of the portal's protocol knows it. `cmd` is the player and the address, as in `ffrt http://…`. */
export type PortalChannel = {
  id: string;
  key: string;
  name: string;
  number: number;
  cmd: string;
  isFavorite: boolean;
  epgId: string | null;
};

/** The TV channels that a box may watch and that are streams; a tuner is nothing the protocol knows of. */
export function tvChannels({ fleet }: Ministra, box: Box): PortalChannel[] {
  const { store } = fleet;
  const numbers = store.portalNumbers.all('channel');
  return lineupOf(store, box).channels.flatMap(({ id, name, number, url, locals, reception }) => {
    const address = reception === 'LOCAL' ? (locals?.[0] ?? url) : (url ?? locals?.[0]);
    if (address === undefined) return [];
    const isFavorite = box.favorites.includes(id);
    const epgId = store.channels.get(id)?.epgId ?? null;
    return [{ id: String(numbers.get(id) ?? 0), key: id, name, number, cmd: commandFor(address), isFavorite, epgId }];
  });
}

/** The radio channels of a box. */
export function radioChannels({ fleet }: Ministra, box: Box): PortalChannel[] {
  const numbers = fleet.store.portalNumbers.all('channel');
  return lineupOf(fleet.store, box).radio.map(({ id, name, number, url }) => ({
    ...{ id: String(numbers.get(id) ?? 0), key: id, name, number, cmd: commandFor(url) },
    isFavorite: box.favorites.includes(id),
    epgId: null,
  }));
}

/** A channel's programmes between two instants, as clients read them. */
export function programmesOf({ fleet, settings }: Ministra, channel: PortalChannel, from: number, to: number) {
  if (channel.epgId === null) return [];
  const shown = (ms: number) => toDateTime(ms, settings.timezone);
  return fleet.store.programmes
    .between(channel.epgId, from, to, ministraLimits.guide.programmes)
    .map((programme: Programme) => ({
      id: numberOf(programme.id),
      ch_id: channel.id,
      time: shown(programme.start),
      time_to: shown(programme.end),
      duration: Math.round((programme.end - programme.start) / 1000),
      name: programme.title,
      descr: programme.description ?? '',
      start_timestamp: String(Math.floor(programme.start / 1000)),
      stop_timestamp: String(Math.floor(programme.end / 1000)),
      t_time: shown(programme.start).slice(11, 16),
      t_time_to: shown(programme.end).slice(11, 16),
      mark_memo: 0,
      mark_archive: 0,
    }));
}

/** Ministra's programmes have numbers, and Kodi's client drops one whose id is none, or more than a 32-bit one. The same for a programme each time. */
function numberOf(programme: string): string {
  return String(createHash('sha256').update(programme).digest().readUInt32BE() >>> 1 || 1);
}

/** Ministra names the player in front of an address: `rtp` for multicast, `ffrt` for everything else. */
function commandFor(address: string): string {
  return `${/^(udp|rtp):/i.test(address) ? 'rtp' : 'ffrt'} ${address}`;
}
