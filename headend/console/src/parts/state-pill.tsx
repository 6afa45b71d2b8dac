import { Icon, type IconName } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { ActionState } from '../types.ts';

const looks: Record<ActionState, { icon: IconName; tone: 'good' | 'bad' | 'busy' | 'calm' }> = {
  queued: { icon: 'wait', tone: 'calm' },
  delivered: { icon: 'wait', tone: 'calm' },
  accepted: { icon: 'follow', tone: 'busy' },
  started: { icon: 'follow', tone: 'busy' },
  done: { icon: 'tick', tone: 'good' },
  failed: { icon: 'cross', tone: 'bad' },
  expired: { icon: 'wait', tone: 'bad' },
  cancelled: { icon: 'skip', tone: 'calm' },
  refused: { icon: 'cross', tone: 'bad' },
};

/** The state of an action, in a word and a colour. */
export function StatePill({ state }: { state: ActionState }) {
  const { icon, tone } = looks[state];
  return (
    <span class={`pill ${tone}`} title={texts.stateMeanings[state]}>
      <Icon name={icon} />
      {texts.states[state]}
    </span>
  );
}
