import type { Ministra } from '../../ministra/ministra.ts';
import { type PortalChannel, programmesOf } from '../../ministra/portal-channels.ts';
import type { PortalRequest } from './request.ts';

/** Ministra's page of a list has fourteen rows. */
const pageRows = 14;

/** A list as Ministra answers it, whole. */
export function wholeList(rows: readonly unknown[]) {
  return { total_items: rows.length, max_page_items: pageRows, selected_item: 0, cur_page: 0, data: rows };
}

/** One page of a list; pages count from 1. Only its rows are made. */
export function pageOf<T>(items: readonly T[], { param }: PortalRequest, row: (item: T) => unknown) {
  const page = Math.max(1, Math.floor(Number(param('p'))) || 1);
  return { ...wholeList(items), data: items.slice((page - 1) * pageRows, page * pageRows).map(row) };
}

/** The channels as a client asks to see them: its favourites only, sorted by number, name or choice. */
export function arranged(channels: readonly PortalChannel[], favorites: readonly string[], request: PortalRequest) {
  const isFavorites = request.param('fav') === '1' || request.param('fav') === 'true';
  const wanted = channels.filter(({ isFavorite }) => isFavorite || !isFavorites);
  const by = request.param('sortby');
  if (by === 'name') return wanted.sort((a, b) => a.name.localeCompare(b.name));
  if (by === 'fav') return wanted.sort((a, b) => favorites.indexOf(a.key) - favorites.indexOf(b.key));
  return wanted.sort((a, b) => a.number - b.number);
}

/**
 * A TV channel as a row. With temporary links the row has no address, only what `create_link` makes one of, so that a box has to be allowed to watch at the
 * moment it does.
 */
export function tvRow(ministra: Ministra, channel: PortalChannel) {
  const isTemporary = ministra.settings.links === 'temporary' ? 1 : 0;
  const cmd = isTemporary ? `ffrt http://localhost/ch/${channel.id}` : channel.cmd;
  const now = Date.now();
  const program = programmesOf(ministra, channel, now, now + 1)[0];
  return {
    id: channel.id,
    name: channel.name,
    number: String(channel.number),
    cmd,
    censored: '0',
    hd: '0',
    status: 1,
    base_ch: '1',
    tv_genre_id: '1',
    genres_str: '',
    xmltv_id: channel.epgId ?? '',
    logo: '',
    mc_cmd: '',
    enable_tv_archive: '0',
    allow_pvr: '',
    allow_local_pvr: '',
    pvr: 0,
    use_http_tmp_link: isTemporary,
    wowza_tmp_link: 0,
    lock: 0,
    fav: channel.isFavorite ? 1 : 0,
    archive: 0,
    open: 1,
    epg: [],
    cur_playing: program === undefined ? '[No channel info]' : `${program.t_time} ${program.name}`,
    cmds: [
      {
        id: channel.id,
        ch_id: channel.id,
        priority: '0',
        url: cmd,
        status: '1',
        use_http_tmp_link: String(isTemporary),
        use_load_balancing: '0',
      },
    ],
    use_load_balancing: 0,
  };
}

/** A radio channel as a row. */
export function radioRow(channel: PortalChannel) {
  return {
    id: channel.id,
    name: channel.name,
    number: String(channel.number),
    cmd: channel.cmd,
    status: '1',
    volume_correction: '0',
    fav: channel.isFavorite ? 1 : 0,
    error: '',
    open: 1,
    radio: true,
  };
}
