import type { KeyName, Source } from '../../contract.ts';
import { setMuted } from './audio.ts';
import type { Box } from './box.ts';
import { titleOf } from './playback.ts';

export type Menu = {
  open(page: 'main' | 'channels'): void;
  /** Whether a menu is open and has used the key. */
  take(key: KeyName): boolean;
};

type Item = { label: string; choose: () => void };

const toastMs = 4_000;

/** The box's on-screen menu: a main page and the list of channels. */
export function createMenu(
  box: Box,
  tv: { channels: () => Source[]; watch: (channel: Source) => void; standby: () => void },
): Menu {
  let items: Item[] = [];

  const close = () => box.show('menu', undefined);
  const put = (title: string, page: Item[], selected = 0) => {
    items = page;
    box.show('menu', { title, items: page.map((item) => item.label), selected });
  };

  const about = () => {
    const { model, mac, slots, running } = box.state;
    box.flash('toast', `${model}, firmware ${slots[running].version}, ${mac}`, toastMs);
  };

  const pages = {
    main: () =>
      put('Menu', [
        { label: 'Channels', choose: () => pages.channels() },
        { label: box.state.muted ? 'Sound on' : 'Sound off', choose: () => setMuted(box, !box.state.muted) },
        { label: 'About this box', choose: about },
        { label: 'Standby', choose: tv.standby },
      ]),
    channels: () => {
      const channels = tv.channels();
      if (channels.length === 0) {
        close();
        return box.flash('toast', 'No channels yet', toastMs);
      }
      const current = channels.findIndex((channel) => channel.id === box.state.playing?.id);
      const page = channels.map((channel) => ({ label: titleOf(channel), choose: () => tv.watch(channel) }));
      return put('Channels', page, Math.max(0, current));
    },
  };

  return {
    open: (page) => pages[page](),
    take(key) {
      const { menu } = box.screen;
      if (menu === undefined) return false;
      const count = menu.items.length;
      switch (key) {
        case 'UP':
        case 'DOWN':
          box.show('menu', { ...menu, selected: (menu.selected + (key === 'UP' ? count - 1 : 1)) % count });
          return true;
        case 'OK':
        case 'RIGHT':
          close();
          items[menu.selected]?.choose();
          return true;
        case 'LEFT':
        case 'BACK':
        case 'EXIT':
        case 'MENU':
        case 'TV':
          close();
          return true;
        default:
          return false;
      }
    },
  };
}
