import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { texts } from '../texts.ts';
import type { Page } from '../types.ts';
import { type Member, memberStates, type Rollout } from './rollout.ts';
import { MemberPill } from './rollout-pill.tsx';

const shown = 100;

/** The part of a rollout's address that says which of its boxes are meant. */
export function membersQuery(route: URLSearchParams): string {
  const query = new URLSearchParams({ limit: String(shown) });
  for (const field of ['wave', 'state']) {
    const value = route.get(field);
    if (value) query.set(field, value);
  }
  return query.toString();
}

/** The boxes of a rollout, each with what has become of it; the filters are in the URL. */
export function RolloutMembers({ rollout, members }: { rollout: Rollout; members: Page<Member> }) {
  const { router } = useApp();
  const { query } = router.route.value;
  const set = (field: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(field);
    else next.set(field, value);
    router.setQuery(next);
  };
  const words = texts.rollouts;
  const isTurned = rollout.back !== null;
  return (
    <section class="below" aria-labelledby="members-title">
      <div class="card-head">
        <h2 id="members-title">{words.members}</h2>
        <select
          aria-label={words.memberWave}
          value={query.get('wave') ?? ''}
          onChange={(event) => set('wave', event.currentTarget.value)}
        >
          <option value="">{words.anyWave}</option>
          {rollout.waves.map(({ percent }, index) => (
            <option key={percent} value={index}>
              {words.waveName(index + 1)}
            </option>
          ))}
        </select>
        <select
          aria-label={words.memberState}
          value={query.get('state') ?? ''}
          onChange={(event) => set('state', event.currentTarget.value)}
        >
          <option value="">{words.anyState}</option>
          {memberStates.map((state) => (
            <option key={state} value={state}>
              {words.memberStates[state]}
            </option>
          ))}
        </select>
      </div>
      {members.items.length === 0 ? (
        <p class="faint">{words.noMembers}</p>
      ) : (
        <div class="card table-scroll">
          <table class="plain-table members">
            <thead>
              <tr>
                <th>{texts.sections.box}</th>
                <th>{words.memberWave}</th>
                <th>{words.memberState}</th>
                {isTurned && <th>{words.memberBack}</th>}
                <th>{words.memberWhy}</th>
              </tr>
            </thead>
            <tbody>
              {members.items.map((member) => (
                <MemberLine key={member.box} member={member} isTurned={isTurned} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {members.total > members.items.length && members.items.length > 0 && (
        <p class="faint">{words.onlyFirst(showCount(members.items.length), showCount(members.total))}</p>
      )}
    </section>
  );
}

function MemberLine({ member, isTurned }: { member: Member; isTurned: boolean }) {
  const { box, name, wave, state, action, code, message, back } = member;
  return (
    <tr>
      <td>
        <a href={`#/boxes/${box}`} title={action ?? undefined}>
          {name || box}
        </a>
      </td>
      <td data-name={texts.rollouts.memberWave}>{wave + 1}</td>
      <td>
        <MemberPill state={state} />
      </td>
      {isTurned && <td>{back && texts.rollouts.backStates[back.state]}</td>}
      <td class="detail">
        {message} {code && <code>{code}</code>}
      </td>
    </tr>
  );
}
