import { signal } from '@preact/signals';
import { fold, lookFor } from '../../search.ts';
import type { Api } from './api.ts';
import type { Channel } from './types.ts';

/** What channels are called, for lists that have their ids only. */
export type ChannelNames = {
  /** The name; undefined while it is not known. The first question loads all of them, and whoever asked is drawn again. */
  of(id: string): string | undefined;
  clear(): void;
};

export function createChannelNames(api: Api): ChannelNames {
  const names = signal<ReadonlyMap<string, string>>(new Map());
  /** Of whom was asked last; an answer for somebody who has signed out is thrown away. */
  let asked: symbol | undefined;

  async function load(): Promise<void> {
    const mine = Symbol('a viewer');
    asked = mine;
    // Without it an id stands where the name would.
    const found = await api.all<Channel>('/stb/v1/channels').catch(() => []);
    if (asked === mine) names.value = new Map(found.map(({ id, number, name }) => [id, `${number} ${name}`]));
  }

  return {
    of(id) {
      if (asked === undefined) void load();
      return names.value.get(id);
    },
    clear() {
      asked = undefined;
      names.value = new Map();
    },
  };
}

/** Says which channels a search by number or name means. */
export function channelMatcher(search: string): (channel: { number: number; name: string }) => boolean {
  const text = lookFor(search)?.text ?? '';
  return ({ number, name }) => fold(name).includes(text) || String(number).startsWith(text);
}
