import type { Ministra } from '../../ministra/ministra.ts';
import { radioChannels } from '../../ministra/portal-channels.ts';
import { type Calls, ofBox } from './calls.ts';
import { arranged, pageOf, radioRow, wholeList } from './channel-rows.ts';

/** `type=radio`: the radio channels. Ministra counts them in texts. */
export function radioCalls(ministra: Ministra): Calls {
  return {
    get_ordered_list: ofBox((request) => {
      const channels = arranged(radioChannels(ministra, request.box), request.box.favorites, request);
      const isWhole = request.param('all') !== '';
      const listed = isWhole ? wholeList(channels.map(radioRow)) : pageOf(channels, request, radioRow);
      return { ...listed, total_items: String(channels.length) };
    }),
    get_channel_by_id: ofBox(({ box, param }) => {
      const rows = radioChannels(ministra, box)
        .filter(({ number }) => String(number) === param('number').trim())
        .map(radioRow);
      return { ...wholeList(rows), total_items: String(rows.length) };
    }),
    get_all_fav_radio: ofBox(({ box }) => {
      const rows = radioChannels(ministra, box).filter(({ isFavorite }) => isFavorite);
      return wholeList(rows.map(radioRow));
    }),
    get_fav_ids: ofBox(({ box }) =>
      radioChannels(ministra, box)
        .filter(({ isFavorite }) => isFavorite)
        .map(({ id }) => id),
    ),
  };
}
