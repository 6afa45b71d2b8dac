import { boxesUpTo } from '../../../fleet/rollout-waves.ts';
import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { At } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import type { Rollout, Wave } from './rollout.ts';
import { partsOf, WaveBar } from './wave-bar.tsx';

/** One wave: how far it is, what its gate asks for, and why boxes failed. */
export function WaveCard({ rollout, wave, index }: { rollout: Rollout; wave: Wave; index: number }) {
  const isCurrent = index === rollout.wave && rollout.state === 'running';
  const counting = wave.boxes - wave.cancelled - wave.excused;
  const needed = boxesUpTo(rollout.gate, counting);
  const answered = wave.healthy + wave.failed - wave.excused;
  // A wave that is over was judged by the boxes that answered.
  const isOver = index < rollout.wave || rollout.state === 'done';
  const isMet = wave.healthy > 0 && wave.healthy >= (isOver ? boxesUpTo(rollout.gate, answered) : needed);
  return (
    <li class="card wave" aria-current={isCurrent ? 'step' : undefined}>
      <h2>
        {texts.rollouts.waveName(index + 1)}{' '}
        <small class="faint">{texts.rollouts.upTo(wave.percent, wave.boxes)}</small>
      </h2>
      {wave.begunAt === null ? (
        <p class="faint">{texts.rollouts.notYet}</p>
      ) : wave.boxes === 0 ? (
        <p class="faint">{texts.rollouts.gateEmpty}</p>
      ) : (
        <>
          <WaveBar counts={partsOf([wave])} words={texts.rollouts.counts} gate={rollout.gate} />
          <p class={isMet ? 'gate-line met' : 'gate-line'}>
            {isMet && <Icon name="tick" />}
            {isMet ? texts.rollouts.gateMet : texts.rollouts.gateMark(needed, counting)}
          </p>
        </>
      )}
      {isCurrent && wave.metAt !== null && <Soak until={Date.parse(wave.metAt) + rollout.soakSeconds * 1000} />}
      {wave.excused > 0 && <p class="faint">{texts.rollouts.excused(wave.excused)}</p>}
      {wave.reasons.length > 0 && (
        <ul class="wave-reasons" aria-label={texts.rollouts.why}>
          {wave.reasons.map(({ code, message, count }) => (
            <li key={code ?? ''}>
              <strong>{showCount(count)}</strong> <code>{code}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** How long the wave still has to stay healthy, and what it waits for after that. */
function Soak({ until }: { until: number }) {
  const { now } = useApp();
  return (
    <p class="gate-line">
      <Icon name="wait" />
      {now.value < until ? (
        <>
          {texts.rollouts.soaksUntil} <At at={new Date(until).toISOString()} />
        </>
      ) : (
        texts.rollouts.awaitsOff
      )}
    </p>
  );
}
