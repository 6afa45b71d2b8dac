import { actionTypes, portalActionTypes } from '../../../../agent/protocol/params.ts';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { Box } from '../types.ts';
import { reasonAgainst } from './reason-against.ts';

const known: readonly string[] = [...actionTypes, ...portalActionTypes];

/** What the box can be asked for, and what not and why; what its agent knows beyond that stands last. */
export function Abilities({ box }: { box: Box }) {
  const { session } = useApp();
  const rows = [
    ...actionTypes.map((type) => ({
      name: texts.types[type].name,
      reason: reasonAgainst(type, box, session.may.value),
    })),
    ...box.types.filter((type) => !known.includes(type)).map((name) => ({ name, reason: texts.abilities.unknown })),
  ];
  return (
    <section class="card" aria-labelledby="abilities-title">
      <h2 id="abilities-title">{texts.abilities.title}</h2>
      {box.types.length === 0 ? (
        <p class="faint">{texts.abilities.neverSaid}</p>
      ) : (
        <ul class="abilities">
          {rows.map(({ name, reason }) => (
            <li key={name} data-able={reason === null}>
              <Icon name={reason === null ? 'tick' : 'skip'} />
              <span>
                {name}
                {reason !== null && <small>{reason}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
