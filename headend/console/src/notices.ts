import { type ReadonlySignal, signal } from '@preact/signals';

export type Notice = { id: number; kind: 'good' | 'bad'; text: string; link?: { href: string; text: string } };

/** What is said in the corner for a few seconds. */
export type Notices = {
  list: ReadonlySignal<readonly Notice[]>;
  say(kind: Notice['kind'], text: string, link?: Notice['link']): void;
  dismiss(id: number): void;
};

const shownMs = 7_000;
const most = 4;

export function createNotices(): Notices {
  const list = signal<readonly Notice[]>([]);
  let count = 0;
  const dismiss = (id: number) => {
    list.value = list.value.filter((notice) => notice.id !== id);
  };
  return {
    list,
    dismiss,
    say(kind, text, link) {
      count += 1;
      const id = count;
      list.value = [...list.value.slice(1 - most), { id, kind, text, ...(link === undefined ? {} : { link }) }];
      setTimeout(() => dismiss(id), shownMs);
    },
  };
}
