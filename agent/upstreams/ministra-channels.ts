/** The channels of a portal, as the box's line-up has them. */
import type { Lineup, LineupChannel, RadioChannel } from '../protocol/lineup.ts';
import type { ChannelSource } from '../upstream.ts';
import { figure, isOn, objectIn, words } from './ministra-answer.ts';
import type { Params } from './ministra-request.ts';

/** Calls an action of the portal within the session. */
type Call = (asked: string, params: Params, signal: AbortSignal) => Promise<unknown>;

/** In front of a command whose address the portal makes for each time it is played. */
const linkScheme = 'ministra-link:';

export function createChannels(call: Call): ChannelSource {
  return {
    async fetchLineup(signal) {
      const asked = 'itv get_all_channels';
      return lineupOf(objectIn(await call(asked, {}, signal), asked).data);
    },
    async radioByNumber(number, signal) {
      const asked = 'radio get_channel_by_id';
      const { data } = objectIn(await call(asked, { number }, signal), asked);
      // Without such a number some portals answer with others.
      return rowsOf(data)
        .flatMap(radioOf)
        .find((channel) => channel.number === number);
    },
    async addressOf(url, signal) {
      if (!url.startsWith(linkScheme)) return url;
      const asked = 'itv create_link';
      const cmd = url.slice(linkScheme.length);
      const link = objectIn(await call(asked, { cmd, series: '', forced_storage: 0, disable_ad: 0 }, signal), asked);
      const address = addressIn(link.cmd);
      if (address !== undefined) return address;
      throw new Error(`the portal gave no address for ${cmd}: ${linkErrors[words(link.error)] ?? words(link.error)}`);
    },
  };
}

/** TV channels only: a portal lists its radio channels in pages, and is asked for one when it is wanted. Rows that cannot be played are left out. */
export function lineupOf(data: unknown): Lineup {
  return { channels: rowsOf(data).flatMap(channelOf), radio: [] };
}

/** The words of `create_link`'s `error`. */
const linkErrors: Record<string, string> = {
  link_fault: 'it has no such link (link_fault)',
  nothing_to_play: 'no server has it (nothing_to_play)',
  limit: 'its servers are full (limit)',
};

type Row = Record<string, unknown>;

function rowsOf(data: unknown): Row[] {
  return Array.isArray(data) ? data.filter((row): row is Row => typeof row === 'object' && row !== null) : [];
}

function channelOf(row: Row): LineupChannel[] {
  const base = baseOf(row);
  if (base === undefined) return [];
  const isTemporary = isOn(row.use_http_tmp_link) || isOn(row.use_load_balancing);
  const url = isTemporary ? `${linkScheme}${words(row.cmd)}` : addressIn(row.cmd);
  return url === undefined || url.length > 2048 ? [] : [{ ...base, reception: 'BASE', url }];
}

function radioOf(row: Row): RadioChannel[] {
  const base = baseOf(row);
  const url = addressIn(row.cmd);
  return base === undefined || url === undefined ? [] : [{ ...base, url }];
}

function baseOf({ id, number, name }: Row): { id: string; number: number; name: string } | undefined {
  const base = { id: words(id), number: figure(number), name: words(name).slice(0, 200) };
  return /^[A-Za-z0-9_-]{1,64}$/.test(base.id) && Number.isInteger(base.number) && base.number >= 0 ? base : undefined;
}

/** The address in a command, which names the player in front of it: `ffrt http://…`, `rtp rtp://239.1.1.1:1234`. */
function addressIn(cmd: unknown): string | undefined {
  return typeof cmd === 'string' ? /(?:^|\s)([a-z][a-z0-9+.-]*:\/\/\S+)$/i.exec(cmd.trim())?.[1] : undefined;
}
