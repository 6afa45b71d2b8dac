import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Ago, At } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { type FleetAction, progressOf } from './fleet-action.ts';
import { ProgressBar } from './progress-bar.tsx';
import { sayParams } from './say-params.ts';

/** One request in the list. */
export function FleetActionLine({ item }: { item: FleetAction }) {
  const { channelNames, now } = useApp();
  return (
    <li>
      <a class="fleet-action" href={`#/actions/${item.id}`}>
        <span class="what">
          <strong>{texts.types[item.type]?.name ?? item.type}</strong>
          <span class="said" dir="auto">
            {sayParams(item, channelNames)}
          </span>
        </span>
        <span class="many">{texts.actions.boxes(showCount(item.total), item.total)}</span>
        <ProgressBar progress={progressOf(item, now.value)} />
        <small class="when">
          <Ago at={item.createdAt} />
          {item.createdBy && ` · ${item.createdBy}`}
          {item.when && (
            <>
              {' · '}
              {texts.actions.planned} <At at={item.when} />
            </>
          )}
        </small>
      </a>
    </li>
  );
}
