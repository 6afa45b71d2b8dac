import { useRef } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showCount, showSpan } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Rollout, WholeRollout } from './rollout.ts';
import { membersQuery, RolloutMembers } from './rollout-members.tsx';
import { RolloutOrders } from './rollout-orders.tsx';
import { RolloutPill } from './rollout-pill.tsx';
import { useRolloutNews } from './use-rollout-news.ts';
import { WaveBar } from './wave-bar.tsx';
import { WaveCard } from './wave-card.tsx';

/** One rollout: each wave, why it stands, its boxes, and what can be done now. */
export function RolloutDetail({ id }: { id: string }) {
  const { api, router } = useApp();
  const query = membersQuery(router.route.value.query);
  const loaded = useLoad(`rollout ${id} ${query}`, () =>
    api.get<WholeRollout>(`/stb/v1/rollouts/${encodeURIComponent(id)}?${query}`),
  );
  const last = useRef<WholeRollout | undefined>(undefined);
  if (loaded.value !== undefined) last.current = loaded.value;
  useRolloutNews((news) => void (news.id === id && loaded.again()), loaded.again);
  if (loaded.error === texts.errors.notFound)
    return <Empty isWhole icon="firmware" title={texts.rollouts.missing} text={texts.rollouts.missingText} />;
  if (loaded.error !== null) return <Failure text={loaded.error} retry={loaded.again} />;
  // While other boxes of it are asked for, what was there stays.
  const rollout = loaded.value ?? last.current;
  if (rollout === undefined) return <Loading />;
  return (
    <div class="rollout">
      <div class="head">
        <a class="quiet back" href="#/rollouts">
          <Icon name="left" />
          <span class="unseen">{texts.sections.rollouts}</span>
        </a>
        <div class="title">
          <h1>{rollout.name}</h1>
          <p class="faint">
            <code>{rollout.firmware}</code>
          </p>
        </div>
        <RolloutPill state={rollout.state} />
        <RolloutOrders rollout={rollout} changed={loaded.again} />
      </div>
      {rollout.reason !== null && (
        <p class={rollout.state === 'paused' ? 'rollout-reason' : 'rollout-reason bad'} role="status">
          <Icon name={rollout.state === 'paused' ? 'wait' : 'warning'} />
          <span>{rollout.reason}</span>
        </p>
      )}
      <Facts rollout={rollout} />
      <ol class="waves">
        {rollout.waves.map((wave, index) => (
          <WaveCard key={wave.percent} rollout={rollout} wave={wave} index={index} />
        ))}
      </ol>
      {rollout.back !== null && <WayBack back={rollout.back} />}
      <RolloutMembers rollout={rollout} members={rollout.members} />
    </div>
  );
}

function Facts({ rollout }: { rollout: Rollout }) {
  const words = texts.rollouts.facts;
  const { boxes, leftOut, partial, gate, patienceSeconds, soakSeconds, createdAt, createdBy } = rollout;
  return (
    <dl class="card facts rollout-facts">
      <div>
        <dt>{words.boxes}</dt>
        <dd>
          {showCount(boxes)}
          {leftOut > 0 && <span class="faint"> · {words.leftOut(leftOut)}</span>}
          {partial && <span class="faint"> · {words.partial}</span>}
        </dd>
      </div>
      <div>
        <dt>{words.gate}</dt>
        <dd>{words.gateIs(gate)}</dd>
      </div>
      <div>
        <dt>{words.patience}</dt>
        <dd>{showSpan(patienceSeconds)}</dd>
      </div>
      {soakSeconds > 0 && (
        <div>
          <dt>{words.soak}</dt>
          <dd>{showSpan(soakSeconds)}</dd>
        </div>
      )}
      <div>
        <dt>{words.begun}</dt>
        <dd>
          <Ago at={createdAt} /> {createdBy && words.by(createdBy)}
        </dd>
      </div>
    </dl>
  );
}

function WayBack({ back }: { back: NonNullable<Rollout['back']> }) {
  const { firmware, at, by, running, done, failed, cancelled } = back;
  return (
    <section class="card wave" aria-labelledby="back-title">
      <h2 id="back-title">{texts.rollouts.back}</h2>
      <p class="faint">
        {texts.rollouts.backTo} <code>{firmware}</code> · <Ago at={at} /> {by && texts.rollouts.facts.by(by)}
      </p>
      <WaveBar counts={{ done, running, waiting: 0, failed, cancelled }} words={texts.rollouts.backCounts} />
    </section>
  );
}
