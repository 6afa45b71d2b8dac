import { Icon, type IconName } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { MemberState, RolloutState } from './rollout.ts';

type Look = { icon: IconName; tone: 'good' | 'bad' | 'busy' | 'calm' };

const looks: Record<RolloutState, Look> = {
  running: { icon: 'follow', tone: 'busy' },
  paused: { icon: 'wait', tone: 'calm' },
  stopped: { icon: 'cross', tone: 'bad' },
  done: { icon: 'tick', tone: 'good' },
  'rolling-back': { icon: 'follow', tone: 'busy' },
  'rolled-back': { icon: 'tick', tone: 'calm' },
};

const memberLooks: Record<MemberState, Look> = {
  waiting: { icon: 'wait', tone: 'calm' },
  asked: { icon: 'wait', tone: 'calm' },
  taken: { icon: 'follow', tone: 'busy' },
  proving: { icon: 'follow', tone: 'busy' },
  healthy: { icon: 'tick', tone: 'good' },
  failed: { icon: 'cross', tone: 'bad' },
  lost: { icon: 'cross', tone: 'bad' },
  cancelled: { icon: 'skip', tone: 'calm' },
};

/** The state of a rollout in a word and a colour. */
export function RolloutPill({ state }: { state: RolloutState }) {
  return <Pill look={looks[state]} word={texts.rollouts.states[state]} />;
}

/** The state of one of its boxes. */
export function MemberPill({ state }: { state: MemberState }) {
  return <Pill look={memberLooks[state]} word={texts.rollouts.memberStates[state]} />;
}

function Pill({ look, word }: { look: Look; word: string }) {
  return (
    <span class={`pill ${look.tone}`}>
      <Icon name={look.icon} />
      {word}
    </span>
  );
}
