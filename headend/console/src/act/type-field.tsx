import type { ActionType } from '../../../../agent/protocol/params.ts';
import { destructiveTypes } from '../permissions.ts';
import { texts } from '../texts.ts';

/** Chooses what the boxes are asked for, in groups of what belongs together. */
export function TypeField(props: {
  type: ActionType;
  types: readonly ActionType[];
  /** The type that the address names, though the viewer may not use it. */
  refused: ActionType | undefined;
  choose(type: ActionType): void;
}) {
  const { type, types, refused, choose } = props;
  return (
    <fieldset class="card types">
      <legend>
        <h2>{texts.act.what}</h2>
      </legend>
      {refused && <p class="bad">{texts.act.notAllowed(texts.types[refused].name)}</p>}
      {texts.typeGroups.map((group) => {
        const offered = group.types.filter((each) => types.includes(each));
        if (offered.length === 0) return null;
        return (
          <div key={group.name} class="type-group">
            <h3>{group.name}</h3>
            <div class="type-choices">
              {offered.map((each) => (
                <label key={each} class="type-choice" data-danger={destructiveTypes.includes(each)}>
                  <input type="radio" name="type" value={each} checked={each === type} onChange={() => choose(each)} />
                  {texts.types[each].name}
                </label>
              ))}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
