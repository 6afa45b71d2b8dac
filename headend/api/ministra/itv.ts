import type { Ministra } from '../../ministra/ministra.ts';
import type { Resource } from './request.ts';

const all = { offset: 0, limit: Number.MAX_SAFE_INTEGER };

/** ITV: the TV channels of everybody, by their number among Ministra's ids. */
export function itv({ fleet }: Ministra): Resource {
  const { store } = fleet;
  return {
    get({ identifiers }) {
      const customers = store.customers.all().map(({ id }) => id);
      const numbers = store.portalNumbers.all('channel');
      const sold = new Set(
        store.packages.list(customers, '', all).items.flatMap(({ channels }) => channels.map(({ id }) => id)),
      );
      return store.channels
        .list(customers, { radio: false }, all)
        .items.map((channel) => ({
          id: String(numbers.get(channel.id) ?? 0),
          name: channel.name,
          number: String(channel.number),
          // 1 where no package has to be bought for it.
          base_ch: sold.has(channel.id) ? '0' : '1',
        }))
        .filter(({ id }) => identifiers.length === 0 || identifiers.includes(id));
    },
  };
}
