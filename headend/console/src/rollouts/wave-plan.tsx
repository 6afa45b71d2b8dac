import { boxesUpTo } from '../../../fleet/rollout-waves.ts';
import { texts } from '../texts.ts';

/** What each wave would do: how many boxes it asks, and how many of them have to be healthy. */
export function WavePlan({ shares, gate, boxes }: { shares: readonly number[]; gate: number; boxes: number }) {
  return (
    <ol class="wave-plan" aria-label={texts.rollouts.plan}>
      {shares.map((share, index) => {
        const count = boxesUpTo(share, boxes) - boxesUpTo(shares[index - 1] ?? 0, boxes);
        return (
          <li key={share}>
            <strong>{texts.rollouts.waveName(index + 1)}</strong>
            <span>{texts.rollouts.upTo(share, count)}</span>
            <span class="faint">{texts.rollouts.plannedGate(boxesUpTo(gate, count), count)}</span>
          </li>
        );
      })}
    </ol>
  );
}
