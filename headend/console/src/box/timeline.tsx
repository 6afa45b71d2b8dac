import { useState } from 'preact/hooks';
import { ActionLine } from '../actions/action-line.tsx';
import { pageSize } from '../api.ts';
import { Whole } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { texts } from '../texts.ts';
import type { Box } from '../types.ts';
import { useActions } from './use-actions.ts';

const first = 12;
const more = 50;

/** What the box was asked, the newest first; each opens with every report. */
export function Timeline({ box }: { box: Box }) {
  const [limit, setLimit] = useState(first);
  const actions = useActions(box.id, limit);
  const page = actions.value;
  return (
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">{texts.timeline.title}</h2>
      <Whole of={actions}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={texts.timeline.none} text={texts.timeline.noneText} />
          ) : (
            <ul class="action-list">
              {items.map((action) => (
                <ActionLine key={action.id} action={action} />
              ))}
            </ul>
          )
        }
      </Whole>
      {page !== undefined && page.total > page.items.length && limit < pageSize && (
        <button type="button" class="plain" onClick={() => setLimit(Math.min(pageSize, limit + more))}>
          {texts.timeline.more}
        </button>
      )}
    </section>
  );
}
