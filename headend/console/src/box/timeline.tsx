import { useEffect } from 'preact/hooks';
import { ActionLine } from '../actions/action-line.tsx';
import { useApp } from '../app.ts';
import type { PageQuery } from '../long-list/long-list.ts';
import { LongListView } from '../long-list/long-list-view.tsx';
import { pagePath, useLongList } from '../long-list/use-long-list.ts';
import { Empty } from '../parts/states.tsx';
import { texts } from '../texts.ts';
import type { Action, Box, Page } from '../types.ts';

const first = 12;

/** What the box was asked, the newest first, back to the very first; each opens with every report. */
export function Timeline({ box: { id } }: { box: Box }) {
  const { api, live } = useApp();
  const read = async (page: PageQuery) =>
    (await api.get<Page<Action>>(pagePath('/stb/v1/actions', { box: id }, page))).items;
  const list = useLongList(`timeline ${id}`, read, first);
  useEffect(() => {
    const stops = [
      live.on('action', (action) => {
        if (action.box === id) list.put(action, true);
      }),
      live.onGap(list.changed),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [id, list, live]);
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{texts.timeline.title}</h2>
      <LongListView
        list={list}
        class="action-list"
        byHand
        render={(action) => <ActionLine key={action.id} action={action} />}
        empty={<Empty title={texts.timeline.none} text={texts.timeline.noneText} />}
      />
    </section>
  );
}
