import { useApp } from '../app.ts';
import { Whole } from '../parts/loaded.tsx';
import { Empty, NotAllowed } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Rollout } from './rollout.ts';
import { RolloutDetail } from './rollout-detail.tsx';
import { RolloutForm } from './rollout-form.tsx';
import { RolloutPill } from './rollout-pill.tsx';
import { useRolloutNews } from './use-rollout-news.ts';
import { partsOf, WaveBar } from './wave-bar.tsx';

/** Firmware for many boxes, wave by wave: the list, one of them, or a new one. */
export function RolloutsScreen({ id }: { id: string | undefined }) {
  const { session } = useApp();
  const mayBegin = session.may.value.types.includes('FIRMWARE');
  if (id === 'new') return mayBegin ? <RolloutForm /> : <NotAllowed />;
  return id === undefined ? <List mayBegin={mayBegin} /> : <RolloutDetail key={id} id={id} />;
}

function List({ mayBegin }: { mayBegin: boolean }) {
  const { api } = useApp();
  const loaded = useLoad('rollouts', () => api.all<Rollout>('/stb/v1/rollouts'));
  const known = loaded.value;
  useRolloutNews((rollout) => {
    if (known === undefined) return;
    if (!known.some(({ id }) => id === rollout.id)) void loaded.again();
    else loaded.set(known.map((item) => (item.id === rollout.id ? rollout : item)));
  }, loaded.again);
  return (
    <div>
      <div class="head">
        <h1>{texts.sections.rollouts}</h1>
        {mayBegin && (
          <a class="primary" href="#/rollouts/new?target=all">
            {texts.rollouts.create}
          </a>
        )}
      </div>
      <Whole of={loaded}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon="firmware" title={texts.rollouts.none} text={texts.rollouts.noneText} />
          ) : (
            <ul class="rollouts card">
              {items.map((item) => (
                <RolloutLine key={item.id} rollout={item} />
              ))}
            </ul>
          )
        }
      </Whole>
    </div>
  );
}

function RolloutLine({ rollout }: { rollout: Rollout }) {
  const { id, name, state, waves, wave, reason, createdAt, createdBy, firmware, back } = rollout;
  return (
    <li>
      <a class="rollout-line" href={`#/rollouts/${id}`}>
        <span class="what">
          <strong>{name}</strong>
          <span class="said" title={firmware}>
            {firmware}
          </span>
        </span>
        <span class="stand">
          <RolloutPill state={state} />
          <small>{texts.rollouts.wave(wave + 1, waves.length)}</small>
        </span>
        {back === null ? (
          <WaveBar counts={partsOf(waves)} words={texts.rollouts.counts} />
        ) : (
          <WaveBar counts={{ ...back, waiting: 0 }} words={texts.rollouts.backCounts} />
        )}
        <small class="when">
          <Ago at={createdAt} />
          {createdBy && ` · ${createdBy}`}
        </small>
        {state === 'stopped' && reason && <span class="bad why">{reason}</span>}
      </a>
    </li>
  );
}
