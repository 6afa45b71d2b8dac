import { actionTypes } from '../../../../agent/protocol/params.ts';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { Box } from '../types.ts';
import { needs } from './needs.ts';

/** What the box can be asked for, and what not and why. */
export function Abilities({ box }: { box: Box }) {
  const { session } = useApp();
  const may = session.may.value;
  const rows = actionTypes.map((type) => ({ type, reason: reasonAgainst(type) }));

  function reasonAgainst(type: (typeof actionTypes)[number]): string | null {
    if (box.types.length === 0) return texts.abilities.neverSaid;
    const missing = needs[type].filter((capability) => !box.capabilities.includes(capability));
    if (missing.length > 0) return texts.abilities.lacks(missing.join(', '));
    if (!box.types.includes(type)) return texts.abilities.notSupported;
    if (!may.types.includes(type)) return texts.abilities.notAllowed;
    return may.actsFor(box.customer) ? null : texts.abilities.notForCustomer;
  }

  return (
    <section class="card" aria-labelledby="abilities-title">
      <h2 id="abilities-title">{texts.abilities.title}</h2>
      <ul class="abilities">
        {rows.map(({ type, reason }) => (
          <li key={type} data-able={reason === null}>
            <Icon name={reason === null ? 'tick' : 'skip'} />
            <span>
              {texts.types[type].name}
              {reason !== null && <small>{reason}</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
