import { ministraLimits } from '../../ministra/limits.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { type PortalChannel, programmesOf, tvChannels } from '../../ministra/portal-channels.ts';
import type { Box } from '../../store/boxes.ts';
import { type Calls, ofBox } from './calls.ts';
import { arranged, pageOf, tvRow, wholeList } from './channel-rows.ts';

const hourMs = 3_600_000;

/** `type=itv`: the TV channels, their addresses and their programmes. */
export function itvCalls(ministra: Ministra): Calls {
  const { store } = ministra.fleet;
  const row = (channel: PortalChannel) => tvRow(ministra, channel);
  const favoritesOf = (box: Box) =>
    tvChannels(ministra, box)
      .filter(({ isFavorite }) => isFavorite)
      .sort((a, b) => box.favorites.indexOf(a.key) - box.favorites.indexOf(b.key));

  return {
    get_all_channels: ofBox(({ box }) => wholeList(tvChannels(ministra, box).map(row))),
    get_all_fav_channels: ofBox(({ box }) => wholeList(favoritesOf(box).map(row))),
    get_fav_ids: ofBox(({ box }) => favoritesOf(box).map(({ id }) => id)),
    get_genres: () => [{ id: '*', title: 'All', alias: 'all', censored: 0 }],
    get_ordered_list: ofBox((request) => {
      // All channels are of the one genre that there is.
      const isOurs = ['', '*', '1'].includes(request.param('genre'));
      const channels = isOurs ? arranged(tvChannels(ministra, request.box), request.box.favorites, request) : [];
      return pageOf(channels, request, row);
    }),

    create_link: ofBox(({ box, param }) => {
      const cmd = param('cmd').trim();
      const link = /\/ch\/(\d{1,15})/.exec(cmd)?.[1];
      // Some clients ask for a link where the row has the address already; a real portal calls that a fault.
      const channel = tvChannels(ministra, box).find((one) => (link === undefined ? one.cmd === cmd : one.id === link));
      if (channel === undefined) {
        return { id: link ?? '', cmd: '', streamer_id: 0, link_id: 0, load: 0, error: 'nothing_to_play' };
      }
      const { id } = channel;
      return { id, cmd: channel.cmd, streamer_id: 0, link_id: Number(id), load: 0, error: '' };
    }),

    set_fav: ofBox(async ({ box, param }) => {
      const ids = param('fav_ch').split(',').slice(0, ministraLimits.favorites);
      const favorites = ids.flatMap((id) => store.portalNumbers.find('channel', id.trim()) ?? []);
      await store.commit(() => {
        const current = store.boxes.get(box.id);
        if (current !== undefined) store.boxes.update(box.id, { ...current, favorites });
      });
      return true;
    }),

    get_short_epg: ofBox(({ box, param }) => {
      const now = Date.now();
      const channel = tvChannels(ministra, box).find(({ id }) => id === param('ch_id'));
      return channel === undefined ? [] : programmesOf(ministra, channel, now, now + 24 * hourMs).slice(0, 5);
    }),
    get_epg_info: ofBox(({ box, param }) => {
      const now = Date.now();
      const hours = Math.min(ministraLimits.guide.hours, Math.max(1, Number(param('period')) || 3));
      const channels = tvChannels(ministra, box);
      const of = (channel: PortalChannel) => programmesOf(ministra, channel, now, now + hours * hourMs);
      return { data: Object.fromEntries(channels.map((channel) => [channel.id, of(channel)])) };
    }),

    set_last_id: () => true,
    set_played: () => true,
    set_claim: () => true,
    set_fav_status: () => true,
  };
}
